"""Units in memory over processes: their tables come back to the bit, a dead worker costs nothing, no file is made."""

from __future__ import annotations

import json
import warnings

import pytest
from pandas.testing import assert_frame_equal

import lactflow
from lactflow.analysis.run import MemoryRun
from lactflow.config.scenario import load_scenario
from lactflow.errors import InterruptedRunError, ScenarioWarning, SomeUnitsFailedError
from lactflow.experiments.in_memory import run_in_memory
from lactflow.experiments.memory import simulated_in_memory
from lactflow.recording.memory import NotKeptError
from lactflow.recording.packed import packed, unpacked
from lactflow.records import TABLES

TINY = ["gland.lobes_per_breast=1", "resolution.packet_ml=0.5"]


def scenario_of(name, settings=(), **keys):
    """A scenario, without its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        return load_scenario(name, [*TINY, *settings], **keys)


@pytest.mark.parametrize("name", ["every-three-hours", "twins"])
def test_tables_that_went_through_json_are_the_same(name, monkeypatch):
    """Rows, types, words, missing values and parts, of every table."""
    monkeypatch.setattr("lactflow.recording.memory.FLUSH_ROWS", 100)
    scenario = scenario_of(name, ["record.visits=true"], days=0.5)
    here = simulated_in_memory(scenario.config, scenario.logs)
    there = MemoryRun([unpacked(json.loads(json.dumps(packed(unit)))) for unit in here.units], lambda: "")
    assert there.tables == here.tables
    assert there.spans_min == here.spans_min
    assert len(there.arrow("visits")) > 1
    for table in TABLES:
        assert_frame_equal(there[table], here[table], check_exact=True)
        assert [part.num_rows for part in there.arrow(table)] == [part.num_rows for part in here.arrow(table)]
        assert all(mine.equals(its) for mine, its in zip(there.arrow(table), here.arrow(table), strict=True))
        assert all(part.schema.metadata == here.arrow(table)[0].schema.metadata for part in there.arrow(table))


def test_a_cohort_with_a_log_is_that_of_a_run_directory(tmp_path, monkeypatch):
    """Two workers, two mothers who keep a log: the tables that were asked for, and no file."""
    monkeypatch.chdir(tmp_path)
    settings = ["mother.cohort=2", "record.visits=false"]
    scenario = scenario_of("feeding-log", settings, days=0.5)
    shares: list[float] = []
    held = run_in_memory(scenario, ("removals", "mothers", "balance"), 2, lambda share, _: shares.append(share))
    assert list(tmp_path.iterdir()) == []
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        stored = lactflow.run("feeding-log", settings=[*TINY, *settings], days=0.5, workers=1)
    assert held.config_text == stored.config_text
    for table in held.tables:
        assert_frame_equal(held[table], stored[table], check_exact=True)
    with pytest.raises(NotKeptError):
        held.read("sessions")
    alone = run_in_memory(scenario, held.tables, 1)
    assert_frame_equal(alone["removals"], held["removals"], check_exact=True)


def test_a_dead_worker_costs_nothing(dying):
    """Its unit is simulated again, with the same rows; that is reported once."""
    scenario = scenario_of("every-three-hours", ["replicates=3", "record.visits=false"], days=1.0)
    reported, deaths = [], dying("0-1")
    held = run_in_memory(scenario, ("removals",), 2, on_retried=reported.extend)
    assert deaths() == 1
    assert [(each.work.named, each.reason) for each in reported] == [
        ("mother 0, replicate 1", "its worker died (killed by signal 9)")
    ]
    assert_frame_equal(held["removals"], run_in_memory(scenario, ("removals",), 1)["removals"], check_exact=True)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_is_reported_once_all_have_ended(workers):
    """One line for all, one for each, exit code 3; a stop is a stop."""
    scenario = scenario_of("every-three-hours", ["replicates=2"], days=0.1)
    with pytest.raises(SomeUnitsFailedError) as raised:
        run_in_memory(scenario, ("no-table",), workers)
    lines = str(raised.value).splitlines()
    assert lines[0] == "2 of 2 runs failed; the others were in memory, and are not kept"
    assert [line.partition(": ")[0] for line in lines[1:]] == ["mother 0, replicate 0", "mother 0, replicate 1"]
    assert "no table 'no-table'" in lines[1]
    assert raised.value.failed == ((0, 0), (0, 1))

    def stop(_share, _time_min):
        raise InterruptedRunError(15)

    with pytest.raises(InterruptedRunError):
        run_in_memory(scenario, ("removals",), workers, stop)
