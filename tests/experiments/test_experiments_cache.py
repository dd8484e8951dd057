"""Comparisons that share a cache with one another and with sweeps: what it has is not simulated again."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from pairs import compared, write_configs

import lactflow
from lactflow.cli import main
from lactflow.errors import ArchiveError
from lactflow.experiments import crew as crew_module
from lactflow.experiments.unit import UnitOfWork
from lactflow.recording.verify import verify


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two scenarios, compared by real workers: these take units from the cache."""
    monkeypatch.chdir(tmp_path)
    return write_configs(Path())


@pytest.fixture
def simulated(monkeypatch):
    """Units that were handed out to be simulated."""
    given, real = [], crew_module.Crew.run

    def run(self, works, *rest):
        works = list(works)
        given.extend(each for each in works if isinstance(each, UnitOfWork))
        return real(self, works, *rest)

    monkeypatch.setattr(crew_module.Crew, "run", run)
    return given


def same(comparison, other):
    """Results, and every table of every run, with its row order."""
    pd.testing.assert_frame_equal(comparison.subjects, other.subjects, check_exact=True)
    pd.testing.assert_frame_equal(comparison.differences, other.differences, check_exact=True)
    for label, run in comparison.runs.items():
        assert run.tables == other.runs[label].tables
        assert run.spans_min == other.runs[label].spans_min
        assert run.manifest["rows"] == other.runs[label].manifest["rows"]
        assert run.manifest["simulated_min"] == other.runs[label].manifest["simulated_min"]
        for table in run.tables:
            pd.testing.assert_frame_equal(run[table], other.runs[label][table], check_exact=True)
    assert verify(comparison.path) == ("complete", [])


def test_asked_again_nothing_is_simulated(two, simulated):
    """And everything is as if it had been."""
    plain = compared(two)
    first = compared(two, cache="cache")
    assert len(simulated) == 12
    again = compared(two, cache="cache")
    assert len(simulated) == 12
    same(first, plain)
    same(again, plain)
    assert [each.manifest.get("cached") for each in (plain, first, again)] == [None, 0, 6]
    files = [path for path in Path("cache").rglob("*") if path.is_file()]
    assert len(files) <= 30  # two ledgers, and a part for each table, once


def test_more_replicates_and_another_scenario_use_what_is_there(two, simulated):
    """Names and numbers of replicates are not in the key; only what is new is simulated."""
    compared(two, cache="cache")
    Path("third.yaml").write_text(
        Path(two[0]).read_text(encoding="utf-8").replace("hours: 2", "hours: 4"), encoding="utf-8"
    )
    simulated.clear()
    more = compared([*two[::-1], "third.yaml"], replicates=4, name="other", cache="cache")
    assert sorted((Path(unit.directory).name.split("-")[0], unit.replicate) for unit in simulated) == [
        ("often", 3),
        ("seldom", 3),
        *(("third", number) for number in range(4)),
    ]
    assert more.manifest["cached"] == 6
    same(more, compared([*two[::-1], "third.yaml"], replicates=4))


def test_sweeps_and_comparisons_share_a_cache(two, monkeypatch):
    """In both directions: a full sweep for a comparison, a comparison for measures."""
    how = {"out": "out", "cache": "cache", "replicates": 3}
    full = lactflow.sweep("often.yaml", record="full", settings=["record.visits=false"], **how)
    comparison = compared(two, cache="cache")
    assert comparison.manifest["cached"] == 3
    same(comparison, compared(two))
    measures = lactflow.sweep("seldom.yaml", **how)
    assert measures.counts.cpu_s == 0.0  # all of it came from the cache
    mine = measures.results.set_index("replicate")["removed_ml_per_day"]
    assert mine.tolist() == comparison.runs["seldom"].daily()["removed_ml_per_day"].tolist()
    assert full.status == measures.status == "complete"


def test_what_was_killed_is_gone_on_with_by_the_same_cache(two, simulated):
    """Its manifest knows which."""
    from lactflow.experiments.compare import resume_comparison

    whole = compared(two, cache="cache")

    def stop(share, _time_min):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compared(two, cache="cache", progress=stop)
    simulated.clear()
    (stopped,) = [path for path in Path("outputs").iterdir() if lactflow.open_comparison(path).status == "failed"]
    same(resume_comparison(stopped), whole)
    assert simulated == []


def test_a_damaged_cache_is_reported_by_its_file(two):
    """And nothing that rests on it is called complete."""
    compared(two, cache="cache")
    part = next(Path("cache/lobes").glob("part-*.parquet"))
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    with pytest.raises(ArchiveError, match=rf"cache: .*{part.name} is damaged"):
        compared(two, cache="cache")


def test_a_part_that_is_gone_is_simulated_again(two, simulated):
    """A line of a ledger counts only with all of its parts."""
    compared(two, cache="cache")
    next(Path("cache/lobes").glob("part-*.parquet")).unlink()
    simulated.clear()
    assert compared(two, cache="cache").manifest["cached"] == 0
    assert len(simulated) == 6


def test_a_cache_that_cannot_be_is_reported_before_anything_is_made(two):
    """A file in its place."""
    Path("cache").write_text("mine", encoding="utf-8")
    with pytest.raises(ArchiveError, match="cache is a file, not a folder"):
        compared(two, cache="cache")
    assert not Path("outputs").exists()


def test_the_command_says_how_many_came_from_it(two):
    """In its summary, and as JSON."""
    typed = ["compare", *two, "--replicates", "2", "--cache", "cache"]
    assert "0 runs came from" in " ".join(CliRunner().invoke(main, typed).stdout.split())
    result = CliRunner().invoke(main, [*typed, "--json"])
    assert json.loads(result.stdout)["cached"] == 4
