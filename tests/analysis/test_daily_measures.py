"""Measures of a small run whose numbers can be added up by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from lactflow.analysis.daily import MEASURES, by_replicate
from lactflow.analysis.run import open_run
from lactflow.recording.archive import Archive
from lactflow.records import BreastSample, InfantSample, LobeSample, Removal, Session

START_MIN = 1440.0
"""The run begins with day 2 and lasts a day and a half; samples every 8 hours."""

SAMPLED_MIN = [START_MIN + 480.0 * n for n in range(5)]


def _lobe(time_min: float, breast: str, **values) -> LobeSample:
    defaults = {
        **dict.fromkeys(LobeSample._fields, 0.0),
        **dict.fromkeys(("stat5", "lif", "stat3", "mrna", "junction_leak")),
        **dict.fromkeys(("lobe", "rer_queue", "golgi_queue", "fusion_queue", "growth_queue", "budding_queue"), 0),
    }
    return LobeSample(**{**defaults, "time_min": time_min, "breast": breast, **values})


def _removal(session: int, kind: str, breast: str, start_min: float, amounts: tuple, **values) -> Removal:
    """A removal of ten minutes; `amounts` are available_ml, removed_ml and let_downs."""
    defaults = dict.fromkeys(Removal._fields[10:])
    values |= dict(zip(("available_ml", "removed_ml", "let_downs"), amounts, strict=True))
    values = {**defaults, "fullness_start": 0.5, "fullness_end": 0.1, **values}
    return Removal(session, kind, breast, start_min, start_min + 10.0, **values)


def _facts() -> list[tuple]:
    facts: list[tuple] = []
    left_ml, left_rate = [100.0, 180.0, 40.0, 200.0, 100.0], [None, 30.0, 20.0, 10.0, 60.0]
    for n, time_min in enumerate(SAMPLED_MIN):
        facts += [
            BreastSample(time_min, "left", left_ml[n], 200.0, left_rate[n]),
            BreastSample(time_min, "right", 50.0, 200.0, None if n == 0 else 12.0),
            _lobe(time_min, "left", inhibitor=0.1 * n, upr_adaptive=0.5, active_cells=0.8),
            _lobe(time_min, "right", inhibitor=0.0, upr_adaptive=0.0, active_cells=0.6),
            InfantSample(time_min, 0, None, None, 0.0, 0.0),
        ]
    whole = {"lactose_g_per_l": 70.0, "protein_g_per_l": 9.0, "sodium_mmol_per_l": 7.0, "potassium_mmol_per_l": 14.0}
    return [
        *facts,
        _removal(0, "feed", "left", 1500.0, (200.0, 100.0, 2), fat_g_per_l=40.0, **whole),
        _removal(0, "feed", "right", 1510.0, (100.0, 100.0, 1), fat_g_per_l=60.0, **whole),
        _removal(1, "pump", "left", 2000.0, (80.0, 20.0, 4), fat_g_per_l=20.0, **whole),
        _removal(2, "feed", "right", 2879.0, (0.0, 0.0, 0)),
        _removal(4, "feed", "left", 2880.0, (100.0, 60.0, 1), fat_g_per_l=30.0, **whole),
        Session(0, "feed", 0, 1500.0, 1500.0, 1520.0, "satiety", 200.0, None, None, None, None, "schedule"),
        Session(1, "pump", None, 2000.0, 2000.0, 2010.0, "schedule", 20.0, None, None, None, None, "schedule"),
        Session(2, "feed", 0, 2879.0, 2879.0, 2889.0, "empty", 0.0, None, None, None, None, "schedule"),
        Session(3, "bottle", 0, 2500.0, 2500.0, 2505.0, "schedule", 35.0, "formula", None, None, None, "schedule"),
        Session(4, "feed", 0, 2880.0, 2880.0, 2890.0, "satiety", 60.0, None, None, None, None, "schedule"),
    ]


@pytest.fixture
def run(tmp_path):
    """Two replicates alike, but for a mother who only sleeps in the second."""
    archive = Archive.create(tmp_path, "small", "", {}, {})
    for replicate in range(2):
        recorder = archive.writer(0, replicate)
        for fact in _facts():
            if replicate == 0 or not isinstance(fact, Removal | Session):
                recorder.record(fact)
        recorder.close(START_MIN + 1.5 * 1440.0)
    archive.finish("complete")
    return open_run(archive.path)


def test_days_are_added_up_by_hand(run):
    """Every measure of a whole day and of half a day."""
    daily = run.daily()
    assert list(daily) == ["mother", "replicate", "day", "observed_days", *MEASURES]
    assert daily[["mother", "replicate", "day", "observed_days"]].to_numpy().tolist() == [
        [0, 0, 2, 1.0],
        [0, 0, 3, 0.5],
        [0, 1, 2, 1.0],
        [0, 1, 3, 0.5],
    ]
    whole, half = daily.iloc[0], daily.iloc[1]
    by_hand = {
        "made_ml_per_day": (480.0 + 288.0, 24.0 * 60.0 + 288.0),
        "made_ml_per_day_left": (8.0 * (30.0 + 20.0 + 10.0), 24.0 * 60.0),
        "made_ml_per_day_right": (288.0, 288.0),
        "removed_ml_per_day": (220.0, 120.0),
        "removed_ml_per_day_left": (120.0, 120.0),
        "removed_ml_per_day_right": (100.0, 0.0),
        "intake_ml_per_day": (235.0, 120.0),
        "stored_ml": ((150.0 + 230.0 + 90.0) / 3.0, (8.0 * 250.0 + 4.0 * 150.0) / 12.0),
        "sessions_per_day": (4.0, 2.0),
        "fullness": ((0.5 + 0.9 + 0.2 + 3 * 0.25) / 6.0, (8.0 * 1.25 + 4.0 * 0.75) / 24.0),
        "emptied_fraction": ((0.5 + 1.0 + 0.25) / 3.0, 0.6),
        "let_downs_per_feed": (1.5, 1.0),
        "hours_above_80_percent_full_per_day": (4.0, 8.0),
        "upr_exposure_h_per_day": (6.0, 6.0),
        "inhibitor": (0.05, (8.0 * 0.15 + 4.0 * 0.2) / 12.0),
        "active_cells_fraction": (0.7, 0.7),
        "fat_g_per_l": ((40.0 * 100.0 + 60.0 * 100.0 + 20.0 * 20.0) / 220.0, 30.0),
        "fat_g_per_day": (4.0 + 6.0 + 0.4, 2.0 * 1.8),
        "lactose_g_per_l": (70.0, 70.0),
        "protein_g_per_l": (9.0, 9.0),
        "sodium_mmol_per_l": (7.0, 7.0),
        "na_k_ratio": (0.5, 0.5),
    }
    unknown = ["infant_weight_kg", "siga_g_per_day", "lactoferrin_g_per_day", "activation_h", "onset_h"]
    assert {*by_hand, *unknown} == set(MEASURES)
    for measure, (on_the_whole_day, on_half_a_day) in by_hand.items():
        assert whole[measure] == pytest.approx(on_the_whole_day, rel=1e-12), measure
        assert half[measure] == pytest.approx(on_half_a_day, rel=1e-12), measure
    assert whole[unknown].isna().all()


def test_a_day_without_sessions_removes_nothing(run):
    """No removal is 0 mL, and has no composition."""
    quiet = run.daily().iloc[2]
    assert quiet["removed_ml_per_day"] == quiet["intake_ml_per_day"] == quiet["sessions_per_day"] == 0.0
    assert quiet["fat_g_per_day"] == 0.0
    assert quiet[["emptied_fraction", "let_downs_per_feed", "fat_g_per_l"]].isna().all()
    assert quiet["made_ml_per_day"] == pytest.approx(768.0, rel=1e-12)


def test_the_summary_weighs_by_time_and_occasion(run):
    """A window is not the mean of its days: half a day counts half."""
    units = by_replicate(run).set_index("replicate")
    assert units.loc[0, "observed_days"] == 1.5
    assert units.loc[0, "removed_ml_per_day"] == pytest.approx(280.0 / 1.5, rel=1e-12)
    assert units.loc[0, "emptied_fraction"] == pytest.approx((0.5 + 1.0 + 0.25 + 0.6) / 4.0, rel=1e-12)
    # 32 hours lie between the first sample and the last.
    assert units.loc[0, "made_ml_per_day_left"] == pytest.approx((480.0 + 480.0) / 32.0 * 24.0, rel=1e-12)
    assert run.summary()["removed_ml_per_day"] == pytest.approx(280.0 / 3.0, rel=1e-12)
    assert list(run.summary()) == list(MEASURES)


def test_the_warm_up_is_left_out(run):
    """What is before the window does not count, and an interval across its edge counts in part."""
    summary = run.summary(warm_up_days=0.5)
    assert summary["removed_ml_per_day"] == pytest.approx(60.0 / 2.0, rel=1e-12)
    assert summary["made_ml_per_day_left"] == pytest.approx((4 * 20.0 + 8 * 10.0 + 8 * 60.0) / 20.0 * 24.0, rel=1e-12)
    assert summary["stored_ml"] == pytest.approx((4 * 230.0 + 8 * 90.0 + 8 * 250.0 + 4 * 150.0) / 24.0, rel=1e-12)
    assert all(math.isnan(value) for value in run.summary(warm_up_days=2.0).values())
    with pytest.raises(ValueError, match="warm_up_days"):
        run.summary(warm_up_days=-1.0)


def test_samples_that_miss_midnight_are_cut_there(tmp_path):
    """An interval over several days gives each its share."""
    archive = Archive.create(tmp_path, "sparse", "", {}, {})
    recorder = archive.writer()
    for time_min, rate in ((-720.0, None), (1440.0 + 720.0, 10.0)):
        for breast in ("left", "right"):
            recorder.record(BreastSample(time_min, breast, 90.0, 100.0, rate))
    recorder.close(1440.0 + 720.0)
    archive.finish("complete")
    daily = open_run(archive.path).daily()
    assert daily[["day", "observed_days"]].to_numpy().tolist() == [[0, 0.5], [1, 1.0], [2, 0.5]]
    assert daily["made_ml_per_day"].tolist() == pytest.approx([480.0] * 3, rel=1e-12)
    assert daily["hours_above_80_percent_full_per_day"].tolist() == pytest.approx([24.0] * 3, rel=1e-12)


def test_a_run_without_facts_has_no_days(tmp_path):
    """A run that was just begun has the columns and no rows."""
    archive = Archive.create(tmp_path, "empty", "", {}, {})
    run = open_run(archive.path)
    daily = run.daily()
    assert isinstance(daily, pd.DataFrame)
    assert len(daily) == 0
    assert list(daily) == ["mother", "replicate", "day", "observed_days", *MEASURES]
    assert all(math.isnan(value) for value in run.summary().values())
    assert len(run.events()) == 0
    archive.finish("failed", error="nothing to do")
