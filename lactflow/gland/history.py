"""
What the gland is like at the start of a run: its cells and its milk, as data for every lobe.

A run that begins in pregnancy or at birth starts from what pregnancy settles to: the genes under their brake, open
junctions, and the volume at which resorption equals secretion. A later run starts from cells that have been through
the hormones since birth, in the same equations, with feeds as often as declared and the inhibitor at its set point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from lactflow.units import DAY_MIN, HOUR_MIN

_STEP_MIN = 60.0
_SLOWEST_PER_H = 1e-6
_LEAST_ML = 1e-9
_PAST_MIN = 2.0 * DAY_MIN
"""How far back doses count for the milk that a run begins with: what came before has left it."""
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
        or comes with fresh milk begins as the level until `time_min` has left it, at the flow of milk of that time.
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
    unit = _unit_cargo(gland, cells, mechanisms, contents)
    milk = _fresh_milk(gland, cells, contents, unit, time_min=time_min, fullness=fullness)
    fresh = (0.0, 0.0) if shut else _flow_ml_per_h(gland, cells, mechanisms, unit)
    _let_pass(milk, gland, cells, contents, time_min=time_min, fresh=fresh)
    return GlandState(cells, milk)


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
    gland: Gland, cells: Cells, contents: Contents, unit: Sequence[float], *, time_min: float, fullness: float
) -> Milk:
    """Milk as the cells make it, to a fullness; none where what they make draws no water and has no fat."""
    amounts = list(unit)
    unit_ml = amounts[WATER] + amounts[FAT] / gland.composition.fat_density_g_per_ml
    if unit_ml <= 0.0:
        return contents.no_milk()
    volume_ml = fullness * gland.lumen.capacity_ml * cells.plasticity.capacity
    made_ml_per_h = _made_ml_per_h(gland, cells)
    if made_ml_per_h > 0.0:
        for flux in contents.fluxes:
            if flux.analyte in contents.extras:  # protein begins as packets bring it
                amounts[flux.analyte] += _carried_per_h(flux, cells, contents, time_min) / made_ml_per_h
    return Milk(volume_ml, [amount * volume_ml / unit_ml for amount in amounts])


def _settled_milk(gland: Gland, cells: Cells, mechanisms: Mechanisms, contents: Contents, time_min: float) -> Milk:
    """Milk at which secretion, exchange with plasma and resorption balance."""
    junctions, fat_density = gland.tight_junctions, gland.composition.fat_density_g_per_ml
    leak = cells.junctions.leak
    exchanged = junctions.exchange_per_h * leak
    # Without any resorption nothing settles: take it to be slow, and the lumen is full.
    resorbed = max(junctions.resorption_per_h * leak, 0.1 * exchanged, _SLOWEST_PER_H)
    made_ml_per_h = _made_ml_per_h(gland, cells)
    unit = _unit_cargo(gland, cells, mechanisms, contents)
    secreted = [amount * made_ml_per_h for amount in unit]
    carried = contents.zeros()
    for flux in contents.fluxes:
        carried[flux.analyte] += _carried_per_h(flux, cells, contents, time_min)
    amounts, resorption, leaving_per_h = contents.zeros(), contents.resorption, contents.zeros()
    water_ml = amounts[WATER] = _settled(secreted[WATER], resorbed)
    fat_g = amounts[FAT] = _settled(secreted[FAT], resorption[FAT] * resorbed)
    plasma = contents.plasma(time_min)
    for analyte, per_ml in plasma.crossing:
        coming = secreted[analyte] + (exchanged * per_ml * water_ml + carried[analyte])
        leaving_per_h[analyte] = exchanged + resorption[analyte] * resorbed
        amounts[analyte] = _settled(coming, leaving_per_h[analyte])
    for analyte, per_ml in plasma.entering:
        coming = secreted[analyte] + (exchanged * per_ml * water_ml + carried[analyte])
        leaving_per_h[analyte] = resorption[analyte] * resorbed
        amounts[analyte] = _settled(coming, leaving_per_h[analyte])
    for (analyte, per_ml, both_ways), (_, partition) in zip(plasma.partitioned, contents.partitions, strict=True):
        fat_ml = fat_g / fat_density
        whole_ml = max(water_ml + partition * fat_ml, _LEAST_ML)
        away = resorbed * (water_ml + partition * resorption[FAT] * fat_ml) * resorption[analyte]
        leaving = leaving_per_h[analyte] = (away + (exchanged * water_ml if both_ways else 0.0)) / whole_ml
        coming = secreted[analyte] + exchanged * per_ml * water_ml + carried[analyte]
        amounts[analyte] = _settled(coming, leaving)
    milk = Milk(water_ml + fat_g / fat_density, amounts)
    fresh = _flow_ml_per_h(gland, cells, mechanisms, unit)
    _let_pass(milk, gland, cells, contents, time_min=time_min, fresh=fresh, leaving_per_h=leaving_per_h)
    room_ml = gland.lumen.largest_fullness * gland.lumen.capacity_ml
    return milk.scaled(min(1.0, room_ml / milk.volume_ml)) if milk.volume_ml > 0.0 else milk


def _let_pass(
    milk: Milk,
    gland: Gland,
    cells: Cells,
    contents: Contents,
    *,
    time_min: float,
    fresh: tuple[float, float],
    leaving_per_h: Sequence[float] | None = None,
) -> None:
    """
    Add what the milk has by passing cells and with fresh milk.

    What comes on other routes is there already, and clearances take of it too. `fresh` is the flow of skim and fat
    into it [mL/h], and `leaving_per_h` the share of each analyte that leaves but for clearances: with all milk that
    comes, where it is None.
    """
    levels, now = contents.levels, contents.levels.at(time_min)
    fat_ml = milk.amounts[FAT] / gland.composition.fat_density_g_per_ml
    living, mrna = cells.plasticity.cells, cells.genes.mrna
    for passage in contents.passages:
        analyte = passage.analyte
        whole_ml = milk.amounts[WATER] + passage.partition * fat_ml
        if whole_ml <= 0.0:
            continue
        ratio = passage.fresh_ratio * (1.0 + passage.fresh_active * mrna)
        fresh_ml = fresh[0] + passage.partition * fresh[1]
        leaving_ml = fresh_ml if leaving_per_h is None else leaving_per_h[analyte] * whole_ml
        out_ml = passage.out_ml_per_min * HOUR_MIN * living
        away_ml = out_ml + leaving_ml
        if away_ml <= 0.0:  # nothing moves: it is as fresh milk was
            milk.amounts[analyte] += ratio * levels.level(passage.fresh, now) / 1000.0 * whole_ml
            continue
        into_ml = passage.into_ml_per_min * HOUR_MIN * living * (1.0 + passage.active * mrna)
        plasma, before = (
            levels.settled(number, now, away_ml / whole_ml / HOUR_MIN, _PAST_MIN)
            for number in (passage.plasma, passage.fresh)
        )
        settled = (into_ml * plasma + ratio * fresh_ml * before) / away_ml / 1000.0
        milk.amounts[analyte] = milk.amounts[analyte] * (leaving_ml / away_ml) + settled * whole_ml


def _flow_ml_per_h(gland: Gland, cells: Cells, mechanisms: Mechanisms, unit: Sequence[float]) -> tuple[float, float]:
    """Skim and fat that come into the lumen of a breast [mL/h], from what 1 mL-eq of both lines brings."""
    made_ml_per_h = _made_ml_per_h(gland, cells)
    skim_ml = unit[WATER] if mechanisms.present("vesicle_fusion") else 0.0
    fat_g = unit[FAT] if mechanisms.present("droplet_budding") else 0.0
    return made_ml_per_h * skim_ml, made_ml_per_h * fat_g / gland.composition.fat_density_g_per_ml


def _made_ml_per_h(gland: Gland, cells: Cells) -> float:
    """Secretion of a breast [mL-eq/h]."""
    return gland.protein_line.translation_ml_per_h * cells.secreting * cells.genes.mrna


def _carried_per_h(flux: Flux, cells: Cells, contents: Contents, time_min: float) -> float:
    """What cells of term carry through [amount/h]."""
    resting = flux.resting_share
    carried = flux.per_day / 24.0 * (resting + (1.0 - resting) * cells.genes.mrna)
    if flux.factor < 0:
        return carried
    return carried * contents.levels.level(flux.factor, contents.levels.at(time_min))


def _settled(coming_per_h: float, share_leaving_per_h: float) -> float:
    """Amount at which what leaves equals what comes; nothing where nothing leaves."""
    return coming_per_h / share_leaving_per_h if share_leaving_per_h > 0.0 else 0.0
