"""The influences of the reference model: one row for each thing that acts, and each target it acts on."""

from __future__ import annotations

import math

from lactflow.endocrine.influences import BuildContext, Influence
from lactflow.endocrine.signal import Effect, Signal
from lactflow.endocrine.steroids import first_progesterone
from lactflow.endocrine.substrate import substrate_in
from lactflow.kinetics import saturation


def estrogen_factor(added_pg_per_ml: float, brake_ml_per_pg: float) -> float:
    """
    Factor of added estrogen, that of a combined pill, on transcription: 1 without any.

    Equation
    --------
    estrogen_factor = 1 / (1 + brake_ml_per_pg * added_pg_per_ml)

    Parameters
    ----------
    added_pg_per_ml
        Estradiol equivalents in plasma beside the mother's own [pg/mL].
    brake_ml_per_pg
        Brake on transcription for each of them [mL/pg].

    References
    ----------
    The form is ours; the strength of the brake is set on WHO1984.
    """
    return 1.0 / (1.0 + brake_ml_per_pg * added_pg_per_ml)


def substrate_factor(substrate: float, exponent: float) -> float:
    """
    Factor of raw material on translation and fat synthesis: 1 for a fed mother.

    Equation
    --------
    substrate_factor = substrate**exponent

    Parameters
    ----------
    substrate
        Supply with raw material, 1 for a fed mother.
    exponent
        How steeply synthesis follows it.

    References
    ----------
    The form is ours; the exponent is set on Mohammad2009.
    """
    return math.pow(substrate, exponent)


def inflammation_factor(severity: float, slowing: float) -> float:
    """
    Factor of mastitis on translation and fat synthesis of its breast: 1 without inflammation.

    Equation
    --------
    inflammation_factor = 1 - slowing * severity

    Parameters
    ----------
    severity
        Inflammation, 0 to 1.
    slowing
        Share that full inflammation takes away.

    References
    ----------
    The form is ours.
    """
    return 1.0 - slowing * severity


def inflamed_fluxes(severity: float, factor: float) -> float:
    """
    Factor of mastitis on the fluxes of its breast that answer to it: 1 without inflammation.

    Equation
    --------
    inflamed_fluxes = 1 + (factor - 1) * severity

    Parameters
    ----------
    severity
        Inflammation, 0 to 1.
    factor
        Of full inflammation.

    References
    ----------
    The form is ours; that secretory IgA and lactoferrin rise with severity is from Fetherston2006.
    """
    return 1.0 + (factor - 1.0) * severity


def _added_estrogen(context: BuildContext) -> Signal:
    """Estrogen of a pill holds the milk genes back."""
    brake_ml_per_pg = context.gland.genes.estrogen_brake_ml_per_pg
    added = context.influences.on("estradiol", context)
    return Effect(added, lambda added_pg_per_ml: estrogen_factor(added_pg_per_ml, brake_ml_per_pg))


def _substrate(context: BuildContext) -> Signal:
    """Without raw material little is made."""
    exponent = context.gland.composition.substrate_exponent
    supply = substrate_in(context.course, context.endocrine.fasting)
    return Effect(supply, lambda substrate: substrate_factor(substrate, exponent))


def _inflammation(context: BuildContext) -> Signal:
    """An inflamed breast makes less."""
    slowing = context.gland.mastitis_slowing
    return Effect(
        context.course.steps("mastitis", context.side), lambda severity: inflammation_factor(severity, slowing)
    )


def _defended(context: BuildContext) -> Signal:
    """An inflamed breast carries more of its proteins of defence through."""
    factor = context.gland.mastitis_fluxes
    return Effect(context.course.steps("mastitis", context.side), lambda severity: inflamed_fluxes(severity, factor))


def _withdrawn(context: BuildContext) -> Signal:
    """An inflamed breast takes carriers out of its membranes: all of those that answer, at full severity."""
    return Effect(context.course.steps("mastitis", context.side), lambda severity: 1.0 - severity)


def _open_in_pregnancy(context: BuildContext) -> Signal:
    """Progesterone keeps junctions open; of what comes later, cells feel as much as they have receptors."""
    junctions = context.gland.tight_junctions
    half_effect, steepness = junctions.progesterone_half_effect_ng_per_ml, junctions.progesterone_steepness
    return Effect(first_progesterone(context), lambda level: saturation(level, half_effect, steepness))


def _block(context: BuildContext) -> Signal:
    """The myoepithelium answers less."""
    return Effect(context.course.steps("oxytocin_block"), lambda share: 1.0 - share)


INFLUENCES = (
    Influence("added_estrogen", "genes", _added_estrogen),
    Influence("substrate", "translation", _substrate),
    Influence("substrate", "fat", _substrate),
    Influence("mastitis", "translation", _inflammation, one_sided=True),
    Influence("mastitis", "fat", _inflammation, one_sided=True),
    Influence("mastitis", "fluxes", _defended, one_sided=True),
    Influence("mastitis", "uptake", _withdrawn, one_sided=True),
    Influence("progesterone", "junctions", _open_in_pregnancy),
    Influence("mastitis", "junctions", lambda context: context.course.steps("mastitis", context.side), one_sided=True),
    Influence("oxytocin_block", "let_down", _block),
)
"""Everything that acts on the cells in the reference model, in the order in which factors of a target multiply."""
