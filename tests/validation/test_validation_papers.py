"""Papers that were read when every constant of a drug was set: their readings by hand, on tables made up for it."""

from __future__ import annotations

import pandas as pd
import pytest

from lactflow.config.scenario import load_scenario
from lactflow.validation.drug_papers import PAPER_OBSERVABLES, PAPER_RUNS
from lactflow.validation.simulated import Simulated
from lactflow.validation.targets import TURNED, load_targets, use_of

TARGETS = {target.id: target for target in load_targets()}
DAY, HOUR = 1440.0, 60.0
TAKEN = 30.0 * DAY + 6.0 * HOUR
"""When one dose is taken: 06:00 of day 31."""


def made_up(**tables):
    """A run that has these tables and nothing else."""
    return Simulated({name: pd.DataFrame(rows) for name, rows in tables.items()})


def levels_of(drug, places, every_min=10, hours=36):
    """Rows of `drug_levels`, from two hours before a dose: of each place a function of the hours since it."""
    return [
        {"time_min": TAKEN + minute, "drug": drug, "where": where, "mg_per_l": level(minute / 60.0)}
        for minute in range(-120, hours * 60 + 1, every_min)
        for where, level in places.items()
    ]


def test_every_row_is_read_and_is_of_the_file_of_applications():
    """T11-240 to T11-264, divided by the second byte; none of them was turned."""
    assert set(PAPER_OBSERVABLES) == {f"T11-{number}" for number in range(240, 265)}
    assert not set(PAPER_OBSERVABLES) & set(TURNED)
    assert all(TARGETS[name].use == use_of(TARGETS[name].source, 1) for name in PAPER_OBSERVABLES)
    assert sum(TARGETS[name].use == "check" for name in PAPER_OBSERVABLES) == 6


@pytest.mark.parametrize("name", PAPER_RUNS)
def test_runs_are_valid(name):
    """Each loads as a config."""
    assert load_scenario(dict(PAPER_RUNS[name])).config.drugs


def test_caffeine_by_hand():
    """Milk that halves every 4 h, and has 0.8 and 0.6 of what plasma has; nothing before the dose counts."""

    def plasma(hours):
        return 8.0 * 0.5 ** (hours / 4.0) if hours >= 0.0 else 1e6

    places = {
        "plasma": plasma,
        "milk right": lambda hours: 0.8 * plasma(hours),
        "milk left": lambda hours: 0.6 * plasma(hours),
    }
    doses = [
        {"session": number, "analyte": "caffeine", "amount": 1.0, "amount_per_kg": 0.01, "source": "breast"}
        for number in range(4)
    ]
    starts = [TAKEN - 60.0, TAKEN + 60.0, TAKEN + 23.0 * HOUR, TAKEN + 25.0 * HOUR]
    sessions = [{"session": number, "start_min": start} for number, start in enumerate(starts)]
    run = made_up(drug_levels=levels_of("caffeine", places), infant_doses=doses, sessions=sessions)
    names = ("T11-245", "T11-246", "T11-251", "T11-252", "T11-253", "T11-254")
    found = {name: PAPER_OBSERVABLES[name]({"one dose of caffeine": run}) for name in names}
    assert found["T11-245"] == pytest.approx(0.8, rel=1e-9)
    assert found["T11-246"] == pytest.approx(0.6, rel=1e-9)
    assert found["T11-251"] == pytest.approx(4.0, rel=1e-9)
    eight = sum(0.7 * plasma(3.0 * feed) * 0.09 for feed in range(1, 9))
    assert found["T11-252"] == pytest.approx(100.0 * eight / 145.8, rel=1e-9)
    area = 0.7 * 8.0 * 4.0 / 0.6931472 * (1.0 - 0.5**6)
    assert found["T11-253"] == pytest.approx(area / 24.0, rel=1e-3)
    assert found["T11-254"] == pytest.approx(0.02, rel=1e-9)


def test_ethanol_by_hand():
    """A level that rises to 400 mg/L in an hour and falls by 150 mg/L an hour: 40 mg/dL at 60 min."""

    def blood(hours):
        return 400.0 * hours if hours < 1.0 else max(0.0, 400.0 - 150.0 * (hours - 1.0))

    run = made_up(drug_levels=levels_of("ethanol", {"plasma": blood}, every_min=2))
    found = {name: PAPER_OBSERVABLES[name]({"a drink": run}) for name in ("T11-256", "T11-257", "T11-258", "T11-259")}
    assert found["T11-256"] == pytest.approx(60.0)
    assert found["T11-257"] == pytest.approx((0.5 * 40.0 * 1.0 + 2.0 * 25.0) * 60.0)
    assert found["T11-258"] == pytest.approx(17.5)
    assert found["T11-259"] == pytest.approx(10.0)


def test_nitrofurantoin_by_hand():
    """Pumpings at 09, 12 and 15 h of day 4, of which the last two count, and 12 h alone for the ratio."""
    rows, amounts = [], []
    for day, hour, volume_ml, mg in [(3, 12, 90.0, 9.0), (4, 9, 50.0, 9.0), (4, 12, 40.0, 0.08), (4, 15, 60.0, 0.02)]:
        session = len(rows)
        start_min = (day - 1) * DAY + hour * HOUR
        rows.append({"session": session, "breast": "left", "start_min": start_min, "removed_ml": volume_ml})
        amounts.append({"session": session, "breast": "left", "analyte": "nitrofurantoin", "unit": "mg", "amount": mg})
    levels = [{"time_min": 3 * DAY + 12 * HOUR, "drug": "nitrofurantoin", "where": "plasma", "mg_per_l": 0.5}]
    run = made_up(removals=rows, removal_contents=amounts, drug_levels=levels)
    runs = {"nitrofurantoin after birth": run}
    assert PAPER_OBSERVABLES["T11-260"](runs) == PAPER_OBSERVABLES["T11-261"](runs) == pytest.approx(2.0 / 0.5)
    assert PAPER_OBSERVABLES["T11-262"](runs) == PAPER_OBSERVABLES["T11-263"](runs) == pytest.approx(0.1)


def test_doses_of_atenolol_by_hand():
    """An infant that swallows 0.05 mg/kg a day of a mother of 70 kg on 50 mg: 7 %; the first day is left out."""
    for name, day in (("2 to 4 weeks", 20), ("3 to 4 months", 106), ("6 to 8 months", 212)):
        days = range(4)
        doses = [
            {
                "session": each,
                "analyte": "atenolol",
                "amount": 1.0,
                "amount_per_kg": 0.05 if each else 9.0,
                "source": "b",
            }
            for each in days
        ]
        sessions = [{"session": each, "start_min": (day - 1 + each) * DAY + HOUR} for each in days]
        run = made_up(infant_doses=doses, sessions=sessions)
        (target,) = [each for each in TARGETS if TARGETS[each].condition == f"atenolol, {name}"]
        assert PAPER_OBSERVABLES[target]({f"atenolol at {name}": run}) == pytest.approx(7.0)
