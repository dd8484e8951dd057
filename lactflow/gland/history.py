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
from lactflow.gland.analytes import FAT, WATER, Milk
from lactflow.gland.cell.cells import NONE, Cells, cells_of
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.cell.senses import CellMechanismBuilder
from lactflow.gland.contents import Contents, Flux
from lactflow.gland.loading import VesicleLoading, droplet_cargo
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.gland import Gland
from lactflow.parameters.plasticity import PlasticityParameters

_STEP_MIN = 60.0
_SLOWEST_PER_H = 1e-6
_LEAST_ML = 1e-9
_BEFORE_MIN = 1.0
"""A resting gland has settled in what was in the blood before the run: what is given from its first day is new."""
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
    *,
    contents: Contents | None = None,
    shut: bool = False,
    resting: bool = False,
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
    contents
        What milk carries in this run; the analytes that every run has when left out. What is exchanged with plasma
        begins in equilibrium with its level at `time_min`.
    shut
        Whether nothing has ever been delivered: its ducts are cut. It has then been as full as it gets since birth.
    resting
        Whether the mother has not been pregnant: her gland rests at the start of the run, which is day 1.
    """
    contents = Contents(gland) if contents is None else contents
    begun_min = min(time_min, 0.0) - (_BEFORE_MIN if resting else 0.0)
    receptors = Receptors(blood, gland, mechanisms, begun_min)
    cells = cells_of(gland, mechanisms, receptors.read(begun_min), further)
    if resting:
        cells.rest(gland.resting)
    if time_min <= 0.0:
        return GlandState(cells, _settled_milk(gland, cells, mechanisms, contents, time_min))
    steps = max(1, round(time_min / _STEP_MIN))
    step_min = time_min / steps
    filled, inhibitor = gland.established.fullness, gland.plasticity.set_point
    for step in range(1, steps + 1):
        message = receptors.read(step * step_min)
        if shut:
            full = gland.established.shut_fullness
            cells.advance(
                step_min, message, filled=full * cells.plasticity.capacity, inhibitor=full, backlog=1.0
            )  # fmt: skip
        else:
            cells.advance(step_min, message, filled=filled, inhibitor=inhibitor, backlog=_USUAL_BACKLOG)
    fullness = gland.established.shut_fullness if shut else filled
    return GlandState(cells, _fresh_milk(gland, cells, mechanisms, contents, time_min=time_min, fullness=fullness))


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


def _unit_cargo(gland: Gland, cells: Cells, mechanisms: Mechanisms, contents: Contents) -> list[float]:
    """What 1 mL-eq of both lines brings to the lumen."""
    composition, genes = gland.composition, cells.genes
    loading = VesicleLoading(composition, gland.membrane, mechanisms, 1.0, contents)
    amounts = list(loading.cargo(genes.maturity, genes.mrna, genes.lactalbumin).amounts)
    droplet = droplet_cargo(composition, gland.membrane, 1.0, contents).amounts
    immature = composition.immature_fat_fraction
    fat = immature + (1.0 - immature) * genes.maturity
    amounts[FAT] = fat * droplet[FAT]
    for analyte, *_ in contents.droplet_loads:
        amounts[analyte] += fat * droplet[analyte]
    return amounts


def _fresh_milk(
    gland: Gland, cells: Cells, mechanisms: Mechanisms, contents: Contents, *, time_min: float, fullness: float
) -> Milk:
    """Milk as the cells make it, to a fullness; none where what they make draws no water and has no fat."""
    amounts = _unit_cargo(gland, cells, mechanisms, contents)
    unit_ml = amounts[WATER] + amounts[FAT] / gland.composition.fat_density_g_per_ml
    if unit_ml <= 0.0:
        return contents.no_milk()
    volume_ml = fullness * gland.lumen.capacity_ml * cells.plasticity.capacity
    made_ml_per_h = _made_ml_per_h(gland, cells)
    if made_ml_per_h > 0.0:
        for flux in contents.fluxes:
            if flux.analyte in contents.extras:  # protein begins as packets bring it
                amounts[flux.analyte] += _carried_per_h(flux, cells, time_min) / made_ml_per_h
    milk = Milk(volume_ml, [amount * volume_ml / unit_ml for amount in amounts])
    _let_pass(milk, gland, contents, time_min)
    return milk


def _settled_milk(gland: Gland, cells: Cells, mechanisms: Mechanisms, contents: Contents, time_min: float) -> Milk:
    """Milk at which secretion, exchange with plasma and resorption balance."""
    junctions, fat_density = gland.tight_junctions, gland.composition.fat_density_g_per_ml
    leak = cells.junctions.leak
    exchanged = junctions.exchange_per_h * leak
    # Without any resorption nothing settles: take it to be slow, and the lumen is full.
    resorbed = max(junctions.resorption_per_h * leak, 0.1 * exchanged, _SLOWEST_PER_H)
    made_ml_per_h = _made_ml_per_h(gland, cells)
    secreted = [amount * made_ml_per_h for amount in _unit_cargo(gland, cells, mechanisms, contents)]
    carried = contents.zeros()
    for flux in contents.fluxes:
        carried[flux.analyte] += _carried_per_h(flux, cells, time_min)
    amounts, resorption = contents.zeros(), contents.resorption
    water_ml = amounts[WATER] = _settled(secreted[WATER], resorbed)
    fat_g = amounts[FAT] = _settled(secreted[FAT], resorption[FAT] * resorbed)
    plasma = contents.plasma(time_min)
    for analyte, per_ml in plasma.crossing:
        coming = secreted[analyte] + (exchanged * per_ml * water_ml + carried[analyte])
        amounts[analyte] = _settled(coming, exchanged + resorption[analyte] * resorbed)
    for analyte, per_ml in plasma.entering:
        coming = secreted[analyte] + (exchanged * per_ml * water_ml + carried[analyte])
        amounts[analyte] = _settled(coming, resorption[analyte] * resorbed)
    for (analyte, per_ml, both_ways), (_, partition) in zip(plasma.partitioned, contents.partitions, strict=True):
        fat_ml = fat_g / fat_density
        whole_ml = max(water_ml + partition * fat_ml, _LEAST_ML)
        away = resorbed * (water_ml + partition * resorption[FAT] * fat_ml) * resorption[analyte]
        leaving = (away + (exchanged * water_ml if both_ways else 0.0)) / whole_ml
        coming = secreted[analyte] + exchanged * per_ml * water_ml + carried[analyte]
        amounts[analyte] = _settled(coming, leaving)
    milk = Milk(water_ml + fat_g / fat_density, amounts)
    _let_pass(milk, gland, contents, time_min)
    room_ml = gland.lumen.largest_fullness * gland.lumen.capacity_ml
    return milk.scaled(min(1.0, room_ml / milk.volume_ml)) if milk.volume_ml > 0.0 else milk


def _let_pass(milk: Milk, gland: Gland, contents: Contents, time_min: float) -> None:
    """
    Add what the milk has by passing cells and with fresh milk.

    What is exchanged by clearance is in equilibrium with plasma; what only fresh milk brings is as concentrated as in
    fresh milk.
    """
    levels = contents.levels(time_min)
    fat_ml = milk.amounts[FAT] / gland.composition.fat_density_g_per_ml
    for passage in contents.passages:
        whole_ml = milk.amounts[WATER] + passage.partition * fat_ml
        if passage.out_ml_per_min > 0.0:
            ratio = passage.into_ml_per_min / passage.out_ml_per_min
            milk.amounts[passage.analyte] = ratio * levels[passage.plasma][0] / 1000.0 * whole_ml
        else:
            milk.amounts[passage.analyte] += passage.fresh_per_level * levels[passage.fresh][0] * whole_ml


def _made_ml_per_h(gland: Gland, cells: Cells) -> float:
    """Secretion of a breast [mL-eq/h]."""
    return gland.protein_line.translation_ml_per_h * cells.secreting * cells.genes.mrna


def _carried_per_h(flux: Flux, cells: Cells, time_min: float) -> float:
    """What cells of term carry through [amount/h]."""
    resting = flux.resting_share
    carried = flux.per_day / 24.0 * (resting + (1.0 - resting) * cells.genes.mrna)
    return carried if flux.factor is None else carried * flux.factor.level(time_min)


def _settled(coming_per_h: float, share_leaving_per_h: float) -> float:
    """Amount at which what leaves equals what comes; nothing where nothing leaves."""
    return coming_per_h / share_leaving_per_h if share_leaving_per_h > 0.0 else 0.0
