"""Two simple forecasts and scores, by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from lactflow.analysis.forecasts import score, simple_forecasts

HOUR, DAY = 60.0, 1440.0


def rows(*volumes):
    """Volumes by time, kind, breast, mL."""
    return pd.DataFrame(volumes, columns=["planned_min", "kind", "breast", "recorded_ml"])


def test_simple_forecasts_by_hand():
    """Yesterday is the nearest by the clock of the last day; the rate is milk over hours since the last removal."""
    known = rows(
        (6 * HOUR, "pump", "left", 99.0),
        (12 * HOUR, "pump", "left", 60.0),
        (DAY + 6 * HOUR, "pump", "left", 100.0),
        (DAY + 12 * HOUR, "pump", "left", 80.0),
    )
    later = rows((2 * DAY + 7 * HOUR, "pump", "left", 90.0), (2 * DAY + 11.5 * HOUR, "pump", "left", 50.0))
    removals = pd.concat([known, later, rows((2 * DAY + 9 * HOUR, "feed", "left", math.nan))])
    found = simple_forecasts(known, later, removals)
    assert found["yesterday_ml"].tolist() == [100.0, 80.0]
    rate = (60.0 + 100.0 + 80.0) / (6 + 18 + 6)
    assert found["rate_ml"].tolist() == pytest.approx([19 * rate, 2.5 * rate])


def test_over_midnight_and_by_kind():
    """23:50 is near 00:10; a pumping is compared with pumpings where there are some."""
    known = rows((10.0, "pump", "both", 70.0), (12 * HOUR, "feed", "both", 30.0), (23 * HOUR, "feed", "both", 40.0))
    later = rows((DAY + 23 * HOUR + 50.0, "pump", "both", 0.0), (DAY + 13 * HOUR, "feed", "both", 0.0))
    assert simple_forecasts(known, later, known)["yesterday_ml"].tolist() == [70.0, 30.0]


def test_a_breast_that_nobody_knows_has_no_forecast():
    """NaN, and it does not count in the score of any method."""
    known = rows((6 * HOUR, "pump", "left", 99.0), (12 * HOUR, "pump", "left", 60.0))
    later = rows((DAY, "pump", "right", 50.0), (DAY, "pump", "left", 70.0))
    found = simple_forecasts(known, later, pd.concat([known, later]))
    assert found.isna().all(axis=1).tolist() == [True, False]
    ours = pd.DataFrame({"forecast_ml": [0.0, 75.0], "low_ml": [-1.0, 60.0], "high_ml": [1.0, 90.0]})
    found_score = score(later.join(found).join(ours))
    assert found_score.volumes == 1
    assert found_score.mae_ml == pytest.approx({"forecast": 5.0, "yesterday": 29.0, "rate": abs(60 / 6 * 12 - 70)})
    assert found_score.bias_ml["yesterday"] == 29.0
    assert found_score.inside == 0.5


def test_no_volumes_no_score():
    """NaN rather than a number."""
    columns = ["recorded_ml", "forecast_ml", "low_ml", "high_ml", "yesterday_ml", "rate_ml"]
    found_score = score(pd.DataFrame(columns=columns, dtype=float))
    assert found_score.volumes == 0
    assert math.isnan(found_score.inside)
    assert math.isnan(found_score.mae_ml["forecast"])
