"""Bands of weight and of milk by day."""

from __future__ import annotations

import pandas as pd
import pytest

from lactflow.diagnosis.files import shipped
from lactflow.diagnosis.finding import _courses
from lactflow.diagnosis.virtual import Cohort


def test_what_is_pumped_is_not_taken():
    """Feeds and bottles of the first infant are added up by day; what a pumping gave is left out."""
    rows = [
        (0, 0, "feed", 0, 10.0, 30.0),
        (0, 1, "pump", None, 20.0, 90.0),
        (0, 2, "bottle", 0, 30.0, 40.0),
        (0, 3, "feed", 1, 40.0, 25.0),
        (0, 4, "feed", 0, 1500.0, 50.0),
    ]
    sessions = pd.DataFrame(rows, columns=["mother", "session", "kind", "infant", "start_min", "intake_ml"])
    infants = pd.DataFrame({"mother": 0, "infant": 0, "time_min": [0.0, 180.0, 1440.0], "weight_kg": [3.4, 3.3, 3.2]})
    cohort = Cohort(shipped("none"), (0,), ({},), {"sessions": sessions, "infants": infants})
    found = _courses([cohort]).set_index(["what", "day"])["median"]
    assert found["intake_ml_per_day"].to_dict() == pytest.approx({1: 70.0, 2: 50.0})
    assert found["weight_kg"].to_dict() == pytest.approx({0: 3.4, 1: 3.2})
