"""A sweep is closed: its parts are merged, whatever kills it and whoever works meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from small_sweeps import copied

import lactflow
from lactflow.experiments.sweep import close as closing
from lactflow.experiments.sweep import work as working
from lactflow.experiments.sweep.close import close


def test_closing_merges_and_changes_nothing(example, tmp_path):
    """Few files, sorted by unit; a second time nothing happens."""
    path = copied(example, tmp_path)
    found = close(path)
    assert found.before > found.after == 3
    assert close(path) == (3, 3)
    closed = lactflow.open_sweep(path)
    assert_frame_equal(closed.results, example.results, check_exact=True)
    assert pd.read_parquet(path / "rows")["key"].tolist() == example.plan.keys
    assert closed.dataset["removals"].count_rows() == example.dataset["removals"].count_rows()
    assert closed.counts.complete == 6
    assert closed.counts.cpu_s == pytest.approx(example.counts.cpu_s, abs=0.01)


def test_closing_keeps_parts_small(example, tmp_path):
    """About so many bytes each."""
    path = copied(example, tmp_path)
    close(path, largest_bytes=1)
    assert len(list((path / "rows").iterdir())) == 6
    assert_frame_equal(lactflow.open_sweep(path).results, example.results, check_exact=True)


class KilledError(BaseException):
    """As `kill -9`: nothing is cleaned up."""


@pytest.mark.parametrize("steps", [(3, 8, 12), pytest.param(range(1, 200), marks=pytest.mark.slow)])
def test_closing_may_be_killed_anywhere(example, tmp_path, monkeypatch, steps):
    """At each step on the disk: every result is there once, then and after the next closing."""
    for kill_at in steps:
        path = Path(shutil.copytree(example.path, tmp_path / f"copy-{kill_at}"))
        with monkeypatch.context() as patch:
            _dying_at(patch, kill_at)
            try:
                close(path)
            except KilledError:
                pass
            else:
                break
        seen = lactflow.open_sweep(path)
        if seen.counts.complete == 6:
            assert_frame_equal(seen.results, example.results, check_exact=True)
        close(path)
        assert_frame_equal(lactflow.open_sweep(path).results, example.results, check_exact=True)
        assert len(pd.read_parquet(path / "rows")) == 6
    assert kill_at > 10


def _dying_at(patch, kill_at):
    """Every rename, removal and write of a part counts; the one of that number is the last."""
    steps = []

    def counted(function):
        def step(*args, **named):
            steps.append(function)
            if len(steps) == kill_at:
                raise KilledError
            return function(*args, **named)

        return step

    patch.setattr(Path, "rename", counted(Path.rename))
    patch.setattr(Path, "unlink", counted(Path.unlink))
    patch.setattr(closing, "write_part", counted(closing.write_part))
    patch.setattr(closing, "replace_file", counted(closing.replace_file))


def test_a_worker_may_go_on_while_a_sweep_is_closed(swept, example, monkeypatch):
    """What it adds to its ledger between the reading and the removal is carried over."""
    sweep = swept(executor="none", replicates=2, record="removals")
    desk = working.Desk(sweep.path)
    desk.work(range(2))
    working.Desk(sweep.path).work(range(2, 4))
    real = closing.replace_file

    def replace_file(*args):
        real(*args)
        desk.work([4])

    monkeypatch.setattr(closing, "replace_file", replace_file)
    close(sweep.path)
    assert lactflow.open_sweep(sweep.path).counts.complete == 5
    desk.work([5])
    close(sweep.path)
    found = lactflow.open_sweep(sweep.path)
    assert found.counts.complete == 6
    assert_frame_equal(found.results, example.results, check_exact=True)
