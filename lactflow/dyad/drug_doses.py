"""
Drugs that the mother takes: doses at clock times, as a config has them, and what they are for her blood.

Who says no day from which on has taken the drug for ever: blood is then in its steady state when the run begins. Doses
before the run count one by one otherwise.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil, inf
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from lactflow.dyad.dosing import dose_times
from lactflow.dyad.intervention import Day
from lactflow.dyad.schedule.times import ROUND_OFF_MIN, ClockTime, Miss, Period, day_begins
from lactflow.kinetics import plain_sum
from lactflow.parameters.declaration import Declared
from lactflow.pharmacology.declared import Drug, DrugName, Form
from lactflow.pharmacology.regimen import Before, DailyDose, Regimen, longest_input_min
from lactflow.units import DAY_MIN

_MG_PER_G = 1000.0
_KNOWN_DAYS = 7.0
"""Days before a run in which doses count one by one, of what has been taken for ever too."""


class DrugDoses(Declared):
    """A drug that the mother takes."""

    drug: DrugName = Field(description="Its name: of a shipped drug, or of one of drug_library")
    dose_mg: Annotated[float, Field(gt=0.0, le=1e6)] | None = Field(default=None, description="Each dose")
    drinks: Annotated[float, Field(gt=0.0, le=50.0)] | None = Field(
        default=None, description="Number of drinks of each dose, in place of dose_mg; of what is taken in drinks"
    )
    dose_iu: Annotated[float, Field(gt=0.0, le=1e6)] | None = Field(
        default=None, description="Each dose in international units, in place of dose_mg; of what is dosed in them"
    )
    form: DrugName | None = Field(
        default=None, description="One of the forms of the drug; the first of them when left out"
    )
    times: tuple[ClockTime, ...] = Field(
        default=(),
        max_length=24,
        description="Clock times of doses; one dose, when from_day begins, when left out",
    )
    from_day: Day | None = Field(
        default=None, description="First day of doses; she has taken it for ever when left out"
    )
    to_day: Day | None = Field(default=None, description="Last day of doses; to the end of the run when left out")
    every_days: int = Field(
        default=1,
        ge=1,
        le=400,
        description="Doses are taken every so many days, counted from from_day, or from the first day of the run",
    )
    miss: tuple[Miss, ...] = Field(default=(), max_length=100, description="Doses that are not taken")

    @model_validator(mode="after")
    def _is_a_plan(self) -> DrugDoses:
        twice = next((text for number, text in enumerate(self.times) if text in self.times[:number]), None)
        given = [name for name in ("dose_mg", "drinks", "dose_iu") if getattr(self, name) is not None]
        if not given:
            msg = "dose_mg is missing (or drinks, of what is taken in drinks; or dose_iu)"
        elif len(given) > 1:
            msg = f"{' and '.join(given)} exclude each other"
        elif not self.times and self.from_day is None:
            msg = "times is missing (needed where from_day is left out: she has taken it for ever)"
        elif not self.times and (self.to_day is not None or self.every_days != 1 or self.miss):
            msg = "to_day, every_days and miss need times (allowed without times: one dose, when from_day begins)"
        elif self.from_day is not None and self.to_day is not None and self.to_day < self.from_day:
            msg = f"to_day {self.to_day:g} is before from_day {self.from_day:g}"
        elif twice is not None:
            msg = f"{twice} comes twice in times"
        else:
            return self
        raise ValueError(msg)

    @property
    def end_day(self) -> float | None:
        """Day from whose beginning on no more doses are taken; None where the run ends before."""
        return None if self.to_day is None else self.to_day + 1.0

    def mg(self, drug: Drug) -> float:
        """Each dose [mg]."""
        if self.dose_iu is not None:
            return self.dose_iu / (drug.iu_per_mg or inf)
        return (self.drinks or 0.0) * drug.kinetics.drink_g * _MG_PER_G if self.dose_mg is None else self.dose_mg

    def iu(self, drug: Drug) -> float:
        """Each dose in international units; 0 where the drug has none."""
        return self.mg(drug) * (drug.iu_per_mg or 0.0) if self.dose_iu is None else self.dose_iu

    def form_of(self, drug: Drug) -> tuple[str, Form]:
        """The form in which it is taken, and its name."""
        name = next(iter(drug.forms)) if self.form is None else self.form
        return name, drug.forms[name]

    def mg_per_day(self, drug: Drug) -> float:
        """Mean of a day while it is taken [mg/d]."""
        return self.mg(drug) * len(self.times) / self.every_days

    def misses(self, time_min: float, run: Period) -> bool:
        """Whether the dose of a time is not taken."""
        return any(miss.misses(time_min, run.clock(time_min)) for miss in self.miss)


class DoseTime(NamedTuple):
    """
    A dose of the config, taken or missed.

    Attributes
    ----------
    time_min
        When it is due [min since birth].
    drug, form
        Names.
    dose_mg
        Its amount [mg].
    taken
        False for one that is missed.
    """

    time_min: float
    drug: str
    form: str
    dose_mg: float
    taken: bool


class Substance(NamedTuple):
    """
    A drug that is taken, or what the body makes of it.

    Attributes
    ----------
    name, drug
        Its name, and that of the drug; the same for a drug.
    molar_ratio
        Its molar mass over that of the drug.
    mg_per_day
        Doses that are several days apart, spread over the days that they are for, as `spread_doses` gives them; nothing
        where doses count one by one.
    """

    name: str
    drug: str
    molar_ratio: float
    mg_per_day: Sequence[tuple[float, float]]


def regimens_of(entries: Sequence[DrugDoses], drug: Drug, run: Period) -> list[Regimen]:
    """
    What is taken of one drug, for its level in blood.

    Parameters
    ----------
    entries
        Of the config, all of this drug.
    drug
        Declared.
    run
        From when to when the run goes, and the clock time of birth.
    """
    known_from_min = _known_from(entries, run)
    return [_regimen(entry, drug, run, known_from_min) for entry in entries]


def taken_at_site(entries: Iterable[DrugDoses], drug: Drug, run: Period, gone_min: float) -> list[tuple[float, float]]:
    """
    Doses that may still act in a run, those before it too: when each was taken [min since birth], and how much [mg].

    Parameters
    ----------
    entries
        Of the config, all of this drug.
    drug
        Declared.
    run
        From when to when the run goes, and the clock time of birth.
    gone_min
        Time after which nothing is left of a dose [min]; of what has been taken for ever, as much before the run or
        the birth has been taken one by one.
    """
    return [
        (time_min, entry.mg(drug))
        for entry in entries
        for time_min in _due(entry, run, min(run.from_min, 0.0) - gone_min if entry.from_day is None else -inf)
        if not entry.misses(time_min, run)
    ]


def doses_of(entries: Iterable[DrugDoses], drugs: Mapping[str, Drug], run: Period) -> list[DoseTime]:
    """
    Every dose up to the end of the run, taken or missed, in the order of time.

    Of what has been taken for ever, those of the days before the run are among them.

    Parameters
    ----------
    entries
        Of the config.
    drugs
        All that are named there, by name.
    run
        From when to when the run goes, and the clock time of birth.
    """
    found = []
    for entry in entries:
        drug = drugs[entry.drug]
        name, _ = entry.form_of(drug)
        cycle_min = max(_KNOWN_DAYS, float(entry.every_days)) * DAY_MIN
        from_min = run.from_min - cycle_min if entry.from_day is None else -inf
        found += [
            DoseTime(time_min, entry.drug, name, entry.mg(drug), not entry.misses(time_min, run))
            for time_min in _due(entry, run, from_min)
        ]
    return sorted(found)


def spread_doses(entries: Sequence[DrugDoses], drug: Drug, run: Period) -> list[tuple[float, float]]:
    """
    What is taken of a drug in a day, with each dose spread evenly over the days that it is for.

    Parameters
    ----------
    entries
        Of the config, all of this drug.
    drug
        Declared.
    run
        From when to when the run goes, and the clock time of birth.

    Returns
    -------
    When it changes [min since birth], the start of the run first, and what it is from then on [mg/d]. Of what has been
    taken for ever it is always the mean of a day, wherever the run begins.
    """
    spread = []
    for entry in entries:
        times = [each.time_min for each in doses_of([entry], {entry.drug: drug}, run) if each.taken]
        spread.append((entry.mg(drug) / entry.every_days, entry.every_days * DAY_MIN, times))
    edges = {edge for _, length, times in spread for time_min in times for edge in (time_min, time_min + length)}
    found: list[tuple[float, float]] = []
    for edge in sorted({run.from_min, *(each for each in edges if run.from_min < each < run.to_min)}):
        now = edge + ROUND_OFF_MIN
        per_day = plain_sum(
            mg * (bisect_right(times, now) - bisect_right(times, now - length)) for mg, length, times in spread
        )
        if not found or per_day != found[-1][1]:
            found.append((edge, per_day))
    return found


def daily_dose(entries: Sequence[DrugDoses], drug: Drug) -> DailyDose:
    """
    The level of a drug that is its daily dose.

    Parameters
    ----------
    entries
        Of the config, all of this drug.
    drug
        Declared.
    """
    edges = sorted({edge for entry in entries for edge in _edges(entry) if edge is not None})

    def taken(time_min: float) -> float:
        return plain_sum(
            entry.mg_per_day(drug)
            for entry in entries
            if (entry.from_day is None or day_begins(entry.from_day) <= time_min)
            and (entry.end_day is None or time_min < day_begins(entry.end_day))
        )

    usual = plain_sum(entry.mg_per_day(drug) for entry in entries if entry.from_day is None)
    return DailyDose([(edge, taken(edge)) for edge in edges], usual)


def _edges(entry: DrugDoses) -> Iterator[float | None]:
    yield None if entry.from_day is None else day_begins(entry.from_day)
    yield None if entry.end_day is None else day_begins(entry.end_day)


def _known_from(entries: Iterable[DrugDoses], run: Period) -> float:
    """
    The time before which all that was ever taken has been taken the same way for ever.

    It is some days before the run: what milk holds at its start depends on the last doses before.
    """
    times = [run.from_min - _KNOWN_DAYS * DAY_MIN]
    for entry in entries:
        if entry.from_day is not None:
            times.append(day_begins(entry.from_day))
        else:
            times += [day_begins(float(day)) for miss in entry.miss for day in miss.days]
            times += [] if entry.end_day is None else [day_begins(entry.end_day)]
    return min(times)


def _due(entry: DrugDoses, run: Period, from_min: float) -> list[float]:
    """When doses are due from a time up to the end of the run or of the doses, missed ones too."""
    first_day = run.from_min / DAY_MIN + 1.0 if entry.from_day is None else entry.from_day
    if entry.from_day is None and from_min < run.from_min:
        periods = ceil((run.from_min - from_min) / (entry.every_days * DAY_MIN))
        first_day -= periods * entry.every_days
    times = dose_times(entry.times, first_day, run, end_day=entry.end_day, every_days=entry.every_days)
    return [time_min for time_min in times if from_min - ROUND_OFF_MIN <= time_min < run.to_min]


def _regimen(entry: DrugDoses, drug: Drug, run: Period, from_min: float) -> Regimen:
    _, form = entry.form_of(drug)
    taken = tuple(time_min for time_min in _due(entry, run, from_min) if not entry.misses(time_min, run))
    before = _before(entry, drug, run, from_min) if entry.from_day is None else None
    return Regimen(form, entry.mg(drug), taken, before)


def _before(entry: DrugDoses, drug: Drug, run: Period, from_min: float) -> Before:
    """One period of doses that have been taken for ever: as long as a dose goes on to come in, at least."""
    _, form = entry.form_of(drug)
    cycle_min = entry.every_days * DAY_MIN
    period_min = cycle_min * max(1, ceil(longest_input_min(drug, form) / cycle_min))
    usual = entry.model_copy(update={"to_day": None, "miss": ()})
    window = run._replace(to_min=from_min + period_min)
    times = [time_min for time_min in _due(usual, window, from_min) if time_min < from_min + period_min - ROUND_OFF_MIN]
    return Before(from_min, period_min, tuple(times))
