"""Two sweeps compared: what was planned differently, and the first unit whose results are not the same."""

from __future__ import annotations

import hashlib
import json

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from small_sweeps import CAPACITY, Here

import lactflow
from lactflow.errors import ConfigError
from lactflow.experiments.sweep.close import close
from lactflow.experiments.sweep.store import Ledgers, read_part
from lactflow.experiments.sweep.writer import encode


def altered(sweep, table, column, change, where):
    """Change a column of a recorded table, or of the measures, in rows that a function picks; the ledger agrees."""
    ledgers = Ledgers(sweep.path)
    (line,) = [line for line in ledgers.refresh() if table in line.files]
    rows = read_part(sweep.path, table, line)
    picked = where(rows)
    rows = rows.set_column(
        rows.schema.get_field_index(column), column, pc.if_else(picked, change(rows[column]), rows[column])
    )
    content = encode(rows)
    (sweep.path / line.files[table]).write_bytes(content)
    ledger = next((sweep.path / "ledger").iterdir())
    said = line._replace(sha256={**line.sha256, table: hashlib.sha256(content).hexdigest()})
    ledger.write_bytes(said.encoded())


@pytest.fixture
def pair(base):
    """Twice the same sweep, with removals, each with one part a table."""

    def sweep(**how):
        options = {"vary": {CAPACITY: [120, 180]}, "record": "removals", "executor": Here(), "out": "out", **how}
        made = lactflow.sweep(base, **options)
        close(made.path)
        return lactflow.open_sweep(made.path)

    return sweep


def test_the_same_sweep_twice_is_identical(pair):
    """Rows of measures and of removals."""
    found = lactflow.diff(pair().path, pair(replicates=1).path)
    assert found.identical
    assert [(table.table, table.only_a, table.only_b) for table in found.counted] == [
        ("results", 0, 0),
        ("removals", 0, 0),
    ]
    assert found.counted[0].rows_a == 2
    assert found.unit == ""
    assert json.dumps(found.as_object())


def test_the_first_row_of_the_first_unit_is_found(pair):
    """A removal of the second unit, in one column; measures stay as they were."""
    one, other = pair(), pair()
    key = other.plan.keys[1]
    last = pc.max(other.dataset["removals"].to_table()["session"]).as_py()
    altered(
        other,
        "removals",
        "removed_ml",
        lambda column: pc.add(column, 1.0),
        lambda rows: pc.and_(pc.equal(pc.cast(rows["key"], pa.string()), key), pc.equal(rows["session"], last)),
    )
    found = lactflow.diff(one.path, other.path)
    assert not found.identical
    assert found.unit == f"unit 1, {CAPACITY}=180, mother 0, replicate 0"
    assert (found.first.table, found.first.columns, found.first.a["session"]) == ("removals", ("removed_ml",), last)
    assert found.measures is None
    results, removals = found.counted
    assert results.is_same
    assert removals.only_a == removals.only_b == 2  # both breasts


def test_measures_that_differ_are_named(pair):
    """Of the first unit in the order of the plan."""
    one, other = pair(record="measures"), pair(record="measures")
    altered(other, "rows", "stored_ml", lambda column: pc.add(column, 1.0), lambda rows: pc.is_valid(rows["stored_ml"]))
    found = lactflow.diff(one.path, other.path)
    assert found.unit.startswith("unit 0, ")
    assert found.first is found.measures
    assert found.first.columns == ("stored_ml",)
    assert found.first.b["stored_ml"] == found.first.a["stored_ml"] + 1.0
    assert (found.counted[0].only_a, found.counted[0].only_b) == (2, 2)


def test_what_was_planned_differently(pair):
    """Values, numbers, what is recorded; units that only one has."""
    found = lactflow.diff(pair().path, pair(vary={CAPACITY: [180, 240]}, replicates=2, record="measures").path)
    said = {setting.key: (setting.a, setting.b) for setting in found.plan}
    assert said == {
        f"values of {CAPACITY}": ("[120, 180]", "[180, 240]"),
        "replicates": ("1", "2"),
        "units": ("2", "4"),
        "recorded": ('"removals"', '"measures"'),
    }
    assert found.planned_a == (1, f"unit 0, {CAPACITY}=120, mother 0, replicate 0")
    assert found.planned_b.units == 3
    assert found.counted[0].only_a == 1
    assert found.first is None  # the unit that both have is the same
    assert not found.identical


def test_units_are_matched_by_what_they_simulate_where_keys_differ(pair):
    """A grid of one key, and the same points with a second key at its default."""
    found = lactflow.diff(
        pair(record="measures").path,
        pair(vary={CAPACITY: [120, 180], "gland.lobes_per_breast": [1]}, record="measures").path,
    )
    assert found.planned_a.units == found.planned_b.units == 0
    assert found.counted[0].is_same
    assert [setting.key for setting in found.plan] == ["values of gland.lobes_per_breast"]


def test_another_config_is_named(pair):
    """Beside the keys that vary."""
    found = lactflow.diff(pair(record="measures").path, pair(record="measures", seed=2).path)
    assert [(setting.key, setting.a, setting.b) for setting in found.config] == [("seed", "1", "2")]
    assert found.unit.startswith("unit 0")


def test_units_that_are_not_done_in_one(pair):
    """Complete only in A."""
    one, other = pair(record="measures"), pair(record="measures", executor="none")
    found = lactflow.diff(one.path, other.path)
    assert found.complete_a.units == 2
    assert found.planned_a.units == 0
    assert [setting.key for setting in found.about] == ["status"]


def test_a_sweep_and_a_run_cannot_be_compared(pair, base):
    """By name."""
    run = lactflow.run(base, out="out", workers=1)
    with pytest.raises(ConfigError, match=r"is a sweep and .* is a run: they cannot be compared"):
        lactflow.diff(pair().path, run.path)
