"""Sessions with their removals: a day by hand, and secretion against what the model says it secreted."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import lactflow
from lactflow.analysis import onsets, sessions
from lactflow.analysis.onset import onset_h
from lactflow.analysis.sessions import _of_both
from lactflow.recording.archive import Archive
from lactflow.records import BreastSample, Removal, Session

NAN = math.nan


def _removal(session: int, kind: str, breast: str, start_min: float, **values) -> Removal:
    """A removal of ten minutes from a breast that holds 200 mL when full."""
    before, after = values["available_ml"] / 200.0, (values["available_ml"] - values["removed_ml"]) / 200.0
    values = {"fullness_start": before, "fullness_end": after, "let_downs": 1, **values}
    return Removal(
        **dict.fromkeys(Removal._fields[10:]),
        **values,
        session=session,
        kind=kind,
        breast=breast,
        start_min=start_min,
        end_min=start_min + 10.0,
    )


@pytest.fixture
def run(tmp_path):
    """A feed at both breasts, a bottle, a pump at both, a feed at the right one; born at half past ten."""
    archive = Archive.create(tmp_path, "day", 'format: 1\nbirth_clock: "10:30"\n', {}, {})
    recorder = archive.writer(2, 1)
    facts = [
        _removal(0, "feed", "left", 1500.0, available_ml=100.0, removed_ml=60.0, let_downs=2),
        _removal(0, "feed", "right", 1510.0, available_ml=50.0, removed_ml=30.0),
        Session(0, "feed", 0, 1495.0, 1500.0, 1520.0, "satiety", 90.0, None, None, None, None, "schedule"),
        Session(1, "bottle", 0, 1600.0, 1600.0, 1600.0, "schedule", 40.0, "formula", None, None, None, "schedule"),
        _removal(2, "pump", "left", 1740.0, available_ml=120.0, removed_ml=90.0, let_downs=3),
        _removal(2, "pump", "right", 1740.0, available_ml=0.0, removed_ml=0.0, let_downs=3),
        Session(2, "pump", None, 1740.0, 1740.0, 1750.0, "time", 90.0, None, 95.0, None, None, "schedule"),
        _removal(3, "feed", "right", 2880.0, available_ml=19.0, removed_ml=9.5),
        Session(3, "feed", 0, 2880.0, 2880.0, 2890.0, "empty", 9.5, None, None, None, None, "schedule"),
    ]
    for fact in facts:
        recorder.record(fact)
    recorder.close(2900.0)
    archive.finish("complete")
    return lactflow.open_run(archive.path)


def test_every_column_by_hand(run):
    """Clock, day, shares, intervals and secretion of four sessions."""
    table = run.sessions()
    whole = {
        "mother": [2] * 4,
        "replicate": [1] * 4,
        "session": [0, 1, 2, 3],
        "kind": ["feed", "bottle", "pump", "feed"],
        "infant": [0.0, 0.0, NAN, 0.0],
        "day": [2, 2, 2, 3],
        "clock_h": [11.5, 10.5 + 160.0 / 60.0, 15.5, 10.5],
        "start_min": [1500.0, 1600.0, 1740.0, 2880.0],
        "duration_min": [20.0, 0.0, 10.0, 10.0],
        "end_reason": ["satiety", "schedule", "time", "empty"],
        "intake_ml": [90.0, 40.0, 90.0, 9.5],
        "recorded_ml": [NAN, NAN, 95.0, NAN],
        "emptied_fraction": [90.0 / 150.0, NAN, 0.75, 0.5],
        "let_downs": [3.0, NAN, 3.0, 1.0],
    }
    left = {
        "interval_h": [NAN, NAN, 4.0, NAN],
        "secretion_ml_per_h": [NAN, NAN, (120.0 - 40.0) / 4.0, NAN],
        "fullness_between": [NAN, NAN, (0.2 + 0.6) / 2.0, NAN],
        "fullness_start": [0.5, NAN, 0.6, NAN],
        "fullness_end": [0.2, NAN, 0.15, NAN],
        "available_ml": [100.0, NAN, 120.0, NAN],
        "removed_ml": [60.0, NAN, 90.0, NAN],
        "emptied_fraction": [0.6, NAN, 0.75, NAN],
    }
    right = {
        "interval_h": [NAN, NAN, 230.0 / 60.0, 19.0],
        "secretion_ml_per_h": [NAN, NAN, -20.0 / (230.0 / 60.0), 1.0],
        "removed_ml": [30.0, NAN, 0.0, 9.5],
        "emptied_fraction": [0.6, NAN, NAN, 0.5],
    }
    by_hand = whole | {f"{name}_left": values for name, values in left.items()}
    by_hand |= {f"{name}_right": values for name, values in right.items()}
    assert list(table)[: len(whole)] == list(whole)
    assert len(table.columns) == len(whole) + 2 * 10
    pd.testing.assert_frame_equal(table[list(by_hand)], pd.DataFrame(by_hand), check_dtype=False, rtol=1e-12)


def test_a_run_without_sessions_has_the_columns(tmp_path):
    """And no rows; birth is at midnight where nobody says."""
    archive = Archive.create(tmp_path, "none", "", {}, {})
    archive.finish("complete")
    table = sessions(lactflow.open_run(archive.path))
    assert table.empty
    assert {"clock_h", "secretion_ml_per_h_left", "fat_end_g_per_l_right"} <= {*table.columns}


@pytest.fixture(scope="module")
def two_days(tmp_path_factory):
    """Two days on demand, without rows of visits."""
    return lactflow.run(
        "on-demand", days=2.0, settings=["record.visits=false"], out=tmp_path_factory.mktemp("runs"), workers=1
    )


def test_secretion_between_sessions_is_what_the_model_secreted(two_days):
    """What came to stay between sessions, added up, is the milk of the samples of the breasts."""
    table = two_days.sessions()
    breasts = two_days["breasts"]
    removals = two_days["removals"]
    for breast in ("left", "right"):
        between = (table[f"secretion_ml_per_h_{breast}"] * table[f"interval_h_{breast}"]).sum()
        starts = removals.loc[removals["breast"] == breast, "start_min"]
        samples = breasts[breasts["breast"] == breast]
        hours = samples["time_min"].diff() / 60.0
        made = (samples["secretion_ml_per_h"] * hours).cumsum().fillna(0.0)
        made_by = np.interp([starts.min(), starts.max()], samples["time_min"], made)
        assert between == pytest.approx(made_by[1] - made_by[0], rel=0.01)
    fed = table[table["kind"] == "feed"]
    assert np.nansum([fed["removed_ml_left"], fed["removed_ml_right"]]) == pytest.approx(fed["intake_ml"].sum())
    assert (fed["let_downs"] >= 1).mean() > 0.9


def test_onsets_are_reported_by_unit(tmp_path):
    """One row a mother and replicate, NaN for a breast that makes little."""
    archive = Archive.create(tmp_path, "onset", "", {}, {})
    for mother, peak in ((0, 20.0), (1, 2.0)):
        recorder = archive.writer(mother, 0)
        for hour in range(97):
            for breast in ("left", "right"):
                rate = None if hour == 0 else peak * hour / 96.0
                recorder.record(BreastSample(hour * 60.0, breast, 50.0, 100.0, rate))
        recorder.close(96.0 * 60.0)
    archive.finish("complete")
    run = lactflow.open_run(archive.path)
    table = onsets(run)
    assert table[["mother", "replicate"]].to_numpy().tolist() == [[0, 0], [1, 0]]
    breasts = run["breasts"]
    assert table["onset_h"].tolist() == pytest.approx([onset_h(breasts[breasts["mother"] == 0]), NAN], nan_ok=True)
    assert 34.0 < table["onset_h"].iloc[0] < 38.0


@pytest.mark.parametrize(("kind", "let_downs"), [("feed", 5.0), ("hand", 5.0), ("pump", 3.0)])
def test_let_downs_add_up_where_one_breast_follows_the_other(kind, let_downs):
    """Infant and hand are at one breast at a time; a pump at both has the same pulses twice."""
    rows = [
        _removal(0, kind, side, 100.0, available_ml=100.0, removed_ml=50.0, let_downs=count)
        for side, count in (("left", 2), ("right", 3))
    ]
    table = pd.DataFrame(rows).assign(mother=0, replicate=0)
    assert _of_both(table)["let_downs"].tolist() == [let_downs]
