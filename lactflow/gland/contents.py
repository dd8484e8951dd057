"""
What milk carries in one run: the analytes that every run has, those that it adds, and what follows from their routes.

A run builds its contents once. Names of stations and signals are resolved here, and a declaration that cannot work is
an error here: nothing is looked up by name while the run goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import nan
from typing import NamedTuple

from lactflow.endocrine.signal import Signal, is_constant
from lactflow.gland.analytes import ALWAYS_THERE, FAT, PROTEIN, WATER, Analyte, Cargo, Milk
from lactflow.gland.declared import check, milk_analytes
from lactflow.gland.levels import Instant, Levels
from lactflow.gland.routes import (
    CarriedThroughCells,
    CrossesJunctions,
    ExchangedWithPlasma,
    LoadedWithFreshMilk,
    RidesPackets,
)
from lactflow.parameters.gland import Gland


class Plasma:
    """
    The fluid on the other side of the tight junctions, at one instant.

    Parameters
    ----------
    crossing, entering, partitioned
        As below.

    Attributes
    ----------
    crossing
        Analytes of the skim that cross both ways, each with its concentration in plasma [amount/mL].
    entering
        Other analytes of the skim but water, each with the concentration of the fluid that enters; they leave by
        resorption only.
    partitioned
        Analytes of skim and fat, each with its concentration in plasma and whether it crosses both ways.
    """

    __slots__ = ("crossing", "entering", "partitioned")

    def __init__(
        self,
        crossing: Iterable[tuple[int, float]],
        entering: Iterable[tuple[int, float]],
        partitioned: Iterable[tuple[int, float, bool]],
    ) -> None:
        self.crossing, self.entering, self.partitioned = list(crossing), list(entering), list(partitioned)


class Flux(NamedTuple):
    """
    What cells carry through.

    Attributes
    ----------
    analyte, per_day, resting_share
        Its index, amount per day of a breast, share of it without mRNA.
    factor
        The number among `Contents.levels` of what multiplies it; -1 where nothing does.
    answers
        How much of it answers to what acts on fluxes.
    """

    analyte: int
    per_day: float
    resting_share: float
    factor: int
    answers: float = 0.0


class Load(NamedTuple):
    """What packets are loaded with, beside the rules of `gland.loading`: amounts per mL-eq, mature and immature."""

    analyte: int
    per_ml: float
    immature_per_ml: float


class Passage(NamedTuple):
    """
    An analyte that is exchanged by clearance, loaded with fresh milk, or both.

    Attributes
    ----------
    analyte, partition
        Its index; its concentration in fat over that in skim.
    into_ml_per_min, out_ml_per_min
        Clearances of a breast, the first times the share of the level that can pass.
    plasma, fresh
        Numbers of the levels in plasma and in fresh milk among `Contents.levels`.
    fresh_ratio
        Concentration in fresh skim over its level.
    synthesised
        Whether the cell makes what fresh milk brings.
    active, fresh_active
        By how much full milk-gene mRNA multiplies what comes on either way, less 1.
    answers
        How much of the clearance from plasma answers to what acts on uptake.
    """

    analyte: int
    partition: float
    into_ml_per_min: float
    out_ml_per_min: float
    plasma: int
    fresh: int
    fresh_ratio: float
    synthesised: bool
    active: float
    fresh_active: float
    answers: float = 0.0


class _Open(NamedTuple):
    """An analyte at open junctions: its index, the number of its level or -1, that as amount per mL, both ways."""

    analyte: int
    level: int
    per_ml: float
    both_ways: bool


class Contents:
    """
    What milk carries in one run.

    Parameters
    ----------
    gland
        Declared quantities.
    extras
        Analytes that the run adds to those that every run has.
    signals
        Signals of the mother's blood by name; levels of routes are looked up here.
    acting
        What acts on the routes of each breast that answer to it, by target and side; nothing when left out.

    Attributes
    ----------
    analytes
        All of them; an analyte is known by its index here.
    extras
        Indices of those that the run adds.
    added
        The same, each with its name and unit.
    parts
        Of these, the ones that the total of protein counts already.
    partitions
        Those that are dissolved in fat too, each with its concentration in fat over that in skim.
    resorption
        Speed at which each is resorbed, relative to the phases that it is dissolved in.
    vesicle_loads, droplet_loads
        What packets are loaded with beside the rules of `gland.loading`.
    fluxes
        What cells carry through.
    passages
        What is exchanged by clearance or loaded with fresh milk.
    levels
        What routes follow.

    Raises
    ------
    ConfigError
        With every declaration that cannot work: no route, an unknown station or signal, a name that is taken.
    """

    def __init__(
        self,
        gland: Gland,
        extras: Sequence[Analyte] = (),
        signals: Mapping[str, Signal] | None = None,
        acting: Mapping[str, Mapping[str, Signal]] | None = None,
    ) -> None:
        self.levels = Levels({} if signals is None else signals)
        self._acting = {} if acting is None else acting
        self._numbers = {
            (target, side): self.levels.read(signal)
            for target, sides in self._acting.items()
            for side, signal in sides.items()
            if not (is_constant(signal) and signal.level(0.0) == 1.0)
        }
        own = milk_analytes(gland)
        check(own, extras, signals or {})
        self.analytes = (*own, *extras)
        self.extras = range(ALWAYS_THERE, len(self.analytes))
        self.added = [(index, self.analytes[index].name, self.analytes[index].unit) for index in self.extras]
        self.parts = tuple(index for index in self.extras if self.analytes[index].part_of == own[PROTEIN].name)
        self.no_cargo = Cargo(self.zeros(), 0.0, 0.0)
        self.resorption = tuple(analyte.resorption for analyte in self.analytes)
        self.partitions = tuple(
            (index, self.analytes[index].fat_partition)
            for index in self.extras
            if self.analytes[index].fat_partition > 0.0
        )
        self.fluxes = tuple(
            Flux(
                index,
                route.per_day,
                route.resting_share,
                -1 if route.level == 1.0 else self.levels.follow(route.level),
                route.answers,
            )
            for index, analyte in enumerate(self.analytes)
            for route in analyte.routes
            if isinstance(route, CarriedThroughCells)
        )
        loads = [(index, route) for index in self.extras for route in self.packet_routes(index)]
        self.vesicle_loads = tuple(_load(*each) for each in loads if each[1].stage != "droplet_growth")
        self.droplet_loads = tuple(_load(*each) for each in loads if each[1].stage == "droplet_growth")
        self.passages = tuple(
            passage for passage in map(self._passage, range(len(self.analytes))) if passage is not None
        )
        self._open = [self._open_to(index) for index in range(len(self.analytes))]
        self._varying = [each for each in self._open if each.level >= 0]
        self._plasma_from = self._plasma_until = nan
        self._plasma = self._still = self._standing()

    def zeros(self) -> list[float]:
        """An amount of 0 for each analyte."""
        return [0.0] * len(self.analytes)

    def no_milk(self) -> Milk:
        """An empty vessel for milk of this run."""
        return Milk(0.0, self.zeros())

    def packet_routes(self, analyte: int) -> list[RidesPackets]:
        """Routes on which packets bring it."""
        return [route for route in self.analytes[analyte].routes if isinstance(route, RidesPackets)]

    def acting_on(self, target: str, side: str) -> int | None:
        """Number among `levels` of what acts on a target in one breast; None where it never does anything."""
        return self._numbers.get((target, side))

    def changing(self, side: str) -> list[Signal]:
        """What acts on routes of one breast: it is to be brought up when that changes."""
        return [sides[side] for sides in self._acting.values()]

    def _junctions(self, analyte: int) -> CrossesJunctions | None:
        routes = self.analytes[analyte].routes
        return next((route for route in routes if isinstance(route, CrossesJunctions)), None)

    # -- exchange by clearance, and fresh milk ----------------------------------------------------------

    def _passage(self, analyte: int) -> Passage | None:
        """How clearances and fresh milk bring it; None when they do not."""
        routes = self.analytes[analyte].routes
        exchange = next((route for route in routes if isinstance(route, ExchangedWithPlasma)), None)
        fresh = next((route for route in routes if isinstance(route, LoadedWithFreshMilk)), None)
        if exchange is None and fresh is None:
            return None
        return Passage(
            analyte,
            self.analytes[analyte].fat_partition,
            exchange.into_ml_per_h * exchange.factor / 60.0 if exchange else 0.0,
            exchange.out_ml_per_h / 60.0 if exchange else 0.0,
            self.levels.follow(exchange.level if exchange else fresh.level if fresh else 0.0),
            self.levels.follow(fresh.level if fresh else exchange.level if exchange else 0.0),
            fresh.factor if fresh else 0.0,
            fresh.synthesised if fresh else False,
            exchange.active_ratio - 1.0 if exchange else 0.0,
            fresh.active_ratio - 1.0 if fresh else 0.0,
            exchange.answers if exchange else 0.0,
        )

    # -- open junctions ---------------------------------------------------------------------------------

    def _open_to(self, analyte: int) -> _Open:
        route = self._junctions(analyte)
        if route is None:
            return _Open(analyte, -1, 0.0, both_ways=False)
        if isinstance(route.level, str):
            return _Open(analyte, self.levels.follow(route.level), route.factor / 1000.0, route.both_ways)
        return _Open(analyte, -1, route.factor * route.level / 1000.0, route.both_ways)

    def plasma(self, time_min: float, since: Instant | None = None) -> Plasma:
        """
        The fluid beyond the tight junctions.

        Parameters
        ----------
        time_min
            An instant, which is now.
        since
            The instant from which on means are wanted of levels that are sums of exponentials; others are as they are
            at `time_min`.
        """
        if self._varying:
            since_min = time_min if since is None else since.time_min
            if since_min != self._plasma_from or time_min != self._plasma_until:
                self._plasma_from, self._plasma_until = since_min, time_min
                self._plasma = self._plasma_at(time_min, since)
        return self._plasma

    def _plasma_at(self, time_min: float, since: Instant | None) -> Plasma:
        levels = self.levels
        now = levels.at(time_min)
        met = {
            each.analyte: each.per_ml * levels.met(each.level, since or now, now)
            for each in self._open
            if each.level >= 0
        }
        still = self._still
        return Plasma(
            [(index, met.get(index, per_ml)) for index, per_ml in still.crossing],
            [(index, met.get(index, per_ml)) for index, per_ml in still.entering],
            [(index, met.get(index, per_ml), both_ways) for index, per_ml, both_ways in still.partitioned],
        )

    def _standing(self) -> Plasma:
        """The fluid with what does not vary, and a place for all else."""
        partitioned = dict(self.partitions)
        skim = [each for each in self._open if each.analyte not in {WATER, FAT, *partitioned}]
        return Plasma(
            [(each.analyte, each.per_ml) for each in skim if each.both_ways],
            [(each.analyte, each.per_ml) for each in skim if not each.both_ways],
            [(index, self._open[index].per_ml, self._open[index].both_ways) for index in partitioned],
        )


def _load(analyte: int, route: RidesPackets) -> Load:
    mature = route.per_l_eq or 0.0
    immature = mature if route.immature_per_l_eq is None else route.immature_per_l_eq
    return Load(analyte, mature / 1000.0, immature / 1000.0)
