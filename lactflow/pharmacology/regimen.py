"""From doses to levels in blood: of a drug, and of what the body makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple, Protocol

from lactflow.kinetics import plain_sum
from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import Drug, Form, Metabolite
from lactflow.pharmacology.derived import (
    Body,
    absorbed_share,
    body_water_l,
    disposition_of,
    formed_l_per_min,
    inputs_of,
    metabolite_disposition,
)
from lactflow.pharmacology.disposition import Change, Input, as_metabolite, changes
from lactflow.pharmacology.level import Component, DrugLevel, State, Steady, steady
from lactflow.pharmacology.zero_order import Drink, ZeroOrderLevel
from lactflow.units import DAY_MIN, HOUR_MIN

_MG_PER_G = 1000.0
_PERIODS_BEFORE = 7
"""Of what is eliminated by zero order: who drinks less than she eliminates is sober once in each of them."""


class Level(Protocol):
    """A signal of the blood that says which exponentials it consists of."""

    def level(self, time_min: float) -> float:
        """Concentration in plasma [mg/L]."""

    def components(self, time_min: float) -> Sequence[Component]:
        """The exponentials that it consists of from `time_min` up to the next change."""

    def next_change(self, time_min: float) -> float:
        """When it next leaves its closed form."""


class Before(NamedTuple):
    """
    Doses that have been taken the same way for ever.

    Attributes
    ----------
    from_min
        The time before which they have been [min since birth].
    period_min
        Length of a period [min].
    times_min
        Doses of the period that begins at `from_min`, missed ones too.
    """

    from_min: float
    period_min: float
    times_min: tuple[float, ...]


class Regimen(NamedTuple):
    """
    Doses of one drug in one form.

    Attributes
    ----------
    form
        In which it is taken.
    dose_mg
        Of each [mg].
    times_min
        When each that is taken one by one is taken [min since birth], in order.
    before
        What was taken before, the same way for ever; None for nothing. Of all regimens of a drug it ends at one time,
        and no dose of `times_min` is earlier.
    """

    form: Form
    dose_mg: float
    times_min: tuple[float, ...]
    before: Before | None = None


class DailyDose:
    """
    A level that is the daily dose: from each dose on for as long as doses are apart, as steps.

    Parameters
    ----------
    steps
        Time from which [min since birth], and dose a day [mg/d] of each step, in order.
    usual
        Daily dose before the first.

    Attributes
    ----------
    constant
        Whether it never changes.
    """

    def __init__(self, steps: Iterable[tuple[float, float]], usual: float = 0.0) -> None:
        self._steps: list[tuple[float, float]] = []
        level = usual
        for time_min, daily in sorted(steps):
            if daily != level:
                self._steps.append((time_min, daily))
                level = daily
        self._usual = usual
        self.constant = not self._steps

    def level(self, time_min: float) -> float:
        """Daily dose [mg/d]."""
        return next((daily for from_min, daily in reversed(self._steps) if from_min <= time_min), self._usual)

    def components(self, time_min: float) -> Sequence[Component]:
        """One that stands still."""
        return (Component(self.level(time_min), 0.0),)

    def next_change(self, time_min: float) -> float:
        """When the daily dose next changes."""
        return next((from_min for from_min, _ in self._steps if from_min > time_min), inf)


def longest_input_min(drug: Drug, form: Form) -> float:
    """How long after a dose something other than decay happens: its lag and its release [min]."""
    lag_h = form.lag_h if form.lag_h is not None else drug.kinetics.lag_h
    return (lag_h + (form.release_h or 0.0)) * HOUR_MIN


def level_of(drug: Drug, regimens: Sequence[Regimen], body: Body, model: Pharmacology) -> Level:
    """
    Level of a drug in plasma.

    Parameters
    ----------
    drug
        Declared; one whose level is its daily dose has `DailyDose`.
    regimens
        All that is taken of it.
    body
        Of the woman.
    model
        Declared quantities.
    """
    if drug.kinetics.elimination_g_per_l_h is not None:
        return _of_zero_order(drug, regimens, body, model)
    disposition = disposition_of(drug.kinetics, body, model)
    given = changes(disposition, [each for one in regimens for each in _inputs(drug, one, one.times_min)])
    usual = mean_before(drug, regimens, disposition.clearance_l_per_min)
    return DrugLevel(given, _steady(_changes_before(drug, regimens, body, model)), usual=usual)


def metabolite_level(
    drug: Drug, metabolite: Metabolite, regimens: Sequence[Regimen], body: Body, model: Pharmacology
) -> Level:
    """
    Level in plasma of what the body makes of a drug.

    Parameters
    ----------
    drug, metabolite
        Declared.
    regimens
        All that is taken of the drug.
    body
        Of the woman.
    model
        Declared quantities.
    """
    disposition = disposition_of(drug.kinetics, body, model)
    own = metabolite_disposition(metabolite, body, model)
    formed = formed_l_per_min(drug, metabolite, body, model)

    def made_of(parent: Iterable[Change]) -> list[Change]:
        return as_metabolite(parent, formed, own.clearance_l_per_min, own.volume_l)

    given = changes(disposition, [each for one in regimens for each in _inputs(drug, one, one.times_min)])
    before = [(made_of(each), when) for each, when in _changes_before(drug, regimens, body, model)]
    usual = mean_before(drug, regimens, disposition.clearance_l_per_min) * formed / own.clearance_l_per_min
    return DrugLevel(made_of(given), _steady(before), usual=usual)


def mean_before(drug: Drug, regimens: Sequence[Regimen], clearance_l_per_min: float) -> float:
    """
    Mean level of what has been taken for ever [mg/L].

    Equation
    --------
    mean = sum of bioavailability * dose / (clearance * interval)

    Parameters
    ----------
    drug
        Declared.
    regimens
        All that is taken of it.
    clearance_l_per_min
        Of the woman.

    References
    ----------
    The textbook of Gibaldi and Perrier 1982, chapter 3.
    """
    return plain_sum(
        absorbed_share(drug.kinetics, each.form)
        * each.dose_mg
        * len(each.before.times_min)
        / (clearance_l_per_min * each.before.period_min)
        for each in regimens
        if each.before is not None
    )


def _inputs(drug: Drug, regimen: Regimen, times_min: Iterable[float]) -> list[Input]:
    return inputs_of(drug.kinetics, regimen.form, [(time_min, regimen.dose_mg) for time_min in times_min])


def _changes_before(
    drug: Drug, regimens: Sequence[Regimen], body: Body, model: Pharmacology
) -> list[tuple[list[Change], Before]]:
    """Changes of one period of each regimen that has been kept to for ever."""
    disposition = disposition_of(drug.kinetics, body, model)
    return [
        (changes(disposition, _inputs(drug, each, each.before.times_min)), each.before)
        for each in regimens
        if each.before is not None and each.before.times_min
    ]


def _steady(periods: Sequence[tuple[list[Change], Before]]) -> Steady | None:
    """What all that has been taken for ever has left, together."""
    if not periods:
        return None
    found = [steady(of, before.from_min, before.period_min) for of, before in periods]
    amplitudes: dict[float, float] = {}
    for each in found:
        for rate, level in each.state.amplitudes.items():
            amplitudes[rate] = amplitudes.get(rate, 0.0) + level
    return Steady(State(found[0].state.time_min, amplitudes), [change for each in found for change in each.pending])


def _of_zero_order(drug: Drug, regimens: Sequence[Regimen], body: Body, model: Pharmacology) -> ZeroOrderLevel:
    kinetics = drug.kinetics
    per_mg = model.blood_water / body_water_l(body, model)
    drinks = []
    for each in regimens:
        times = list(each.times_min)
        if each.before is not None:
            times += [
                time_min - number * each.before.period_min
                for number in range(1, _PERIODS_BEFORE + 1)
                for time_min in each.before.times_min
            ]
        lag_h = kinetics.lag_h if each.form.lag_h is None else each.form.lag_h
        level = absorbed_share(kinetics, each.form) * each.dose_mg * per_mg
        drinks += [Drink(time_min + lag_h * HOUR_MIN, level) for time_min in times]
    rate = kinetics.absorption_per_h
    falls = (kinetics.elimination_g_per_l_h or 0.0) * _MG_PER_G / HOUR_MIN
    return ZeroOrderLevel(drinks, falls, None if rate is None else rate / HOUR_MIN)


def eliminated_mg_per_day(drug: Drug, body: Body, model: Pharmacology) -> float | None:
    """Most that a woman eliminates of a drug in a day [mg]; None where it is not eliminated by zero order."""
    falls = drug.kinetics.elimination_g_per_l_h
    if falls is None:
        return None
    return falls * _MG_PER_G * DAY_MIN / HOUR_MIN * body_water_l(body, model) / model.blood_water
