"""What can be chosen in the app, what a config amounts to among it, and the keys of a config that a choice changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor
from typing import Any, NamedTuple

from lactflow.config.conditions import with_conditions
from lactflow.config.keys import at, path_of
from lactflow.config.model import RunConfig
from lactflow.dyad.schedule.times import clock_minutes
from lactflow.units import DAY_MIN, HOUR_MIN

AS_WRITTEN, ON_DEMAND, BY_THE_CLOCK, ON_DEMAND_AND_PUMP, PUMP = "config", "demand", "clock", "demand and pump", "pump"
WHO = {
    "the config's own schedule": AS_WRITTEN,
    "the infant, on demand": ON_DEMAND,
    "the infant, by the clock": BY_THE_CLOCK,
    "the infant on demand, and a pump": ON_DEMAND_AND_PUMP,
    "a pump alone": PUMP,
}
"""Who takes the milk, in words, and the name of it."""
COUNTED = (BY_THE_CLOCK, ON_DEMAND_AND_PUMP, PUMP)
"""Those with so many sessions a day."""
KEPT, ONE_MISSED, ALL_MISSED = "kept", "one missed", "all missed"
NIGHTS = {
    "with sessions": KEPT,
    "the last one without sessions": ONE_MISSED,
    "all without sessions": ALL_MISSED,
}
"""What becomes of the sessions of the night, in words, and the name of it."""
NIGHT = ("23:00", "05:30")
"""Hours of a night without sessions, as in the scenario `pumping-no-nights`."""
PER_DAY = (3, 12)
"""Fewest and most sessions a day."""
USUAL_PER_DAY = 8
SHORTEST_DAYS, USUAL_DAYS, LONGEST_DAYS = 2, 7, 30
"""Days that are simulated: a week at first, so that a change is answered at once."""
PUMP_MIN = 15.0
_REFERENCE = RunConfig(format=1)
CAPACITY, GLAND_SIZE, APPETITE = "gland.lumen.capacity_ml", "mother.gland_size", "infants.0.appetite"


@dataclass(frozen=True)
class Choices:
    """
    One state of the controls.

    Attributes
    ----------
    capacity_ml
        Storage capacity of a breast [mL].
    gland_size
        Number of cells, relative to the reference mother.
    appetite
        Of every infant, relative to the usual one.
    days
        That are simulated.
    who
        One of the values of `WHO`.
    per_day
        Sessions a day, evenly spread, where `who` is one of `COUNTED`.
    nights
        One of the values of `NIGHTS`; unless `who` is the config's own schedule.
    """

    capacity_ml: float
    gland_size: float
    appetite: float
    days: int
    who: str = AS_WRITTEN
    per_day: int = USUAL_PER_DAY
    nights: str = KEPT


class Range(NamedTuple):
    """Where a control begins and ends."""

    low: float
    high: float


def choices_of(config: RunConfig, most_days: int = USUAL_DAYS) -> Choices:
    """
    What a config amounts to: choosing just that changes nothing but how long is simulated.

    Parameters
    ----------
    config
        Of a run; of a cohort, its median mother.
    most_days
        Days that are simulated of a config that lasts longer.
    """
    config, _ = with_conditions(config)
    mother = config.mother
    of_storage = mother.gland_size if mother.storage_size is None else mother.storage_size
    return Choices(
        capacity_ml=config.gland.lumen.capacity_ml * of_storage,
        gland_size=mother.gland_size,
        appetite=config.infants[0].appetite if config.infants else 1.0,
        days=max(SHORTEST_DAYS, min(most_days, floor(config.days))),
    )


def _fed(config: RunConfig) -> list[dict[str, int]]:
    """Whom a phase of feeds by the clock is about: everybody, or those who are born when there is one who is not."""
    born = [each.born_day <= max(config.start_day, 1.0) for each in config.infants]
    return [{}] if all(born) else [{"infant": number} for number, there in enumerate(born) if there]


def unchanged(config: RunConfig, days: int) -> Choices:
    """
    The config as it is, over so many days.

    Parameters
    ----------
    config
        Of a run.
    days
        That are simulated.
    """
    return replace(choices_of(config), days=days)


def ranges_of(config: RunConfig) -> dict[str, Range]:
    """
    Range of the controls that are quantities, by the name of the choice: what is plausible, and what the config has.

    Parameters
    ----------
    config
        Of a run.
    """
    own = choices_of(config)
    paths = {"capacity_ml": CAPACITY, "gland_size": GLAND_SIZE, "appetite": APPETITE}
    found = {}
    for name, key in paths.items():
        low, high = at(_REFERENCE, path_of(key))[1].plausible
        found[name] = Range(min(low, getattr(own, name)), max(high, getattr(own, name)))
    return found


def settings_of(config: RunConfig, choices: Choices) -> dict[str, Any]:
    """
    Keys of the config that choices change, with their values; what is as the config has it is left out.

    Parameters
    ----------
    config
        Without the choices.
    choices
        What was chosen.
    """
    own, found = choices_of(config), dict[str, Any]()
    if choices.gland_size != own.gland_size:
        found[GLAND_SIZE] = choices.gland_size
    if (choices.capacity_ml, choices.gland_size) != (own.capacity_ml, own.gland_size):
        # Storage would else follow the size of the gland.
        found |= {CAPACITY: choices.capacity_ml, "mother.storage_size": 1.0}
    infants = _infants(config, choices, own)
    if choices.who != AS_WRITTEN:
        found["schedule"] = schedule_of(config, choices)
    return found | infants


def _infants(config: RunConfig, choices: Choices, own: Choices) -> dict[str, Any]:
    """A pump alone has no infant beside it; a feed needs one."""
    if choices.who == PUMP:
        return {"infants": []} if config.infants else {}
    if config.infants:
        numbers = range(len(config.infants)) if choices.appetite != own.appetite else ()
        return {f"infants.{number}.appetite": choices.appetite for number in numbers}
    return {} if choices.who == AS_WRITTEN else {"infants": [{"appetite": choices.appetite}]}


def schedule_of(config: RunConfig, choices: Choices) -> list[dict[str, Any]]:
    """
    The schedule that was chosen, as a config has it.

    Parameters
    ----------
    config
        Whose days they are.
    choices
        With another schedule than the config's own.
    """
    common: dict[str, Any] = {"from_day": 1.0} if config.start_day < 1.0 else {}
    if choices.nights == ONE_MISSED:
        common["miss"] = missed_night(days_of(config, choices.days)[1] - 1, clock_minutes(config.birth_clock))
    gap = {"night_gap": {"from": NIGHT[0], "to": NIGHT[1]}} if choices.nights == ALL_MISSED else {}
    times = times_of(choices.per_day, nights=choices.nights != ALL_MISSED)
    demand = {"kind": "on_demand", **gap, **common}
    pump = {"kind": "pump", "times": times, "minutes": PUMP_MIN, **common}
    return {
        ON_DEMAND: [demand],
        BY_THE_CLOCK: [{"kind": "clock", "times": times, **common, **who} for who in _fed(config)],
        ON_DEMAND_AND_PUMP: [demand, pump],
        PUMP: [pump],
    }[choices.who]


def days_of(config: RunConfig, days: int) -> tuple[int, int]:
    """First day that is simulated, maybe in part, and the last one that is simulated whole."""
    return floor(config.start_day), floor(config.start_day + days) - 1


def times_of(per_day: int, *, nights: bool = True) -> list[str]:
    """
    Clock times of so many sessions a day, evenly spread over it.

    Parameters
    ----------
    per_day
        Sessions, with those of the night.
    nights
        Whether those of the night take place; the others are not moved.
    """
    begin, end = map(clock_minutes, NIGHT)
    every_min = DAY_MIN / per_day
    minutes = [round((number + 0.5) * every_min) for number in range(per_day)]
    return [_clock(minute) for minute in minutes if nights or end <= minute < begin]


def missed_night(day: int, birth_clock_min: float) -> list[dict[str, Any]]:
    """
    One night without sessions, as entries of `miss`.

    Parameters
    ----------
    day
        Number of the day on which the night begins; a day begins at the time of birth.
    birth_clock_min
        That time [min after midnight].
    """
    begin, end = map(clock_minutes, NIGHT)
    edges = sorted({0.0, end, begin, DAY_MIN, birth_clock_min})
    found = []
    for from_min, to_min in pairwise(edges):
        if end <= from_min < begin:
            continue
        days_on = ((begin - birth_clock_min) % DAY_MIN + (from_min - begin) % DAY_MIN) // DAY_MIN
        entry = {"days": [day + int(days_on)], "from": _clock(from_min)}
        found.append(entry if to_min == DAY_MIN else entry | {"to": _clock(to_min)})
    return found


def _clock(minute: float) -> str:
    hours, minutes = divmod(int(minute), int(HOUR_MIN))
    return f"{hours:02d}:{minutes:02d}"
