"""What a config says of pregnancies, births and the infants of both, where it contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from lactflow.dyad.interventions import PregnancyCourse, RetainedPlacenta
from lactflow.dyad.schedule.demand import DemandPhase
from lactflow.dyad.schedule.plan import tracks_of

if TYPE_CHECKING:
    from lactflow.config.model import RunConfig

Key = tuple[str | int, ...]

_SAME_DAY = 1e-6
_NEEDS_BIRTH = ("gestational_diabetes", "sheehan")
"""Conditions that come of a pregnancy or a birth."""
_FEEDS = ("feeding", "bottles")
"""Lanes whose phases feed infants."""


def pregnancies_of(config: RunConfig) -> list[tuple[int, PregnancyCourse]]:
    """Pregnancies that begin while the run goes on, by their number among the interventions, in order of time."""
    found = [(number, each) for number, each in enumerate(config.interventions) if isinstance(each, PregnancyCourse)]
    return sorted(found, key=lambda numbered: numbered[1].start_day)


def never_pregnant(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """What a mother cannot have who has not been pregnant."""
    if config.mother.pregnant:
        return
    because = "mother.pregnant is false"
    if config.start_day != 1.0:
        yield (
            ("start_day",),
            (
                f"day {config.start_day:g} would be counted from a birth, and {because} (allowed: 1, the first day of "
                "the run)"
            ),
        )
    birth = config.birth
    for key, said in (
        ("mode", birth.mode != "vaginal"),
        ("first_feed_h", birth.first_feed_h > 0.0),
        ("fluids", birth.fluids is not None),
    ):
        if said:
            yield ("birth", key), f"there was no birth: {because} (allowed: left out)"
    if config.mother.parity is not None:
        yield (
            ("mother", "parity"),
            (f"there was no birth: {because} (allowed: left out; `gland.resting.had` for a woman who lactated before)"),
        )
    for number, condition in enumerate(config.mother.conditions):
        if condition.kind in _NEEDS_BIRTH:
            yield ("mother", "conditions", number), f"{condition.kind} comes of a pregnancy, and {because}"
    for number, intervention in enumerate(config.interventions):
        if isinstance(intervention, RetainedPlacenta):
            yield ("interventions", number, "kind"), f"there was no placenta to be retained: {because}"


def misplaced_pregnancies(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Pregnancies that begin before the birth from which days are counted, or while there is another one."""
    pregnancies = pregnancies_of(config)
    for number, pregnancy in pregnancies:
        if pregnancy.start_day < 1.0:
            yield (
                ("interventions", number, "start_day"),
                (
                    f"day {pregnancy.start_day:g} is before the birth that days are counted from (allowed: 1 or later; "
                    "a run that begins in the pregnancy before that birth has start_day 0 or below)"
                ),
            )
    for (_, first), (number, second) in pairwise(pregnancies):
        if second.start_day < first.over_day:
            yield (
                ("interventions", number, "start_day"),
                (f"day {second.start_day:g} lies in the pregnancy from day {first.start_day:g} to {first.over_day:g}"),
            )


def unborn(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Infants that would be born when nobody gives birth."""
    if not config.mother.pregnant:
        return
    births = [pregnancy.over_day for _, pregnancy in pregnancies_of(config)]
    for number, infant in enumerate(config.infants):
        day = infant.born_day
        if day <= 1.0 or any(abs(day - birth) <= _SAME_DAY for birth in births):
            continue
        also = f"; {', '.join(f'{birth:g}' for birth in births)}, where a pregnancy ends" if births else ""
        yield (
            ("infants", number, "born_day"),
            (
                f"nobody is born on day {day:g} (allowed: 1 or less, an elder child{also}; a second birth needs an "
                "intervention `pregnancy`)"
            ),
        )


def fed_before_birth(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Phases by the clock that would feed an infant before it is born; on demand it asks when it is there."""
    for track in tracks_of(config.schedule, config.start_day, len(config.infants)):
        for infant in track.infants:
            born_day = config.infants[infant].born_day
            for day, phase in track.phases if born_day > 1.0 else ():
                if phase.lane in _FEEDS and not isinstance(phase, DemandPhase) and day < born_day:
                    number = next(number for number, each in enumerate(config.schedule) if each is phase)
                    yield (
                        ("schedule", number),
                        (
                            f"would feed infant {infant} from day {day:g}, and it is born on day {born_day:g} "
                            f"(allowed: from_day {born_day:g} or later, `infant` for another one, or kind on_demand)"
                        ),
                    )
