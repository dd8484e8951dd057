"""
What the gland is like at the start of a run: its cells and its milk, as data for every lobe.

A run that begins in pregnancy or at birth starts from what pregnancy settles to: the genes under their brake, open
junctions, and the volume at which resorption equals secretion. A later run starts from cells that have been through
the hormones since birth, in the same equations, with feeds as often as declared and the inhibitor at its set point.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import NamedTuple

from lactflow.endocrine.blood import Blood
from lactflow.gland.analytes import ANALYTES, FAT, INHIBITOR, PROTEIN, WATER, Milk
from lactflow.gland.cell.cells import NONE, Cells
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.cell.senses import CellMechanismBuilder
from lactflow.gland.loading import VesicleLoading, droplet_cargo
from lactflow.gland.lumen import plasma_of
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.gland import Gland
from lactflow.parameters.plasticity import PlasticityParameters

_STEP_MIN = 60.0
_SLOWEST_PER_H = 1e-6
_USUAL_BACKLOG = 0.6
"""Occupied share of the RER of a gland that is fed from; below what stresses it."""


class GlandState(NamedTuple):
    """State of a whole breast: its cells, and the milk it holds."""

    cells: Cells
    milk: Milk


def state_at(
    time_min: float,
    gland: Gland,
    blood: Blood,
    mechanisms: Mechanisms,
    further: Mapping[str, CellMechanismBuilder] = NONE,
) -> GlandState:
    """
    State of a breast at the start of a run.

    Parameters
    ----------
    time_min
        Start of the run.
    gland
        Declared quantities.
    blood
        Hormones as they were until then; sessions are not played.
    mechanisms
        Which mechanisms there are.
    further
        Mechanisms by name that the cells have besides.
    """
    begun_min = min(time_min, 0.0)
    receptors = Receptors(blood, gland, mechanisms, begun_min)
    cells = Cells(gland, mechanisms, receptors.read(begun_min), further)
    if time_min <= 0.0:
        return GlandState(cells, _settled_milk(gland, cells, mechanisms))
    steps = max(1, round(time_min / _STEP_MIN))
    step_min = time_min / steps
    filled, inhibitor = gland.established.fullness, gland.plasticity.set_point
    for step in range(1, steps + 1):
        message = receptors.read(step * step_min)
        cells.advance(step_min, message, filled=filled, inhibitor=inhibitor, backlog=_USUAL_BACKLOG)
    return GlandState(cells, _fresh_milk(gland, cells, mechanisms))


def active_cells_at(start_day: float, plasticity: PlasticityParameters) -> float:
    """
    Active cells at the start of a run, about: what resolution is checked against.

    Parameters
    ----------
    start_day
        Of the run; day 1 begins at birth.
    plasticity
        Declared quantities.
    """
    age_days = max(0.0, start_day - 1.0)
    return 0.5 + (plasticity.active_at_term - 0.5) * exp(-2.0 * plasticity.rate_per_day * age_days)


def _unit_cargo(gland: Gland, cells: Cells, mechanisms: Mechanisms) -> list[float]:
    """What 1 mL-eq of both lines brings to the lumen."""
    composition, genes = gland.composition, cells.genes
    amounts = list(
        VesicleLoading(composition, gland.membrane, mechanisms, 1.0).cargo(genes.maturity, genes.mrna, 1.0).amounts
    )
    immature = composition.immature_fat_fraction
    fat = immature + (1.0 - immature) * genes.maturity
    amounts[FAT] = fat * droplet_cargo(composition, gland.membrane, 1.0).amounts[FAT]
    return amounts


def _fresh_milk(gland: Gland, cells: Cells, mechanisms: Mechanisms) -> Milk:
    """Milk as the cells make it, to the declared fullness; none where what they make draws no water and has no fat."""
    amounts = _unit_cargo(gland, cells, mechanisms)
    unit_ml = amounts[WATER] + amounts[FAT] / gland.composition.fat_density_g_per_ml
    if unit_ml <= 0.0:
        return Milk(0.0, [0.0] * len(ANALYTES))
    volume_ml = gland.established.fullness * gland.lumen.capacity_ml * cells.plasticity.capacity
    return Milk(volume_ml, [amount * volume_ml / unit_ml for amount in amounts])


def _settled_milk(gland: Gland, cells: Cells, mechanisms: Mechanisms) -> Milk:
    """Milk at which secretion, exchange with plasma and resorption balance."""
    junctions, composition, genes = gland.tight_junctions, gland.composition, cells.genes
    leak = cells.junctions.leak
    exchanged = junctions.exchange_per_h * leak
    # Without any resorption nothing settles: take it to be slow, and the lumen is full.
    resorbed = max(junctions.resorption_per_h * leak, 0.1 * exchanged, _SLOWEST_PER_H)
    made_ml_per_h = gland.protein_line.translation_ml_per_h * cells.plasticity.active * genes.mrna
    secreted = [amount * made_ml_per_h for amount in _unit_cargo(gland, cells, mechanisms)]
    amounts = [0.0] * len(ANALYTES)
    water_ml = amounts[WATER] = _settled(secreted[WATER], resorbed)
    plasma = plasma_of(junctions, composition.osmolality_mosm_per_kg)
    for analyte, per_ml in plasma.crossing:
        amounts[analyte] = _settled(secreted[analyte] + exchanged * per_ml * water_ml, exchanged + resorbed)
    resting = composition.resting_transcytosis
    carried_g_per_h = composition.transcytosed_g_per_day / 24.0 * (resting + (1.0 - resting) * genes.mrna)
    entering_g_per_h = exchanged * plasma.protein_g_per_ml * water_ml + carried_g_per_h
    amounts[PROTEIN] = _settled(secreted[PROTEIN] + entering_g_per_h, junctions.protein_resorption * resorbed)
    amounts[INHIBITOR] = _settled(secreted[INHIBITOR], resorbed)
    amounts[FAT] = _settled(secreted[FAT], junctions.fat_resorption * resorbed)
    milk = Milk(water_ml + amounts[FAT] / composition.fat_density_g_per_ml, amounts)
    room_ml = gland.lumen.largest_fullness * gland.lumen.capacity_ml
    return milk.scaled(min(1.0, room_ml / milk.volume_ml)) if milk.volume_ml > 0.0 else milk


def _settled(coming_per_h: float, share_leaving_per_h: float) -> float:
    """Amount at which what leaves equals what comes; nothing where nothing leaves."""
    return coming_per_h / share_leaving_per_h if share_leaving_per_h > 0.0 else 0.0
