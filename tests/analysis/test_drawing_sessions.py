"""Pictures of sessions, schedules, logs and stations: what is drawn is what the tables have."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import lactflow
from lactflow.analysis.drawing.day import _draw_sessions
from lactflow.analysis.drawing.feed import _draw_side, is_together, let_downs_of, typical_session
from lactflow.analysis.drawing.logged import draw_log, top_ml, volumes_of
from lactflow.analysis.drawing.schedule import _split, draw_schedule, write_milk
from lactflow.errors import ConfigError

mpl.use("Agg")
plt = import_module("matplotlib.pyplot")  # once it is settled what it draws on
LOG = """start,kind,left_min,right_min,volume_ml
2024-03-01 06:00,pump,15,15,120
2024-03-01 10:00,pump,15,15,90
2024-03-01 23:50,pump,15,15,100
2024-03-02 06:00,pump,15,15,130
"""
CONFIG = (
    "format: 1\nname: log\nstart_day: 30\nresolution: coarse\n"
    "schedule: [{kind: log, file: log.csv}]\ninfants: []\nrecord: {visits: false}\n"
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A day and a half of a pumped log with volumes, in two replicates."""
    folder = tmp_path_factory.mktemp("drawing")
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    (folder / "log.yaml").write_text(f"{CONFIG}days: 1.5\n", encoding="utf-8")
    return lactflow.run(folder / "log.yaml", replicates=2, out=folder, workers=1)


@pytest.fixture(autouse=True)
def closed():
    """No figure stays open."""
    yield
    plt.close("all")


def test_let_downs_of_a_session_add_up_to_what_was_removed(run):
    """Milk by breast, and fat by milk: the means of the session."""
    removals = run["removals"]
    removals = removals[(removals["replicate"] == 0) & (removals["session"] == 1)].set_index("breast")
    rows = let_downs_of(run, 1)
    milk = rows.groupby("breast")["removed_ml"].sum()
    np.testing.assert_allclose(milk, removals["removed_ml"].reindex(milk.index), rtol=1e-12)
    fat = (rows["fat_g_per_l"] * rows["removed_ml"]).groupby(rows["breast"]).sum() / milk
    np.testing.assert_allclose(fat, removals["fat_g_per_l"].reindex(fat.index), rtol=1e-9)
    assert rows["minute"].between(0.0, 15.0).all()
    np.testing.assert_allclose(rows["flow_ml_per_min"], rows["removed_ml"] / 1.5)


def test_bars_of_a_session_are_its_let_downs(run):
    """As wide as a contraction, as high as the flow; fat at the right, rising."""
    axes = run.plot.feed(1)
    rows = let_downs_of(run, 1)
    bars = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in axes.patches]
    expected = pd.concat([rows[rows["breast"] == side] for side in ("left", "right")])
    # A pump takes milk from both at once: the left one has the first half of the contraction, the right one the second.
    half = 0.5 * expected["length_min"]
    begin = expected["minute"] + half.where(expected["breast"] == "right", 0.0)
    np.testing.assert_allclose(bars, np.column_stack([begin, half, expected["flow_ml_per_min"]]))
    assert len({bar.get_linestyle() for bar in axes.patches}) == 2
    assert "on the bars: mL" in axes.get_title(loc="left")
    fat = axes.figure.axes[1].get_lines()[0].get_ydata()
    assert fat[-1] > fat[0]
    assert axes.get_title(loc="left").startswith("Pump at day 30, 10:00, ")


def test_bars_have_the_whole_contraction_where_breasts_give_in_turn(run):
    """None of them would lie on another one."""
    rows = let_downs_of(run, 1)
    assert is_together(rows)
    in_turn = rows.assign(minute=rows["minute"] + 20.0 * (rows["breast"] == "right"))
    assert not is_together(in_turn)
    axes = plt.subplots()[1]
    fat = axes.twinx()
    left = in_turn[in_turn["breast"] == "left"]
    _draw_side(axes, fat, left, 0, together=False)
    bars = [(bar.get_x(), bar.get_width()) for bar in axes.patches]
    np.testing.assert_allclose(bars, left[["minute", "length_min"]])
    assert axes.texts[0].get_text().endswith(" mL")


def test_a_typical_session_is_the_middle_one(run):
    """Of those up to a time by their number of let-downs."""
    removals = run["removals"]
    mine = removals[removals["replicate"] == 0]
    counts = mine.groupby("session")["let_downs"].sum().sort_values(kind="stable")
    assert typical_session(run) == counts.index[len(counts) // 2]
    assert typical_session(run, 29 * 1440.0 + 400.0) == 0


def test_a_log_is_beside_the_model(run):
    """Recorded volumes as in the file, simulated ones as means of the replicates; a changed run beside it."""
    axes = run.plot.log()
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert lines["recorded"].get_ydata().tolist() == [120.0, 90.0, 100.0, 130.0]
    recorded = run.recorded()
    means = recorded.groupby("planned_min")["simulated_ml"].mean()
    np.testing.assert_allclose(lines["model"].get_ydata(), means)
    both = draw_log({"model": run, "again": run})
    assert [text.get_text() for text in both.get_legend().get_texts()] == ["recorded", "model", "again"]
    scatter = run.plot.agreement()
    points = scatter.collections[0].get_offsets()
    np.testing.assert_allclose(points, volumes_of(run)[["recorded_ml", "simulated_ml"]])


def test_breasts_of_a_log_differ_in_shape_and_colour(tmp_path):
    """Markers point to the side, in one picture of both, against each other, and in a picture of one breast."""
    log = "start,kind,left_min,right_min,left_ml,right_ml\n2024-03-01 06:00,pump,15,15,70,50\n"
    (tmp_path / "log.csv").write_text(f"{log}2024-03-01 10:00,pump,15,15,40,45\n", encoding="utf-8")
    (tmp_path / "log.yaml").write_text(f"{CONFIG}days: 0.6\n", encoding="utf-8")
    found = lactflow.run(tmp_path / "log.yaml", out=tmp_path, workers=1)
    lines = {line.get_label(): line for line in found.plot.log().get_lines()}
    assert list(lines) == ["recorded, left", "recorded, right", "model, left", "model, right"]
    assert [line.get_marker() for line in lines.values()] == ["<", ">", "<", ">"]
    assert [line.get_fillstyle() for line in lines.values()] == ["none", "none", "full", "full"]
    assert lines["model, left"].get_color() != lines["model, right"].get_color()
    assert lines["recorded, right"].get_ydata().tolist() == [50.0, 45.0]
    right = found.plot.log(breast="right")
    assert right.get_ylabel() == "right breast [mL]"
    assert [line.get_label() for line in right.get_lines()] == ["recorded", "model"]
    left, right = found.plot.agreement().collections
    assert [each.get_label() for each in (left, right)] == ["pump, left", "pump, right"]
    assert not np.array_equal(left.get_paths()[0].vertices, right.get_paths()[0].vertices)
    with pytest.raises(ConfigError, match=r"no volumes of breast 'both' \(those of the log: left, right\)"):
        found.plot.log(breast="both")


def test_sessions_over_midnight_are_two_bars():
    """On the rows of both days."""
    assert list(_split(1430.0, 1450.0, 0.1, 0.9)) == [
        (1430 / 60, 24.0, 0.1, 0.9),
        (0.0, pytest.approx(10 / 60), 1.1, 1.9),
    ]
    assert list(_split(600.0, 600.0, 0.1, 0.9)) == [(10.0, pytest.approx(10.1), 0.1, 0.9)]


def test_a_schedule_has_each_session_in_its_lane_by_the_clock(run):
    """Left above right, the first day at the top, with its milk."""
    axes = run.plot.schedule()
    (path,) = [patch.get_path() for patch in axes.patches if patch.get_label() == "pump"]
    corners = path.vertices.reshape(-1, 5, 2)
    starts = sorted({(round(float(box[0, 0]), 3), int(box[0, 1] // 1)) for box in corners})
    assert starts == [(0.0, 30), (6.0, 29), (6.0, 30), (10.0, 29), (23.833, 29)]
    assert len(corners) == 10  # both breasts of four sessions, one of them over midnight
    assert [label.get_text() for label in axes.get_yticklabels()] == ["day 30", "day 31"]
    milk = run["sessions"]
    assert {text.get_text() for text in axes.texts} <= {f"{each:.0f}" for each in milk["intake_ml"]}


def test_a_session_over_the_last_midnight_is_no_day_more():
    """It begins at 23:50 of the only day."""
    whose = {"mother": 0, "replicate": 0, "kind": "feed", "start_min": [600.0, 1430.0], "end_min": [615.0, 1450.0]}
    frames = {
        "removals": pd.DataFrame(whose | {"breast": "left"}),
        "sessions": pd.DataFrame(whose | {"intake_ml": 80.0}),
    }
    run = SimpleNamespace(read=lambda name, columns: frames[name][columns], config_text="birth_clock: '00:00'\n")
    axes = draw_schedule(run)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["day 1"]
    assert axes.get_ylim() == (1.0, 0.0)


def test_numbers_above_a_day_do_not_touch():
    """Feeds that follow one another within minutes: three rows of numbers, then the first again."""
    axes = plt.subplots()[1]
    starts = [720.0, 735.0, 750.0, 780.0]
    sessions = pd.DataFrame({"kind": "feed", "intake_ml": [51.0, 17.0, 16.0, 30.0], "start_min": starts})
    _draw_sessions(axes, sessions.assign(end_min=sessions["start_min"] + 5.0), 0.0, 1440.0)
    heights = [round(text.get_position()[1], 2) for text in axes.texts]
    assert heights == [1.01, 1.05, 1.09, 1.01]


def test_numbers_of_a_schedule_do_not_touch():
    """Twins: one that the next session would cover is left out, and one that would pass midnight."""
    axes = plt.subplots()[1]
    starts = [600.0, 605.0, 700.0, 1415.0, 2040.0]
    sessions = pd.DataFrame({"start_min": starts, "intake_ml": [40.0, 16.0, 8.0, 70.0, 100.0]})
    write_milk(axes, sessions.assign(end_min=sessions["start_min"] + 10.0), 0.0)
    assert [text.get_text() for text in axes.texts] == ["16", "8", "100"]


def test_stations_are_drawn_as_the_table_has_them(run):
    """The last sample before the time."""
    axes = run.plot.pipeline(30.5, lobe=1)
    queues = run["queues"]
    mine = queues[(queues["replicate"] == 0) & (queues["breast"] == "left") & (queues["lobe"] == 1)]
    last = mine[mine["time_min"] <= 29.5 * 1440.0]
    last = last[last["time_min"] == last["time_min"].max()].set_index("station")
    widths = {label: [] for label in ("in service", "blocked", "waiting")}
    for container in axes.containers:
        if container.get_label() in widths:
            widths[container.get_label()].append(container.patches[0].get_width())
    assert widths["in service"] == [last["in_service"].iloc[0]]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["RER", "Golgi", "fusion", "growth", "budding"]


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda run: run.plot.feed(40), "there is no session 40 in the run (its sessions: 0 to 3)"),
        (lambda run: run.plot.pipeline(30.5, lobe=77), "the run has no samples of the stations of lobe 77"),
        (lambda run: run.plot.feed(0, mother=9), "there is no session 0 in the run (its sessions: none)"),
        (lambda run: run.plot.schedule(mother=9), "the run has no sessions that could be drawn"),
        (lambda run: run.plot.log(mother=9), "the run has no recorded volumes"),
        (lambda run: run.plot.agreement(mother=9), "the run has no recorded volumes"),
    ],
)
def test_what_is_not_there_is_one_line(run, draw, words):
    """With what there is."""
    with pytest.raises(ConfigError) as error:
        draw(run)
    assert str(error.value).startswith(words)


def test_a_slip_of_the_pen_is_marked_at_the_edge():
    """By hand: 90 volumes of 60 to 100 mL and one of 491: the axis ends at 1.6 times what nearly all have, and 5 %."""
    recorded = pd.Series([*np.linspace(60.0, 100.0, 90), 491.0])
    table = pd.DataFrame({"recorded_ml": recorded, "simulated_ml": np.full(91, 80.0)})
    top = top_ml([table])
    assert top == pytest.approx(1.05 * 1.6 * recorded.quantile(0.95))
    assert top_ml([table[:90]]) == pytest.approx(1.05 * 100.0)
    assert top_ml([table.assign(simulated_ml=300.0)]) == pytest.approx(1.05 * 480.0)
