"""What was measured of both breasts together is looked for in both."""

from __future__ import annotations

import pandas as pd
import pytest
from records import read

from lactflow.diagnosis.files import shipped
from lactflow.diagnosis.observing import Readings, observations_of
from lactflow.diagnosis.virtual import Cohort

FED_MIN, PUMPED_MIN = 6000.0, 6200.0


def cohort():
    """One virtual mother: a feed and a pumping, of both breasts."""
    removals = pd.DataFrame(
        [
            (0, session, kind, breast, start_min, removed_ml, sodium)
            for session, kind, start_min in ((0, "feed", FED_MIN), (1, "pump", PUMPED_MIN))
            for breast, removed_ml, sodium in (("left", 20.0, 30.0), ("right", 25.0, 20.0))
        ],
        columns=["mother", "session", "kind", "breast", "start_min", "removed_ml", "sodium_mmol_per_l"],
    )
    rows = [(0, 0, "feed", 0, FED_MIN, 44.0), (0, 1, "pump", None, PUMPED_MIN, 44.0)]
    sessions = pd.DataFrame(rows, columns=["mother", "session", "kind", "infant", "start_min", "intake_ml"])
    return Cohort(shipped("none"), (0,), ({},), {"removals": removals, "sessions": sessions})


@pytest.mark.parametrize("breast", ["", "both"])
@pytest.mark.parametrize(
    ("kind", "unit", "true"), [("pump", "mL", 45.0), ("test_weigh", "g", 44.0), ("sodium", "mM", 25.0)]
)
def test_both_breasts_are_both(tmp_path, kind, unit, true, breast):
    """A record says `both`, or nothing: volumes are added up, concentrations are averaged, and nothing is missing."""
    observations, _ = observations_of(read(tmp_path, f"2031-05-07 15:20,{kind},{breast},30,{unit},"))
    assert Readings(observations, 3.4).true(cohort()).tolist() == [[true]]


def test_one_breast_is_one(tmp_path):
    """As before."""
    observations, _ = observations_of(read(tmp_path, "2031-05-07 15:20,pump,left,30,mL,"))
    assert Readings(observations, 3.4).true(cohort()).tolist() == [[20.0]]
