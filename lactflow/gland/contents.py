"""
What milk carries in one run: the analytes that every run has, those that it adds, and what follows from their routes.

A run builds its contents once. Names of stations and signals are resolved here, and a declaration that cannot work is
an error here: nothing is looked up by name while the run goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lactflow.endocrine.checked import Checked
from lactflow.endocrine.signal import Answer, Once, Product, Signal, Steps, is_constant
from lactflow.gland.analytes import ALWAYS_THERE, FAT, PROTEIN, WATER, Analyte, Cargo, Milk
from lactflow.gland.declared import check, milk_analytes
from lactflow.gland.routes import (
    CarriedThroughCells,
    CrossesJunctions,
    ExchangedWithPlasma,
    Level,
    LoadedWithFreshMilk,
    RidesPackets,
)
from lactflow.parameters.gland import Gland


class Plasma(NamedTuple):
    """
    The fluid on the other side of the tight junctions, at one instant.

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

    crossing: tuple[tuple[int, float], ...]
    entering: tuple[tuple[int, float], ...]
    partitioned: tuple[tuple[int, float, bool], ...] = ()


class Flux(NamedTuple):
    """
    What cells carry through.

    Attributes
    ----------
    analyte, per_day, resting_share
        Its index, amount per day of a breast, share of it without mRNA.
    factor
        What multiplies it; None for nothing.
    answers
        How much of it answers to what acts on fluxes.
    """

    analyte: int
    per_day: float
    resting_share: float
    factor: Signal | None
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
        Positions of the levels in plasma and in fresh milk among `Contents.levels`.
    fresh_per_level
        Concentration in fresh skim over its level.
    synthesised
        Whether the cell makes what fresh milk brings.
    """

    analyte: int
    partition: float
    into_ml_per_min: float
    out_ml_per_min: float
    plasma: int
    fresh: int
    fresh_per_level: float
    synthesised: bool


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
        What acts on the fluxes of each breast that answer to it, by side; nothing when left out.

    Attributes
    ----------
    analytes
        All of them; an analyte is known by its index here.
    extras
        Indices of those that the run adds.
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
        acting: Mapping[str, Signal] | None = None,
    ) -> None:
        self._signals = {} if signals is None else signals
        self._acting = {} if acting is None else acting
        self._factors: dict[str, list[Once | None]] = {}
        own = milk_analytes(gland)
        check(own, extras, self._signals)
        self.analytes = (*own, *extras)
        self.extras = range(ALWAYS_THERE, len(self.analytes))
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
                None if route.level == 1.0 else self._signal(route.level),
                route.answers,
            )
            for index, analyte in enumerate(self.analytes)
            for route in analyte.routes
            if isinstance(route, CarriedThroughCells)
        )
        loads = [(index, route) for index in self.extras for route in self.packet_routes(index)]
        self.vesicle_loads = tuple(_load(*each) for each in loads if each[1].stage != "droplet_growth")
        self.droplet_loads = tuple(_load(*each) for each in loads if each[1].stage == "droplet_growth")
        self._sources: list[Signal] = []
        self.passages = tuple(
            passage for passage in map(self._passage, range(len(self.analytes))) if passage is not None
        )
        self._levels_min: float | None = None
        self._levels: tuple[tuple[float, float], ...] = ()
        self._plasma_varies = any(isinstance(route.level, str) for route in map(self._junctions, self._all) if route)
        self._plasma_min = 0.0
        self._plasma: Plasma | None = None

    @property
    def _all(self) -> range:
        return range(len(self.analytes))

    def zeros(self) -> list[float]:
        """An amount of 0 for each analyte."""
        return [0.0] * len(self.analytes)

    def no_milk(self) -> Milk:
        """An empty vessel for milk of this run."""
        return Milk(0.0, self.zeros())

    def packet_routes(self, analyte: int) -> list[RidesPackets]:
        """Routes on which packets bring it."""
        return [route for route in self.analytes[analyte].routes if isinstance(route, RidesPackets)]

    def factors(self, side: str) -> list[Once | None]:
        """What multiplies each flux of one breast; the same for all of its lobes, and None for nothing."""
        if side not in self._factors:
            found = [self._factor_of(flux, side) for flux in self.fluxes]
            self._factors[side] = [None if factor is None else Once(factor) for factor in found]
        return self._factors[side]

    def _factor_of(self, flux: Flux, side: str) -> Signal | None:
        """The level of a flux, and its answer to what acts on fluxes of that breast."""
        acting = self._acting.get(side)
        if acting is None or flux.answers == 0.0 or (is_constant(acting) and acting.level(0.0) == 1.0):
            return flux.factor
        answer = Answer(acting, flux.answers)
        return answer if flux.factor is None else Product(flux.factor, answer)

    def changing(self, side: str) -> list[Signal]:
        """What acts on the fluxes of one breast: it is to be brought up when that changes."""
        acting = self._acting.get(side)
        return [] if acting is None else [acting]

    def _junctions(self, analyte: int) -> CrossesJunctions | None:
        routes = self.analytes[analyte].routes
        return next((route for route in routes if isinstance(route, CrossesJunctions)), None)

    def _signal(self, level: Level) -> Signal:
        if isinstance(level, str):
            return Checked(self._signals[level], f"the signal {level!r}, a level of milk,", lowest=0.0)
        return Steps(level)

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
            self._source(exchange.level if exchange else 0.0),
            self._source(fresh.level if fresh else 0.0),
            fresh.factor / 1000.0 if fresh else 0.0,
            fresh.synthesised if fresh else False,
        )

    def _source(self, level: Level) -> int:
        """Position of a level among `levels`."""
        self._sources.append(self._signal(level))
        return len(self._sources) - 1

    def levels(self, time_min: float) -> tuple[tuple[float, float], ...]:
        """Levels that passages follow [amount/L], each with the time of its next change; worked out once an instant."""
        if time_min != self._levels_min:
            self._levels_min = time_min
            self._levels = tuple((source.level(time_min), source.next_change(time_min)) for source in self._sources)
        return self._levels

    # -- open junctions ---------------------------------------------------------------------------------

    def plasma(self, time_min: float) -> Plasma:
        """The fluid beyond the tight junctions at `time_min`."""
        if self._plasma is None or (self._plasma_varies and time_min != self._plasma_min):
            self._plasma_min = time_min
            self._plasma = self._plasma_at(time_min)
        return self._plasma

    def _plasma_at(self, time_min: float) -> Plasma:
        partitioned = dict(self.partitions)
        routes = {index: self._junctions(index) for index in self._all}
        per_ml = {
            index: 0.0 if route is None else route.factor * self._signal(route.level).level(time_min) / 1000.0
            for index, route in routes.items()
        }
        both_ways = {index: route is not None and route.both_ways for index, route in routes.items()}
        elsewhere = {WATER, FAT, *partitioned}
        skim = [index for index in self._all if index not in elsewhere]
        return Plasma(
            tuple((index, per_ml[index]) for index in skim if both_ways[index]),
            tuple((index, per_ml[index]) for index in skim if not both_ways[index]),
            tuple((index, per_ml[index], both_ways[index]) for index in partitioned),
        )


def _load(analyte: int, route: RidesPackets) -> Load:
    mature = route.per_l_eq or 0.0
    immature = mature if route.immature_per_l_eq is None else route.immature_per_l_eq
    return Load(analyte, mature / 1000.0, immature / 1000.0)
