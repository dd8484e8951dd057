"""Points of a sweep that differ only in later phases of their schedules are simulated as one until these part."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal
from small_sweeps import CAPACITY, Here, recorded

import lactflow
from lactflow.errors import InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments import branched_memory
from lactflow.experiments.branched_memory import Failed, Future, simulate_as_one
from lactflow.experiments.memory import simulated_in_memory
from lactflow.experiments.sweep.estimate import chunks
from lactflow.experiments.sweep.families import families, families_for
from lactflow.experiments.sweep.shard import work_on_shard
from lactflow.experiments.sweep.work import Desk

LATER = "schedule.1.from_day"
DAYS = [30.5, 30.75, 30.9, 30.75001]
"""Of the second phase, in a run until day 31: at noon, in the evening, at night, and a moment after the second."""
CONFIG = """
format: 1
start_day: 30
days: 1
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 1.0}
schedule:
  - {kind: every, hours: 3}
  - {kind: every, from_day: 30.5, hours: 6}
"""


@pytest.fixture
def sweep(tmp_path, monkeypatch):
    """Sweeps that scenario over the day on which its schedule changes, in this process."""
    monkeypatch.chdir(tmp_path)
    Path("later.yaml").write_text(CONFIG, encoding="utf-8")

    def swept(**how):
        named = {"vary": {LATER: DAYS}, "executor": Here(), "workers": 1, "out": "out", **how}
        return lactflow.sweep("later.yaml", **named)

    return swept


@pytest.fixture
def apart(sweep, monkeypatch):
    """The same, each point from its beginning."""

    def swept(**how):
        with monkeypatch.context() as patch:
            patch.setattr("lactflow.experiments.sweep.work.can_branch", lambda: False)
            return sweep(**how)

    return swept


def test_results_are_those_of_points_from_their_beginning(sweep, apart):
    """Measures and a recorded table, to the bit; the summary says how many shared a past."""
    mine, expected = (each(replicates=2, record="removals") for each in (sweep, apart))
    assert (mine.counts.branched, expected.counts.branched) == (8, 0)
    assert mine.status == "complete"
    assert_frame_equal(mine.results, expected.results, check_exact=True)
    assert_frame_equal(recorded(mine), recorded(expected), check_exact=True)
    assert mine.results.groupby(LATER)["sessions_per_day"].first().tolist() == [6.0, 7.0, 8.0, 9.0]
    assert lactflow.open_sweep(mine.path).counts.branched == 8


def test_rows_of_the_past_are_sent_by_no_child(sweep, apart, monkeypatch):
    """The process that waits for all has them, also for those that part from a child."""
    monkeypatch.setattr("lactflow.recording.memory.FLUSH_MIN", 120.0)
    pack = branched_memory.packed

    def noted(unit, known):
        with Path("sent").open("a", encoding="utf-8") as sent:
            sent.write(f"{known['removals']} of {len(unit.parts['removals'])}\n")
        return pack(unit, known)

    monkeypatch.setattr(branched_memory, "packed", noted)
    mine, expected = (each(record="removals") for each in (sweep, apart))
    assert_frame_equal(mine.results, expected.results, check_exact=True)
    assert_frame_equal(recorded(mine), recorded(expected), check_exact=True)
    assert Path("sent").read_text(encoding="utf-8").splitlines() == ["5 of 8", "5 of 7", "5 of 7"]


def test_a_cohort_with_other_keys_too(sweep, apart):
    """Each mother and each value of another key has a past of its own."""
    how = {"vary": {LATER: DAYS[:2], CAPACITY: [120, 240]}, "cohort": 2}
    mine, expected = (each(**how) for each in (sweep, apart))
    assert mine.counts.branched == 8
    assert_frame_equal(mine.results, expected.results, check_exact=True)


def test_what_a_killed_child_was_at_is_simulated_again(sweep, apart, monkeypatch):
    """From its beginning, by its parent; it shared nothing then."""
    become = branched_memory._Simulation._become_child

    def killed(self, group, answers_out):
        become(self, group, answers_out)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(branched_memory._Simulation, "_become_child", killed)
    mine = sweep()
    assert mine.status == "complete"
    assert mine.counts.branched == 1
    assert_frame_equal(mine.results, apart().results, check_exact=True)


def test_what_fails_in_a_child_is_a_unit_that_failed(sweep, monkeypatch):
    """By its values and its reason; the others are complete."""
    become = branched_memory._Simulation._become_child

    def failing(self, group, answers_out):
        become(self, group, answers_out)
        if group[0] >= 2:  # those that part from a child
            raise ValueError("lost its way")

    monkeypatch.setattr(branched_memory._Simulation, "_become_child", failing)
    with pytest.raises(SomeUnitsFailedError, match="2 of 4 units are complete") as caught:
        sweep()
    assert "lost its way" in str(caught.value)
    assert str(caught.value).count(f"{LATER}=") == 2


def test_a_stop_reaches_the_child_and_the_sweep_goes_on(sweep, apart, monkeypatch):
    """What was found before is kept; no process is left."""
    fork, children = os.fork, []

    def noted():
        children.append(fork())
        return children[-1]

    planned = sweep(executor="none")
    monkeypatch.setattr(os, "fork", noted)

    def stop(_share, time_min):
        if time_min > (30.8 - 1.0) * 1440.0:
            raise InterruptedRunError(signal.SIGTERM)

    with pytest.raises(InterruptedRunError):
        Desk(planned.path).work(range(4), stop)
    with pytest.raises(ChildProcessError):
        os.waitpid(children[0], os.WNOHANG)
    assert Desk(planned.path).work(range(4))["failed"] == 0
    assert_frame_equal(lactflow.open_sweep(planned.path).results, apart().results, check_exact=True)


def test_shards_deal_out_families(sweep):
    """Each is the work of one shard."""
    planned = sweep(executor="none", replicates=3)
    assert [work_on_shard(planned.path, part, 2)["done"] for part in (1, 2)] == [8, 4]
    assert lactflow.open_sweep(planned.path).counts.branched == 12


def test_a_sweep_that_is_closed_knows_what_was_branched(sweep):
    """Its merged ledger says so."""
    from lactflow.experiments.sweep.close import close

    swept = sweep(replicates=2)
    close(swept.path)
    assert lactflow.open_sweep(swept.path).counts.branched == 8


# -- which units are put together --------------------------------------------------------------------------


def test_families_are_replicates_of_mothers(sweep):
    """Units of the plan go by point, then by replicate: those of each replicate are put together."""
    plan = sweep(executor="none", replicates=2).plan
    assert families(plan, range(8)) == [[0, 2, 4, 6], [1, 3, 5, 7]]
    assert families(plan, [7, 1, 2]) == [[7, 1], [2]]
    assert families_for(plan, range(8), 3) == [[unit] for unit in range(8)]


def test_without_schedules_that_vary_every_unit_is_alone(sweep):
    """In the order of the plan."""
    plan = sweep(executor="none", vary={CAPACITY: [120, 240]}, replicates=2).plan
    assert families(plan, range(4)) == [[0], [1], [2], [3]]


def test_families_stay_together_in_a_chunk():
    """As long as a chunk has room; one that is larger is a chunk of its own."""
    assert chunks([[0, 2], [1, 3], [4]], 60.0 / 4, 1) == [[0, 2], [1, 3], [4]]
    assert chunks([[0, 2, 4, 6], [1, 3]], 60.0, 1) == [[0, 2, 4, 6], [1, 3]]
    assert chunks([[unit] for unit in range(8)], 30.0, 1) == [[0, 1], [2, 3], [4, 5], [6, 7]]


def test_schedules_that_part_at_once_are_simulated_apart(sweep):
    """They have too little in common."""
    swept = sweep(vary={LATER: [30.01, 30.02]})
    assert swept.counts.branched == 0
    assert swept.status == "complete"


def test_the_summary_says_how_many(sweep):
    """As text and as JSON."""
    from click.testing import CliRunner

    from lactflow.cli import main

    typed = ["sweep", "later.yaml", "--vary", f"{LATER}=30.5,30.75", "--workers", "1", "--quiet"]
    assert "2 units shared a simulated past with others" in " ".join(CliRunner().invoke(main, typed).stdout.split())
    assert json.loads(CliRunner().invoke(main, [*typed, "--json"]).stdout)["branched"] == 2


# -- tables in memory --------------------------------------------------------------------------------------


def test_tables_are_those_of_runs_alone(tmp_path):
    """All of them, however often schedules part, with two that never do; progress does not go back."""
    path = tmp_path / "later.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    scenarios = [lactflow_scenario(path, day) for day in (*DAYS, 40, 40)]
    found, shares = {}, []
    again = simulate_as_one(
        [Future(each.config, each.logs) for each in scenarios],
        0,
        1,
        found.__setitem__,
        tables=("removals", "lobes", "balance"),
        progress=lambda share, _: shares.append(share),
    )
    assert again == 0
    assert shares == sorted(shares)
    assert not any(isinstance(each, Failed) for each in found.values())
    for number, scenario in enumerate(scenarios):
        (alone,) = simulated_in_memory(
            scenario.config, scenario.logs, 0, 1, tables=("removals", "lobes", "balance")
        ).units
        assert found[number].span_min == alone.span_min
        for table, parts in alone.parts.items():
            assert [part.equals(its) for part, its in zip(parts, found[number].parts[table], strict=True)] == [True]


def lactflow_scenario(path, day):
    from lactflow.config.scenario import load_scenario

    return load_scenario(path, [f"{LATER}={day}"])
