"""
Claims A01 and A02: arithmetic that must be exact, held against a second way to it.

Criteria were fixed in `docs/background/criteria-applications.md` before there was any code that meets them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lactflow.kinetics import plain_sum
from lactflow.pharmacology.disposition import (
    Disposition,
    Input,
    as_metabolite,
    changes,
    one_compartment,
    two_compartments,
)
from lactflow.pharmacology.infant import conventional_dose_percent, relative_dose_percent
from lactflow.pharmacology.level import DrugLevel, steady
from lactflow.units import DAY_MIN, HOUR_MIN
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_most, finding_of
from lactflow.validation.compartments import Body, Product, levels_by_matrix

_EXACT = 1e-9
_SETS = 200
_SEED = 17
_PERIODS = 400
"""Days of regular doses before a steady state is compared: the slowest body of these has forgotten the first."""


def _inputs(rng: np.random.Generator) -> list[Input]:
    """One to six doses of all kinds in two days."""
    doses = []
    for kind in rng.choice(["bolus", "first_order", "zero_order"], size=rng.integers(1, 7)):
        at, mg = float(rng.uniform(0.0, 2.0 * DAY_MIN)), float(rng.uniform(1.0, 1000.0))
        rate = float(rng.uniform(0.2, 6.0)) / HOUR_MIN if kind == "first_order" else 0.0
        length = float(rng.uniform(10.0, DAY_MIN)) if kind == "zero_order" else 0.0
        doses.append(Input(at, mg, kind.item(), rate, length))
    return doses


def _body(rng: np.random.Generator, number: int) -> tuple[Body, Disposition]:
    """A body of one or two compartments, and its disposition."""
    clearance, volume = float(rng.uniform(0.5, 100.0)), float(rng.uniform(3.0, 1500.0))
    if number % 2:
        return Body(clearance, volume), one_compartment(clearance, volume)
    exchange, outer = float(rng.uniform(0.5, 100.0)), float(rng.uniform(3.0, 1500.0))
    return Body(clearance, volume, exchange, outer), two_compartments(clearance, volume, exchange, outer)


def _level(disposition: Disposition, doses: Sequence[Input]) -> DrugLevel:
    return DrugLevel(changes(disposition, doses))


def _off_at_equal_rates(*, apart: bool) -> float:
    """
    Relative error where a drug is absorbed as fast as it leaves: its level is D/V k t exp(-k t).

    Parameters
    ----------
    apart
        Whether the two rates are moved apart by a millionth; the formula for unequal rates is nothing over nothing
        where they are not.
    """
    body, dose_mg, later = one_compartment(60.0, 100.0), 100.0, 6.0 * HOUR_MIN
    (rate,) = body.rates_per_min
    decayed = float(np.exp(-rate * later))
    if apart:
        found = _level(body, [Input(0.0, dose_mg, "first_order", rate)]).level(later)
    else:
        with np.errstate(invalid="ignore"):
            found = float(dose_mg / body.volume_l * rate * np.float64(decayed - decayed) / np.float64(rate - rate))
    return abs(found / (dose_mg / body.volume_l * rate * later * decayed) - 1.0)


def _worst_of_histories(rng: np.random.Generator) -> tuple[float, float, float]:
    """Largest error over the peak of levels, of a metabolite, and what order and steps change."""
    worst = of_metabolite = moved = 0.0
    for number in range(_SETS):
        body, disposition = _body(rng, number)
        doses = _inputs(rng)
        product = Product(0.4 * body.clearance, float(rng.uniform(0.5, 50.0)), float(rng.uniform(3.0, 500.0)))
        time_min = float(rng.uniform(0.0, 4.0 * DAY_MIN))
        peak = plain_sum(each.amount_mg for each in doses) / body.volume
        expected, made = levels_by_matrix(body, doses, time_min, product)
        level = _level(disposition, doses)
        found = level.level(time_min)
        worst = max(worst, abs(found - expected) / peak)
        of_drug = changes(disposition, doses)
        metabolite = DrugLevel(
            as_metabolite(of_drug, product.formed / HOUR_MIN, product.clearance / HOUR_MIN, product.volume)
        )
        most = peak * body.volume / product.volume
        of_metabolite = max(of_metabolite, abs(metabolite.level(time_min) - made) / most)
        for step in np.linspace(0.0, time_min, 1000):
            level.level(float(step))
        again = _level(disposition, doses[::-1]).level(time_min)
        moved = max(moved, abs(level.level(time_min) - found) / peak, abs(again - found) / peak)
    return worst, of_metabolite, moved


def _worst_of_steady_states(rng: np.random.Generator) -> float:
    """Largest error over the peak of a steady state, against the same doses day after day."""
    worst = 0.0
    for number in range(10):
        body, _ = _body(rng, number)
        disposition = one_compartment(max(body.clearance, body.volume / 100.0), body.volume)  # half-lives below 3 days
        daily = [each._replace(time_min=each.time_min % DAY_MIN) for each in _inputs(rng)]
        settled = DrugLevel(changes(disposition, daily), steady(changes(disposition, daily), 0.0, DAY_MIN))
        many = [each._replace(time_min=each.time_min + DAY_MIN * day) for day in range(-_PERIODS, 1) for each in daily]
        expected = _level(disposition, many).level(0.99 * DAY_MIN)
        worst = max(worst, abs(settled.level(0.99 * DAY_MIN) - expected) / max(expected, 1e-12))
    return worst


def _exact(_: Runs, *, apart: bool = True) -> Finding:
    rng = np.random.default_rng(_SEED)
    worst, of_metabolite, moved = _worst_of_histories(rng)
    settled = _worst_of_steady_states(rng)
    off = _off_at_equal_rates(apart=apart)
    seen = (
        at_most("error of levels [of the peak]", worst, _EXACT),
        at_most("error of a metabolite [of the peak]", of_metabolite, _EXACT),
        at_most("by order and number of steps [of the peak]", moved, _EXACT),
        at_most("error of a steady state [share]", settled, _EXACT),
        at_most("error where absorption is as fast as elimination [share]", off, 1e-5),
    )
    return finding_of(
        f"{_SETS} bodies and histories: within {worst:.1e} of the peak, a metabolite {of_metabolite:.1e}, order and "
        f"steps {moved:.1e}, a steady state {settled:.1e}; at equal rates {off:.1e}",
        *(each.holds for each in seen),
        seen=seen,
    )


def _relative_dose(_: Runs, *, kg: float = 70.0) -> Finding:
    """
    The worked cases of textbooks, by the functions that tables are made with.

    Parameters
    ----------
    kg
        Weight that the mother's dose is divided by; 1 leaves the division out.
    """
    percent = conventional_dose_percent(2.0, 2000.0 / kg)
    absorbed = relative_dose_percent(0.20 * 0.013 * 100.0 / kg, 100.0 / kg)
    off = abs(percent / 1.05 - 1.0)
    seen = (
        at_most("relative infant dose, off 1.0500 % [share]", off, _EXACT),
        at_most("of a bioavailability of 0.20, off 0.26 % [share]", abs(absorbed / 0.26 - 1.0), _EXACT),
    )
    return finding_of(f"{percent:.4f} %; {absorbed:.4f} %", *(each.holds for each in seen), seen=seen)


CLAIMS = (
    Claim(
        "A01",
        "The relative infant dose is that of textbooks",
        "70 kg, 2,000 mg a day, 2 mg/L in milk, 0.15 L/kg/day: 1.0500 %; 1.3 % at an infant's bioavailability of 0.20: "
        "0.26 %; both to 1e-9",
        {},
        _relative_dose,
        None,
        "see the adversary",
        (Adversary({}, "division by weight", (1,), judge=lambda runs: _relative_dose(runs, kg=1.0)),),
    ),
    Claim(
        "A02",
        "Levels in blood are exact",
        "200 random bodies and dose histories: level against the matrix exponential of the same system within 1e-9 of "
        "its peak, whatever the order of doses and the number of steps",
        {},
        _exact,
        None,
        "see the adversary",
        (
            Adversary(
                {},
                "the limit of equal rates of absorption and elimination",
                (5,),
                judge=lambda runs: _exact(runs, apart=False),
            ),
        ),
    ),
)
