"""Measures are taken while units are simulated, in batches; of those that have ended before as well."""

from __future__ import annotations

import pandas as pd
import pytest
from pairs import compared
from small_runs import FACTS, small_run

from lactflow.analysis.daily import by_replicate
from lactflow.analysis.run import open_run
from lactflow.errors import DamagedRunError
from lactflow.experiments import measuring as measuring_module
from lactflow.experiments.measuring import Measuring
from lactflow.experiments.unit import UnitOfWork

UNITS = tuple((mother, replicate) for mother in range(3) for replicate in range(2))


@pytest.fixture
def run(tmp_path):
    """A run of six units with the same facts."""
    return small_run(tmp_path, FACTS, units=UNITS)


def given(run, units=UNITS):
    return [UnitOfWork("{}", *unit, str(run)) for unit in units]


@pytest.mark.parametrize("at_once", [1, 4, 100])
def test_measures_are_those_of_the_run(run, monkeypatch, at_once):
    """However many are tallied at once, in whatever order they come; each is handed on once."""
    monkeypatch.setattr(measuring_module, "AT_ONCE", at_once)
    handed_on, shares = [], []
    with Measuring(0.0, lambda unit, measures: handed_on.append((unit, measures))) as measuring:
        for unit in reversed(given(run)):
            measuring.add(unit)
        measuring.settle(lambda share, _: shares.append(share))
        found = measuring.of(run)
    table = pd.DataFrame([{"mother": m, "replicate": r, **found[m, r]} for m, r in UNITS])
    pd.testing.assert_frame_equal(table, by_replicate(open_run(run)), check_exact=True, check_dtype=False)
    assert [unit for unit, _ in handed_on] == list(reversed(given(run)))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_few_rows_are_kept_in_memory(run, monkeypatch):
    """Long units are tallied in smaller batches."""
    monkeypatch.setattr(measuring_module, "ROWS_AT_ONCE", 3)  # a unit has two sessions
    sizes = []
    real = Measuring._measure
    monkeypatch.setattr(Measuring, "_measure", lambda self: (sizes.append(len(self._gathered)), real(self))[1])
    with Measuring(0.0) as measuring:
        for unit in given(run):
            measuring.add(unit)
        measuring.settle()
    assert sizes == [2, 2, 2, 0]


def test_what_is_damaged_is_reported_by_its_file(run):
    """By whoever waits for the results."""
    part = next((run / "sessions").glob("part-0001-0001-*.parquet"))
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    with Measuring(0.0) as measuring:
        for unit in given(run):
            measuring.add(unit)
        with pytest.raises(DamagedRunError, match=part.name):
            measuring.settle()


def test_a_unit_without_time_has_no_measures(run):
    """A warm-up that is longer than the run."""
    with Measuring(1.0) as measuring:
        measuring.add(given(run)[0])
        measuring.settle()
        assert measuring.of(run) == {}


def test_units_are_given_when_they_end(configs, monkeypatch):
    """So that all of them are under way before results are waited for."""
    given_at, real = [], Measuring.add
    monkeypatch.setattr(Measuring, "add", lambda self, unit: (given_at.append(unit.replicate), real(self, unit))[1])
    before = []
    comparison = compared(configs, phase=lambda _: before.extend(given_at))
    assert before == given_at == [0, 0, 1, 1, 2, 2]
    assert len(comparison.subjects) == 6
