"""`lactflow.diff`: what two folders have not in common, from facts made by hand."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pandas as pd
import pytest
from small_runs import FACTS, NAN, VISITS, let_down, sample, session, small_run

import lactflow
from lactflow.analysis import diff_rows
from lactflow.analysis.diff_first import WHEN
from lactflow.analysis.diff_rows import _rank, unmatched
from lactflow.errors import ArchiveError, ConfigError
from lactflow.recording.columns import columns
from lactflow.recording.folder import ResultFolder
from lactflow.records import IDENTITY, OPTIONAL_TABLES, TABLES


def with_visit(number, **changes):
    """The visits, one of them changed."""
    names = ("station", "packet", "queue_length", "entered_min", "started_min", "finished_min", "left_min")
    rows = list(VISITS)
    rows[number] = tuple({**dict(zip(names, rows[number], strict=True)), **changes}.values())
    return rows


def counts(found, table):
    """Rows in each run, and rows without an equal."""
    return next(tuple(each[1:5]) for each in found.counted if each.table == table)


@pytest.fixture
def base(tmp_path):
    """The run that others are compared with."""
    return small_run(tmp_path / "a")


def test_the_same_facts_are_identical(base, tmp_path):
    """Whatever the time of writing, the command, and the name in the config."""
    found = lactflow.diff(base, small_run(tmp_path / "b", command=["other"]))
    assert found.identical
    assert found.first is None
    assert found.config == found.about == found.units_a == found.units_b == ()
    assert counts(found, "visits") == (12, 12, 0, 0)
    assert found.tables["identical"].all()
    assert list(found.tables["table"]) == [table for table in TABLES if table not in OPTIONAL_TABLES]


def test_one_number_is_one_row(base, tmp_path):
    """The row of both, the column in it, and the time."""
    facts = [let_down(1, 70.0, 6.0) if fact == let_down(1, 70.0) else fact for fact in FACTS]
    found = lactflow.diff(base, small_run(tmp_path / "b", facts))
    assert not found.identical
    assert (found.first.time_min, found.first.table, found.first.columns) == (70.0, "let_downs", ("ejected_ml",))
    assert (found.first.a["ejected_ml"], found.first.b["ejected_ml"]) == (5.0, 6.0)
    assert found.first.a["session"] is None
    assert counts(found, "let_downs") == (2, 2, 1, 1)
    assert [table.table for table in found.counted if not table.is_same] == ["let_downs"]


def test_one_more_row_is_one_row(base, tmp_path):
    """Those after it have their equals, though none stands in its place."""
    found = lactflow.diff(
        base, small_run(tmp_path / "b", visits=[VISITS[0], (1, 0, 0, 1.0, 1.0, 2.0, 34.0), *VISITS[1:]])
    )
    assert counts(found, "visits") == (12, 13, 0, 1)
    assert (found.first.time_min, found.first.a, found.first.b["station"]) == (34.0, None, "golgi")
    assert found.first.columns == ()


def test_a_packet_differs_from_when_it_entered(base, tmp_path):
    """It left at 135 in one run; the let-down at 72 comes later than what it did at 70."""
    facts = [let_down(1, 72.0) if fact == let_down(1, 70.0) else fact for fact in FACTS]
    found = lactflow.diff(base, small_run(tmp_path / "b", facts, with_visit(7, entered_min=69.0, left_min=140.0)))
    assert (found.first.time_min, found.first.table) == (69.0, "visits")
    assert found.first.columns == ("entered_min", "left_min")
    assert found.first.b["left_min"] == 140.0


@pytest.mark.parametrize(
    ("change", "time_min", "table"),
    [
        ({"facts": [*FACTS[1:], let_down(0, 21.0)]}, 20.0, "let_downs"),
        (
            {"facts": [session(1, 70.0, 95.0, 81.0) if f == session(1, 70.0, 95.0) else f for f in FACTS]},
            95.0,
            "sessions",
        ),
        ({"facts": [session(1, 71.0, 95.0) if f == session(1, 70.0, 95.0) else f for f in FACTS]}, 69.0, "sessions"),
        ({"facts": FACTS[:-1]}, 120.0, "hormones"),
        ({"facts": [*FACTS[:-1], sample(120.0, 101.0)]}, 120.0, "hormones"),
        ({"visits": with_visit(3, queue_length=2)}, 30.0, "visits"),
        ({"visits": with_visit(11, left_min=NAN)}, 145.0, "visits"),
        ({"visits": with_visit(11, left_min=NAN, finished_min=NAN)}, 140.0, "visits"),
    ],
)
def test_when_the_runs_part(base, tmp_path, change, time_min, table):
    """An amount at the end of what it is of, an instant at the earlier of both, a queue at its entry."""
    found = lactflow.diff(base, small_run(tmp_path / "b", **change))
    assert (found.first.time_min, found.first.table) == (time_min, table)
    back = lactflow.diff(tmp_path / "b" / found.b.name, base)
    assert (back.first.time_min, back.first.a, back.first.b) == (time_min, found.first.b, found.first.a)


def test_an_event_comes_before_the_sample_of_the_same_instant(base, tmp_path):
    """What happened at 60, not what was measured then."""
    facts = [*FACTS[:4], sample(60.0, 90.0), sample(120.0), let_down(2, 60.0)]
    assert lactflow.diff(base, small_run(tmp_path / "b", facts)).first.table == "let_downs"


def test_the_same_rows_in_another_order(base, tmp_path):
    """The order of rows is part of what is promised."""
    facts = [FACTS[1], FACTS[0], *FACTS[2:4], FACTS[5], FACTS[4]]
    found = lactflow.diff(base, small_run(tmp_path / "b", facts))
    assert not found.identical
    assert found.first is None
    assert [table.table for table in found.counted if not table.same_order] == ["hormones"]


def test_units_of_work_that_one_run_has(base, tmp_path):
    """They are named, and the others compared."""
    other = small_run(tmp_path / "b", {(0, 0): FACTS, (0, 1): FACTS[:2]}, units=((0, 0), (0, 1)))
    found = lactflow.diff(base, other)
    assert (found.units_a, found.units_b, found.identical) == ((), ((0, 1),), False)
    assert counts(found, "visits") == (12, 12, 0, 0)
    third = small_run(tmp_path / "c", {(0, 0): FACTS, (0, 1): FACTS[:1]}, units=((0, 0), (0, 1)))
    found = lactflow.diff(other, third)
    assert (found.first.replicate, found.first.table, found.first.b) == (1, "sessions", None)


def test_configs_logs_and_manifests(base, tmp_path):
    """Dotted keys with both values; a name alone makes no difference, and versions neither."""
    config = "format: 1\nname: x\ngland: {lobes_per_breast: 3}\nschedule: [{kind: every, hours: 3}]\n"
    other = small_run(tmp_path / "b", config=config, files={"log.csv": b"start\n"}, build="older")
    found = lactflow.diff(base, other)
    assert {setting.key: (setting.a, setting.b) for setting in found.config if "sha256" not in setting.key} == {
        "name": (None, '"x"'),
        "gland.lobes_per_breast": (None, "3"),
        "schedule.0.kind": (None, '"every"'),
        "schedule.0.hours": (None, "3"),
    }
    assert [setting.key for setting in found.config][-1] == "sha256 of log.csv"
    assert [setting.key for setting in found.about] == ["build"]
    assert not found.identical
    named = small_run(tmp_path / "c", config="format: 1\ntitle: y\n", seed=2, versions={"lactflow": "0.0.1"})
    assert lactflow.diff(base, named).identical


def test_a_run_that_was_cut_off_is_not_identical(base, tmp_path):
    """Though all its rows are the same."""
    found = lactflow.diff(base, small_run(tmp_path / "b", ending="interrupted"))
    assert [tuple(setting) for setting in found.about] == [("status", '"complete"', '"interrupted"')]
    assert not found.identical


def test_long_runs_are_read_in_parts(monkeypatch, tmp_path):
    """Runs of 40 days, one of them with a packet more at first: what is kept at once stays below three days of rows."""
    monkeypatch.setattr("lactflow.recording.recorder.FLUSH_ROWS", 100)
    rows = [(0, n, 0, 100.0 * n, 100.0 * n, 100.0 * n + 30.0, 100.0 * n + 35.0) for n in range(576)]
    paths = []
    for name, visits in (("a", rows), ("b", [(1, 0, 0, 0.0, 0.0, 1.0, 2.0), *rows[:300], *rows[301:]])):
        paths.append(_flushed(tmp_path / name, visits))
    most = [0]
    settle = diff_rows._Side.settle

    def watched(self, *limits):
        settle(self, *limits)
        most[0] = max(most[0], 0 if self.rows is None else len(self.rows))

    monkeypatch.setattr(diff_rows._Side, "settle", watched)
    found = lactflow.diff(*paths)
    assert counts(found, "visits") == (576, 576, 1, 1)
    assert found.first.time_min == 2.0
    assert most[0] <= 100 + 15
    later = lactflow.diff(paths[0], _flushed(tmp_path / "c", [*rows[:300], *rows[301:]]))
    assert (later.first.time_min, later.first.a["packet"], later.first.b) == (30_035.0, 300, None)


def test_parts_of_other_lengths(monkeypatch, tmp_path):
    """Where a run was cut into parts is no difference."""
    rows = [(n % 2, n // 2, 0, 100.0 * n, 100.0 * n, 100.0 * n + 30.0, 100.0 * n + 35.0) for n in range(300)]
    paths = []
    monkeypatch.setattr("lactflow.recording.recorder.FLUSH_MIN", 14_400.0)  # so that the last is cut in two as well
    for name, length in (("a", 100), ("b", 37), ("c", 100_000)):
        monkeypatch.setattr("lactflow.recording.recorder.FLUSH_ROWS", length)
        paths.append(_flushed(tmp_path / name, rows))
    assert len(list(paths[1].glob("visits/*"))) > len(list(paths[0].glob("visits/*"))) > 2
    assert all(lactflow.diff(paths[0], path).identical for path in paths)


def _flushed(out, visits):
    from small_runs import KEYS

    from lactflow.recording.archive import Archive

    archive = Archive.create(out, "small", "format: 1\n", {}, {"seed": 1})
    recorder = archive.writer()
    recorder.stations(KEYS)
    for row in visits:
        recorder.visits.add(*row)
        recorder.instant_over(row[6])
    recorder.close(visits[-1][6])
    archive.finish("complete")
    return archive.path


def test_every_table_is_placed_in_time():
    """A new table needs a line in WHEN, with columns that it has."""
    assert set(WHEN) == set(TABLES)
    for table, when in WHEN.items():
        names = {column.name for column in columns(table)} - set(IDENTITY)
        named = {*when.key, *when.instants, *when.known, *when.known.values(), when.written, when.alone} - {""}
        assert named <= names, table
        times = [name for name in names if name.endswith("_min") and not re.search("duration|expressed", name)]
        assert bool(times) == bool(when.written), table


def test_pairs_of_equal_entries():
    """Twice here and once there leaves one; the first ones are paired."""
    a, b = np.array([5, 5, 7, 9], dtype=np.uint64), np.array([9, 5, 8], dtype=np.uint64)
    left_a, left_b = unmatched(a, b)
    assert left_a.tolist() == [False, True, True, False]
    assert left_b.tolist() == [False, False, True]
    assert _rank(np.array([3, 1, 3, 3, 1])).tolist() == [0, 0, 1, 2, 1]


def result_folder(out, frame, runs=()):
    """A comparison with one table, and runs."""
    folder = ResultFolder.create(out, "x", "comparison", {"seed": 1})
    folder.write("differences.parquet", frame.to_parquet(index=False))
    for run in runs:
        shutil.copytree(run, folder.path / "runs" / run.name)
    folder.finish("complete")
    return folder.path


def test_comparisons_by_their_tables_and_runs(base, tmp_path):
    """Runs are paired by their names without time and hash."""
    frame = pd.DataFrame({"measure": ["made", "stored"], "mean": [1.0, np.nan]})
    one = result_folder(tmp_path, frame, [base])
    other = small_run(tmp_path / "b", [*FACTS[:-1], sample(120.0, 101.0)])
    assert lactflow.diff(one, result_folder(tmp_path, frame, [base])).identical
    found = lactflow.diff(one, result_folder(tmp_path, frame.assign(mean=[2.0, np.nan]), [other]))
    assert counts(found, "differences") == (2, 2, 1, 1)
    assert (found.runs["small"].first.time_min, found.runs["small"].identical) == (120.0, False)
    assert set(found.tables["run"]) == {"", "small"}
    without = lactflow.diff(one, result_folder(tmp_path, frame.assign(more=1)))
    assert (without.runs_a, without.runs_b) == (("small",), ())
    assert without.counted[0].columns_b == ("more",)


def test_what_cannot_be_compared(base, tmp_path):
    """Two kinds; what is damaged is no difference."""
    folder = result_folder(tmp_path, pd.DataFrame({"x": [1]}))
    with pytest.raises(ConfigError, match=r"is a run and .* is a comparison"):
        lactflow.diff(base, folder)
    sweep = ResultFolder.create(tmp_path, "s", "sweep", {})
    sweep.finish("complete")
    with pytest.raises(ConfigError, match=r"is a sweep and .* is a run: they cannot be compared"):
        lactflow.diff(sweep.path, base)
    next(base.glob("visits/*-000001.parquet")).write_bytes(b"x")
    with pytest.raises(ArchiveError, match="is damaged") as raised:
        lactflow.diff(base, small_run(tmp_path / "b"))
    assert raised.value.exit_code == 4
