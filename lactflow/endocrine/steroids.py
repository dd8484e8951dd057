"""
Estrogen and progesterone beside those of the birth from which days are counted: of later pregnancies, or given.

They add up in the blood. In the gland two things tell them from the first ones: progesterone that comes later acts as
far as estrogen has brought its receptors back (`lactflow.gland.cell.progesterone`), and together they make the gland
grow towards its size of term.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from lactflow.endocrine.births import Pregnancy, next_of
from lactflow.endocrine.course import Course
from lactflow.endocrine.influences import BuildContext
from lactflow.endocrine.placenta import PlacentalHormone, share_left
from lactflow.endocrine.signal import LevelWindow, Signal, first_change
from lactflow.kinetics import decayed, plain_sum
from lactflow.parameters.placenta import Decline
from lactflow.parameters.steroids import SteroidParameters

GIVEN: Mapping[str, str] = {"progesterone": "ng_per_ml", "estradiol": "pg_per_ml"}
"""Steroids that can be given, and the unit of their levels."""


class LaterPlacentas:
    """
    What the placentas of later pregnancies add to a hormone.

    Parameters
    ----------
    decline
        Its levels and half-lives.
    pregnancies
        Later ones.
    power
        How late in a pregnancy it rises.
    """

    def __init__(self, decline: Decline, pregnancies: tuple[Pregnancy, ...], power: float) -> None:
        self._decline = decline
        self._pregnancies = pregnancies
        self._power = power

    def level(self, time_min: float) -> float:
        """What they add, in the unit of its declaration."""
        term, floor, *phases = self._decline
        shares = [
            pregnancy.reached(time_min, self._power) * share_left(time_min - pregnancy.end_min, *phases)
            for pregnancy in self._pregnancies
        ]
        return (term - floor) * plain_sum(shares)

    def next_change(self, time_min: float) -> float:
        """When a pregnancy begins or ends."""
        return next_of(self._pregnancies, time_min)


def given_level(level: float, since_begin_min: float, since_end_min: float, half_life_min: float) -> float:
    """
    Level of a hormone that is given from one time to another.

    Equation
    --------
    begun = 1 - 2**(-max(0, since_begin_min) / half_life_min)
    stopped = 1 - 2**(-max(0, since_end_min) / half_life_min)
    given_level = level * (begun - stopped)

    Parameters
    ----------
    level
        Where it settles while it is given, in any unit.
    since_begin_min, since_end_min
        Time since it was begun, and since it was stopped; below 0 before [min].
    half_life_min
        With which it comes and goes [min].

    References
    ----------
    First-order kinetics.
    """
    left_of_begin = decayed(1.0, max(0.0, since_begin_min), half_life_min)
    left_of_end = decayed(1.0, max(0.0, since_end_min), half_life_min)
    return level * (left_of_end - left_of_begin)


class Given:
    """
    A hormone that is given for some time.

    Parameters
    ----------
    windows
        Where it settles, from when to when; they add up.
    half_life_min
        With which it comes and goes [min].
    """

    def __init__(self, windows: tuple[LevelWindow, ...], half_life_min: float) -> None:
        self._windows = windows
        self._half_life_min = half_life_min

    def level(self, time_min: float) -> float:
        """What is in the blood of it."""
        return plain_sum(
            [
                given_level(window.level, time_min - window.from_min, time_min - window.to_min, self._half_life_min)
                for window in self._windows
                if time_min > window.from_min
            ]
        )

    def next_change(self, time_min: float) -> float:
        """When it is begun or stopped."""
        ends = [end for window in self._windows for end in (window.from_min, window.to_min) if end > time_min]
        return min(ends, default=inf)


class Sum:
    """Several signals together."""

    def __init__(self, *parts: Signal) -> None:
        self._parts = parts

    def level(self, time_min: float) -> float:
        """Sum of their levels, added in their order."""
        return plain_sum([part.level(time_min) for part in self._parts])

    def next_change(self, time_min: float) -> float:
        """When the first of them changes."""
        return first_change(self._parts, time_min)


def has_later(course: Course) -> bool:
    """Whether there are steroids beside those of the first pregnancy."""
    return bool(course.pregnancies) or any(course.holds(f"{name}_{how}") for name in GIVEN for how in ("dose", "given"))


def with_later(first: Signal, name: str, context: BuildContext) -> Signal:
    """
    A hormone of the first pregnancy with what is added to it; the same signal where nothing is.

    Parameters
    ----------
    first
        Of the first pregnancy.
    name
        `progesterone`, `estradiol` or `placental_lactogen`.
    context
        Of the run.
    """
    return Sum(first, later_of(name, context)) if has_later(context.course) else first


def later_of(name: str, context: BuildContext) -> Signal:
    """
    What is added to a hormone of the first pregnancy.

    Parameters
    ----------
    name
        `progesterone`, `estradiol` or `placental_lactogen`.
    context
        Of the run.
    """
    endocrine, course = context.endocrine, context.course
    decline = getattr(endocrine, name).decline()
    placentas = LaterPlacentas(decline, tuple(course.pregnancies), getattr(endocrine.pregnancy, f"{name}_power"))
    if name not in GIVEN:
        return placentas
    drug = endocrine.drugs.estrogen_progesterone
    per_mg = getattr(drug, f"{name}_{GIVEN[name]}_per_mg")
    doses = [window._replace(level=per_mg * window.level) for window in course.windows_of(f"{name}_dose")]
    windows = (*doses, *course.windows_of(f"{name}_given"))
    return Sum(placentas, Given(windows, 60.0 * drug.half_life_h))


def growth_by_steroids(
    most_per_day: float,
    estradiol_pg_per_ml: float,
    progesterone_ng_per_ml: float,
    half_estradiol_pg_per_ml: float,
    half_progesterone_ng_per_ml: float,
) -> float:
    """
    Growth of a gland of few cells under estrogen and progesterone [1/d].

    Equation
    --------
    of_estradiol = estradiol_pg_per_ml / (estradiol_pg_per_ml + half_estradiol_pg_per_ml)
    of_progesterone = progesterone_ng_per_ml / (progesterone_ng_per_ml + half_progesterone_ng_per_ml)
    growth_by_steroids = most_per_day * of_estradiol * of_progesterone

    Parameters
    ----------
    most_per_day
        Growth under much of both [1/d].
    estradiol_pg_per_ml
        Estradiol in plasma [pg/mL].
    progesterone_ng_per_ml
        Progesterone beside that of the first pregnancy [ng/mL].
    half_estradiol_pg_per_ml, half_progesterone_ng_per_ml
        Levels of half the growth [pg/mL, ng/mL].

    References
    ----------
    The form is ours: either alone makes no alveoli. What prolactin and placental lactogen add is left out.
    """
    of_estradiol = estradiol_pg_per_ml / (estradiol_pg_per_ml + half_estradiol_pg_per_ml)
    of_progesterone = progesterone_ng_per_ml / (progesterone_ng_per_ml + half_progesterone_ng_per_ml)
    return most_per_day * of_estradiol * of_progesterone


class GrowthBySteroids:
    """
    Growth of the gland by estrogen and progesterone beside those of the first pregnancy [1/d].

    Parameters
    ----------
    estradiol
        Estradiol in plasma.
    later
        Progesterone that came later.
    parameters
        Declared quantities.
    """

    def __init__(self, estradiol: Signal, later: Signal, parameters: SteroidParameters) -> None:
        self._estradiol, self._later, self._parameters = estradiol, later, parameters

    def level(self, time_min: float) -> float:
        """Growth of a gland of few cells [1/d]."""
        parameters = self._parameters
        return growth_by_steroids(
            parameters.growth_per_day,
            self._estradiol.level(time_min),
            self._later.level(time_min),
            parameters.growth_estradiol_pg_per_ml,
            parameters.growth_progesterone_ng_per_ml,
        )

    def next_change(self, time_min: float) -> float:
        """When one of them changes."""
        return first_change((self._estradiol, self._later), time_min)


def first_progesterone(context: BuildContext) -> Signal:
    """
    Progesterone of the pregnancy before the birth from which days are counted: all there is in most runs.

    Parameters
    ----------
    context
        Of the run.
    """
    if not has_later(context.course):
        return context.blood["progesterone"]
    return PlacentalHormone(context.endocrine.progesterone.decline(), context.course.placenta())


def growing_by_steroids(context: BuildContext) -> Signal | None:
    """
    Growth of the gland by steroids; None where there are none beside those of the first pregnancy.

    Parameters
    ----------
    context
        Of the run.
    """
    if not has_later(context.course):
        return None
    later = later_of("progesterone", context)
    return GrowthBySteroids(context.blood["estradiol"], later, context.gland.steroids)
