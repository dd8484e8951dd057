"""
A virtual cohort: mothers drawn around the one that a config describes.

Each trait has a stream of its own, addressed by the number of the mother: the same mother comes back with the same
traits whatever schedule she keeps, in whatever replicate, and however many others there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, sqrt

from lactflow.chance import Streams
from lactflow.config.conditions import with_conditions
from lactflow.config.keys import at, matching, scaled_at, usual, with_quantities
from lactflow.config.model import RunConfig, coarsest
from lactflow.parameters.stations import GROWS_WITH_GLAND, StationRow
from lactflow.records import MotherTrait

PACKET = "resolution.packet_ml"
_MARGIN = 0.999
"""Of the largest packet, against round-off."""
WOMEN_SD = 3.0
"""Standard deviations in which nearly all women lie: one of 370 does not."""

TRAITS: Mapping[str, tuple[str, ...]] = {
    "storage_capacity": ("gland.lumen.capacity_ml",),
    "gland_size": tuple(f"gland.{key}" for key in GROWS_WITH_GLAND),
    "active_at_term": ("gland.plasticity.active_at_term",),
    "progesterone_half_life": ("endocrine.progesterone.slow_half_life_h",),
    "transcription_lag": ("gland.genes.mrna_h",),
    "prolactin": tuple(
        f"endocrine.prolactin.{name}" for name in ("term_ng_per_ml", "suckled_ng_per_ml", "surge_ng_per_ml")
    ),
    "feedback_half_effect": ("gland.inhibitor.half_effect",),
    "let_down_interval": ("endocrine.oxytocin.pulse_interval_min", "endocrine.oxytocin.first_interval_min"),
    "let_down_fraction": ("gland.ejection.let_down_fraction",),
    "fat": ("gland.composition.fat_g_per_l",),
    "meal_size": ("dyad.infant.meal_threshold",),
    "infant_appetite": ("infants.*.appetite",),
    "birth_weight": ("infants.*.birth_weight_kg",),
    "sodium": ("gland.composition.sodium_mmol_per_l", "gland.composition.immature_sodium_mmol_per_l"),
    "potassium": ("gland.composition.potassium_mmol_per_l", "gland.composition.immature_potassium_mmol_per_l"),
    "junction_closing": ("gland.tight_junctions.lag_h",),
    "maturation": ("gland.genes.maturity_days",),
    "latch": ("infants.*.latch",),
}
"""Quantities on which each trait is a factor; `*` stands for every infant, each with a draw of its own."""

FOLLOWS: Mapping[str, tuple[str, str]] = {
    "storage_capacity": ("infant_appetite", "capacity_follows_appetite"),
    "junction_closing": ("gland_size", "activation_follows_size"),
    "maturation": ("gland_size", "activation_follows_size"),
}
"""Traits that go with another one, and the quantity that says how closely: a correlation."""


def mothers(config: RunConfig) -> range:
    """Numbers of the mothers of a scenario."""
    return range(config.mother.cohort or 1)


def drawn(config: RunConfig, mother: int, stations: Sequence[StationRow] = ()) -> tuple[RunConfig, list[MotherTrait]]:
    """
    One mother of a cohort.

    Parameters
    ----------
    config
        Of the whole cohort; where there is none, the mother is the one it describes.
    mother
        Her number.
    stations
        Stations beside those that every lobe has: their room follows quantities of the config.

    Returns
    -------
    The config with her quantities in it, and what conditions and chance have set. A value beyond the hard bounds of its
    quantity is held at them. A gland too small for the packets of the config gets finer ones.
    """
    config, traits = with_conditions(config)
    if config.mother.cohort is None:
        return config, traits
    streams = Streams(config.seed, mother)
    conditions = len(traits)
    for trait, keys in TRAITS.items():
        spread = getattr(config.mother.variation, trait)
        for path in (path for key in keys for path in matching(config, key)):
            number = next((part for part in path if isinstance(part, int)), 0)
            factor = exp(spread * _deviate(config, streams, trait, number))
            traits.append(MotherTrait(trait, ".".join(map(str, path)), factor, scaled_at(config, path, factor)))
    woman = with_quantities(config, {each.key: each.value for each in traits[conditions:]})
    finer_ml = finer_packet_ml(woman, stations)
    if finer_ml is not None:
        traits.append(MotherTrait("resolution", PACKET, finer_ml / config.resolution.packet_ml, finer_ml))
        woman = with_quantities(woman, {PACKET: finer_ml})
    return woman, traits


def finer_packet_ml(config: RunConfig, stations: Sequence[StationRow] = ()) -> float | None:
    """The packet that a gland too small for the config's own can hold [mL-eq]; None where it holds that."""
    largest_ml = coarsest(config, stations).packet_ml
    return largest_ml * _MARGIN if config.resolution.packet_ml > largest_ml else None


def scaled(config: RunConfig, factors: Mapping[str, float]) -> dict[str, float]:
    """
    Values of the quantities of some traits, each times a factor and within its hard bounds.

    Parameters
    ----------
    config
        Whose values the factors are on.
    factors
        By trait, one of `TRAITS`.

    Returns
    -------
    Values by dotted key.
    """
    return {
        ".".join(map(str, path)): scaled_at(config, path, factor)
        for trait, factor in factors.items()
        for key in TRAITS[trait]
        for path in matching(config, key)
    }


def seen_in_women(config: RunConfig) -> dict[str, tuple[float, float]]:
    """
    Range of each quantity in which women differ, by dotted key: of nearly all women, not of the usual one.

    The plausible range of a quantity is that of the usual woman. One woman may lie beyond it by as much as women
    differ: `WOMEN_SD` standard deviations of the trait, on the value of the reference mother.

    Parameters
    ----------
    config
        Whose infants there are, and whose spreads hold.
    """
    found = {}
    for trait, keys in TRAITS.items():
        reach = exp(WOMEN_SD * getattr(config.mother.variation, trait))
        for path in (path for key in keys for path in matching(config, key)):
            reference, declared = usual(config, path), at(config, path)[1]
            low, high = declared.plausible
            lowest, highest = declared.within
            found[".".join(map(str, path))] = (
                max(lowest, min(low, reference / reach)),
                min(highest, max(high, reference * reach)),
            )
    return found


def _deviate(config: RunConfig, streams: Streams, trait: str, infant: int) -> float:
    """A standard normal deviate for a trait; one that follows a trait of infants goes with the first of them."""
    own = float(streams.at(f"trait {trait}", infant).standard_normal())
    if trait not in FOLLOWS:
        return own
    other, key = FOLLOWS[trait]
    if not config.infants and TRAITS[other][0].startswith("infants."):
        return own
    share: float = getattr(config.mother.variation, key)
    return share * _deviate(config, streams, other, 0) + sqrt(1.0 - share**2) * own
