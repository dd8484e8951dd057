"""A run in memory gives what a run directory gives, to the bit."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import lactflow
from lactflow.analysis import by_replicate, daily, onsets, sessions
from lactflow.analysis.tally import TALLIED
from lactflow.config.scenario import load_scenario
from lactflow.errors import ScenarioWarning
from lactflow.experiments.memory import simulated_in_memory
from lactflow.recording.memory import NotKeptError
from lactflow.recording.reader import UnknownTableError
from lactflow.records import OPTIONAL_TABLES

SHORT = {"every-three-hours": 1.0, "twins": 0.5, "one-breast-sealed-then-emptied": 1.0}
LONG = {"first-week": 7.0, "feeding-log": 12.0, "abrupt-weaning": 15.0}


def both(name, days, folder):
    """The same unit in a directory and in memory."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        stored = lactflow.run(name, settings="resolution=coarse", days=days, out=folder, workers=1)
    scenario = load_scenario(name, ["resolution=coarse"], days=days)
    return stored, simulated_in_memory(scenario.config, scenario.logs)


def alike(stored, held):
    """Everything that is read, and everything that is made of it."""
    assert held.tables == stored.tables
    assert held.spans_min == stored.spans_min
    for table in stored.tables:
        assert_frame_equal(held[table], stored[table], check_exact=True)
    for function in (by_replicate, daily, onsets, sessions):
        assert_frame_equal(function(held), function(stored), check_exact=True)
    assert held.summary(0.25) == pytest.approx(stored.summary(0.25), rel=0, abs=0, nan_ok=True)


@pytest.mark.parametrize("name", SHORT)
def test_it_gives_what_a_run_directory_gives(name, tmp_path):
    """Tables, spans, measures, onsets and sessions are equal to the bit."""
    alike(*both(name, SHORT[name], tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_runs_of_several_flushes_too(name, tmp_path):
    """Parts are cut at the same instants."""
    stored, held = both(name, LONG[name], tmp_path)
    alike(stored, held)
    for table in ("lobes", "visits"):
        pairs = zip(stored.read_in_parts(table), held.read_in_parts(table), strict=True)
        for mine, its in pairs:
            assert_frame_equal(mine, its, check_exact=True)


def test_measures_need_few_tables(tmp_path):
    """Without visits and the tables that no measure is made of, measures are the same."""
    stored, _ = both("every-three-hours", 0.5, tmp_path)
    scenario = load_scenario("every-three-hours", ["resolution=coarse"], days=0.5)
    held = simulated_in_memory(scenario.config, scenario.logs, tables=TALLIED)
    assert_frame_equal(by_replicate(held), by_replicate(stored), check_exact=True)
    assert set(held.tables) == set(TALLIED) - set(OPTIONAL_TABLES)


def test_a_table_that_was_not_kept_is_not_an_empty_one():
    """Reading it is an error by name, and so is a table that does not exist."""
    scenario = load_scenario("every-three-hours", ["resolution=coarse"], days=0.1)
    held = simulated_in_memory(scenario.config, scenario.logs, tables=["sessions"])
    assert len(held["sessions"]) > 0
    with pytest.raises(NotKeptError, match="'removals' was not kept"):
        held.read("removals")
    with pytest.raises(UnknownTableError, match="nearest is 'sessions'"):
        held.read("session")
    with pytest.raises(UnknownTableError, match="'removalz'"):
        simulated_in_memory(scenario.config, scenario.logs, tables=["removalz"])


def test_columns_and_units_can_be_chosen():
    """As in a run directory."""
    scenario = load_scenario("every-three-hours", ["resolution=coarse", "mother.cohort=2"], days=0.1)
    held = simulated_in_memory(scenario.config, scenario.logs, 1, 3)
    assert list(held.read("breasts", ["time_min", "mother"])) == ["time_min", "mother"]
    assert set(held["breasts"]["mother"]) == {1}
    assert list(held.spans_min) == [(1, 3)]
    assert held.only(0, 0).spans_min == {}
    assert len(held.only(1, 3)["breasts"]) == len(held["breasts"])
    assert isinstance(held["mothers"], pd.DataFrame)
    assert len(held["mothers"]) > 0
