"""Two at the breasts at once, and sessions that last as they were logged."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import lactflow
from lactflow.analysis.run import Run
from lactflow.errors import ScenarioWarning

HEADER = "start,kind,left_min,right_min,volume_ml,child\n"
CONFIG = """format: 1
start_day: 40
days: 1
resolution: {{packet_ml: 0.5}}
gland: {{lobes_per_breast: 2}}
record: {{visits: false}}
infants: [{infants}]
schedule: [{{kind: log, file: log.csv}}{more}]
"""


@pytest.fixture
def run(tmp_path):
    """Simulate a day of a log."""

    def run(*rows: str, infants: int = 1, more: str = "", **options: object) -> Run:
        (tmp_path / "log.csv").write_text(HEADER + "".join(f"2030-05-03 {row}\n" for row in rows))
        path = tmp_path / "a.yaml"
        path.write_text(CONFIG.format(infants=", ".join(["{}"] * infants), more=more))
        with warnings.catch_warnings(action="ignore", category=ScenarioWarning):
            return lactflow.run(path, out=tmp_path / "out", workers=1, **options)

    return run


EVERY_3 = tuple(f"{hour:02}:00" for hour in range(0, 24, 3))


def by_kind(run: Run) -> pd.DataFrame:
    """Milk removed and minutes, by kind of session and breast."""
    removals = run["removals"].assign(minutes=lambda table: table["end_min"] - table["start_min"])
    return removals.groupby(["kind", "breast"])[["removed_ml", "minutes"]].sum()


def test_a_pump_runs_while_the_infant_is_at_the_other_breast(run):
    """Both for their quarter of an hour; both breasts are drained."""
    done = run(*(row for time in EVERY_3 for row in (f"{time},breast,15,0,,", f"{time},pump,0,15,40,")))
    table = by_kind(done)
    assert list(table.index) == [("feed", "left"), ("pump", "right")]
    assert (table["removed_ml"] > 250.0).all()
    assert table["minutes"].to_numpy() == pytest.approx([8 * 15.0, 8 * 15.0], rel=0.05)
    sessions = done["sessions"]
    assert list(sessions.groupby("kind")["intake_ml"].sum().round(6)) == list(table["removed_ml"].round(6))
    assert sorted(sessions["session"]) == list(range(16))


def test_pulses_are_shared_by_everybody_at_the_breasts(run):
    """One pulse has one row a breast, of the session there; an infant lets milk down for the pump."""
    done = run(*(row for time in EVERY_3 for row in (f"{time},breast,15,0,,", f"{time},pump,0,15,40,")))
    let_downs = done["let_downs"].query("trigger != 'conditioned'")
    assert (let_downs.groupby("let_down").size() == 2).all()
    assert (let_downs.groupby("let_down")["breast"].nunique() == 2).all()
    kinds = done["sessions"].set_index("session")["kind"]
    assert set(let_downs.query("breast == 'left'")["session"].map(kinds)) == {"feed"}
    assert set(let_downs.query("breast == 'right'")["session"].map(kinds)) == {"pump"}
    alone = run(*(f"{time},pump,0,15,40," for time in EVERY_3))
    assert alone["removals"]["let_downs"].sum() <= done["removals"].query("kind == 'pump'")["let_downs"].sum()


def test_a_second_one_may_come_later_and_stay_longer(run):
    """The next session waits until both are over."""
    done = run("00:00,breast,10,0,,", "00:04,pump,0,15,,", "00:30,breast,5,0,,")
    sessions = done["sessions"].set_index("session")
    day = 39 * 1440.0
    assert sessions["start_min"].tolist()[:3] == pytest.approx([day, day + 4.0, day + 30.0])
    assert sessions.loc[1, "end_min"] >= day + 19.0
    released = done["let_downs"].query("session == 1 and breast == 'right'")
    assert (released["time_min"] >= day + 4.0).all()


def test_twins_feed_at_once(run):
    """One infant a breast, each with a meal of its own."""
    done = run(*(row for time in EVERY_3 for row in (f"{time},breast,12,0,,", f"{time},breast,0,12,,")), infants=2)
    sessions = done["sessions"]
    assert sessions.groupby("infant").size().tolist() == [8, 8]
    assert sessions.groupby("start_min").size().tolist() == [2] * 8
    assert (by_kind(done)["removed_ml"] > 250.0).all()
    assert sessions.groupby("infant")["intake_ml"].sum().min() > 250.0


def test_a_child_with_a_number_is_the_infant_of_that_number(run):
    """Bottles too."""
    done = run("00:00,breast,10,0,,2", "03:00,breast,10,0,,1", "06:00,bottle_formula,,,60,2", infants=2)
    assert done["sessions"]["infant"].tolist()[:3] == [1, 0, 1]


def test_a_sealed_breast_leaves_the_other_to_whoever_is_there(run):
    """Nobody joins whom the seal keeps away, and nothing waits for ever."""
    done = run(
        *(row for time in EVERY_3 for row in (f"{time},breast,15,0,,", f"{time},pump,0,15,40,")),
        more="]\ninterventions: [{kind: seal, side: left, start_day: 40}",
    )
    assert by_kind(done).index.tolist() == [("pump", "right")]


def test_a_feed_lasts_as_it_was_logged_milk_or_no_milk(run):
    """An infant that is satisfied stays; both breasts are offered as logged."""
    rows = [f"{time},breast,25,20,," for time in EVERY_3]
    done = run(*rows)
    sessions = done["sessions"]
    assert (sessions["end_reason"] == "time").all()
    assert (sessions["planned_duration_min"] == 45.0).all()
    assert (sessions["planned_sides"] == "both").all()
    assert (sessions["source"] == "log").all()
    minutes = sessions["end_min"] - sessions["start_min"]
    assert (minutes >= 45.0).all()
    assert (minutes < 50.0).all()
    assert (done["removals"].groupby("session").size() == 2).all()


@pytest.mark.parametrize("name", ["on-demand", "pumping"])
def test_sessions_that_no_log_asks_for(name, tmp_path):
    """A feed on demand lasts as long as the infant likes; a pumping has its minutes."""
    settings = ["resolution.packet_ml=0.5", "gland.lobes_per_breast=2"]
    sessions = lactflow.run(name, out=tmp_path, days=0.5, workers=1, settings=settings)["sessions"]
    assert len(sessions)
    assert sessions["planned_duration_min"].isna().all() == (name == "on-demand")
    assert (sessions["source"] == "schedule").all()
    assert set(sessions["planned_sides"]) <= {"left", "right", "both"}


def test_balance_holds_with_two_at_the_breasts(run):
    """Milk is removed once."""
    done = run(*(row for time in EVERY_3 for row in (f"{time},breast,15,0,,", f"{time},pump,0,15,40,")))
    assert done["balance"]["residual"].abs().max() < 1e-9


def test_the_end_of_a_run_ends_both(run):
    """Each with its removal."""
    done = run("00:00,breast,30,0,,", "00:05,pump,0,30,,", days=0.01)
    assert sorted(done["sessions"]["kind"]) == ["feed", "pump"]
    assert len(done["removals"]) == 2


def test_suckling_goes_on_for_prolactin_as_long_as_anybody_is_there(run):
    """A feed of two minutes does not end the bout of the pump beside it."""
    alike = ["record.sample_min=5", "dyad.expression.prolactin_share=1"]
    two = run("00:00,breast,2,0,,", "00:01,pump,0,40,,", days=0.05, settings=alike)
    one = run("00:00,pump,0,41,,", days=0.05, settings=alike)
    found = [done["hormones"]["prolactin_ng_per_ml"].iloc[-3:].mean() for done in (two, one)]
    assert found[0] == pytest.approx(found[1], rel=0.03)


def test_one_breast_is_pumped_after_the_other(run):
    """Where the log has them one after the other."""
    removals = run("00:00,pump,10,0,,", "00:11,pump,0,10,,")["removals"].sort_values("start_min")
    assert removals["breast"].tolist()[:2] == ["left", "right"]
    assert removals["start_min"].iloc[1] >= removals["end_min"].iloc[0]


def test_a_bottle_takes_no_time_of_the_breast(run):
    """It is given at its time, while the pump runs; an infant at the breast gets it after the feed."""
    done = run("00:00,pump,30,0,,", "00:10,bottle_formula,,,30,", "06:00,breast,20,0,,", "06:05,bottle_formula,,,30,")
    day = 39 * 1440.0
    bottles = done["sessions"].query("kind == 'bottle' and source == 'log'")["start_min"].tolist()
    assert bottles == pytest.approx([day + 10.0, day + 380.0])
    between = run("00:00,breast,20,0,,", "00:02,bottle_formula,,,30,", "00:04,pump,0,10,,")
    assert between["sessions"].query("kind == 'pump'")["start_min"].tolist()[0] == pytest.approx(day + 4.0)
