"""What targets test: the rules by hand, the table that ships, and a run that goes on where it was stopped."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from lactflow.validation.observables import OBSERVABLES
from lactflow.validation.targets import load_targets
from lactflow.validation.tested import TESTS, as_csv, citing_keys, known_rows, moved, row_of, rows_of_csv, verdict

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import targets_tested

TARGETS = {target.id: target for target in load_targets()}
NONE = frozenset()


def test_moves_are_half_widths_beyond_chance():
    """10 to 14 and 9, of a band of half-width 2; the SD of a difference of noise 0.5 is no move."""
    assert moved(10.0, (14.0, 9.0), 2.0, 0.0) == 2.0
    assert moved(10.0, (14.0, 9.0), 2.0, 0.5) == pytest.approx((4.0 - 0.5 * 2.0**0.5) / 2.0)
    assert moved(10.0, (10.1, float("nan")), 2.0, 0.0) == 0.0
    assert moved(10.0, (), 2.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("moves", "cited", "shaped", "tests"),
    [
        ({"gland.a": 2.0, "dyad.b": 1.0}, (), NONE, "gland"),
        ({"gland.a": 1.0, "dyad.b": 2.0}, (), NONE, "input"),  # a fifth of the squares is the gland's
        ({"gland.a": 1.0, "endocrine.b": 1.0, "dyad.c": 2.0}, (), NONE, "gland"),  # a third
        ({"gland.a": 2.0, "gland.b": 1.0}, ("gland.a",), NONE, "input"),  # set on the paper, and it decides
        ({"gland.a": 2.0, "gland.b": 1.0}, ("gland.b",), NONE, "fitted"),  # set on the paper, and does not
        ({"gland.a": 2.0, "gland.b": 1.0}, (), frozenset({"gland.a"}), "fitted"),
        ({"gland.a": 2.0, "gland.b": 1.0}, (), frozenset({"gland.b"}), "gland"),
        ({"gland.a": 2.0, "gland.b": 0.0}, ("gland.b",), NONE, "gland"),  # set on the paper, and moves nothing
        ({"gland.a": 2.0}, ("gland.b",), NONE, "fitted"),  # it was not tried
        ({"gland.composition.sodium": 2.0, "gland.a": 1.0}, (), NONE, "input"),  # what milk is declared to have
        ({"gland.a": 0.0}, (), NONE, "input"),
        ({}, ("gland.a",), NONE, "fitted"),
    ],
)
def test_verdicts(moves, cited, shaped, tests):
    """Worked by hand."""
    assert verdict(moves, cited, shaped)[0] == tests


def test_shares_are_of_squares():
    """4 of 5 parts."""
    tests, gland, most, share = verdict({"gland.a": 2.0, "dyad.b": 1.0}, (), NONE)
    assert (tests, gland, most, share) == ("gland", 0.8, "gland.a", 0.8)


def test_a_paper_is_known_by_author_and_year():
    """Ueda 1994 is what pulses under stress are set on, and nothing else."""
    assert citing_keys(TARGETS["T06-040"].source) == ("endocrine.drugs.stress.pulse_share",)
    assert "analytes.melatonin.night_pmol_per_l" in citing_keys(TARGETS["T13-001"].source)
    assert citing_keys("Nobody N 1994 J Nothing 1:1") == ()


def test_the_table_can_be_written_and_read_again():
    """Row for row, in the order of the targets; a verdict that is none is refused."""
    made = [
        row_of(TARGETS[name], {"gland.a": 1.0, "dyad.b": 0.25}, commit="abc", date="2026-11-29")
        for name in ("T06-040", "T01-001")
    ]
    text = as_csv(made)
    assert [row.id for row in rows_of_csv(text)] == ["T01-001", "T06-040"]
    assert sorted(rows_of_csv(text)) == sorted(made)
    with pytest.raises(ValueError, match="T01-001 tests 'nothing'"):
        rows_of_csv(re.sub("T01-001,[a-z]+", "T01-001,nothing", text))
    with pytest.raises(ValueError, match="columns are id, tests"):
        rows_of_csv("id,tests\n")


def test_the_table_that_ships_is_of_judged_targets():
    """One commit for all rows."""
    assert set(known_rows()) <= set(OBSERVABLES)
    assert {row.tests for row in known_rows().values()} <= set(TESTS)
    assert len({(row.commit, row.of) for row in known_rows().values()}) <= 1


def test_a_run_goes_on_where_it_was_stopped(tmp_path, monkeypatch):
    """Nothing is worked out twice, half a line is done again, and a file of another commit is refused."""
    asked = []

    def found(key, value, seed, workers):
        asked.append((key, value, seed))
        base = 40.0 + seed / 100.0
        return dict.fromkeys(OBSERVABLES, base if value is None else base + 300.0 * (key == "gland.lumen.capacity_ml"))

    monkeypatch.setattr(targets_tested, "found", found)
    path, keys = tmp_path / "kept.jsonl", ["gland.lumen.capacity_ml", "gland.noise.sd"]
    targets_tested.run(path, "abc", 1, keys, float("inf"))
    assert len(asked) == len(targets_tested.SEEDS) + 4
    text = path.read_text()
    path.write_text(text[: text.index("\n", len(text) // 2) + 20])
    asked.clear()
    targets_tested.run(path, "abc", 1, keys, float("inf"))
    assert 0 < len(asked) < len(targets_tested.SEEDS) + 4
    lines = targets_tested.kept(path, "abc")
    assert len({(line["key"], line["end"]) for line in lines}) == len(targets_tested.SEEDS) + 4
    rows = {row.id: row for row in targets_tested.rows(lines)}
    assert rows["T02-020"].decided_by == "gland.lumen.capacity_ml"
    assert (rows["T02-020"].moved_by, rows["T02-020"].of) == (1, 2)
    with pytest.raises(SystemExit, match="is of commit abc, and this is def"):
        targets_tested.kept(path, "def")
    assert json.loads(path.read_text().splitlines()[0])["commit"] == "abc"


def test_a_quantity_is_laid_under_what_a_run_sets_itself():
    """A preterm mother keeps her own delay; infants have theirs where the run has none of its own."""
    assert targets_tested.laid("gland.lumen.capacity_ml", 5.0) == {"gland": {"lumen": {"capacity_ml": 5.0}}}
    configs = targets_tested.configs("infants.0.latch", 0.5, 0)
    assert configs["mother 1"]["infants"] == [{"latch": 0.5}]
    assert configs["sampled"]["infants"] == []
    assert "mother 2" not in configs
    assert configs["mother 1"]["gland"]["lobes_per_breast"] == 1
