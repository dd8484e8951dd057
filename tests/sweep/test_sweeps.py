"""Sweeps from Python: results, resuming, failures, caches."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from small_sweeps import CAPACITY, Here, copied, recorded

import lactflow
from lactflow.analysis import by_replicate
from lactflow.errors import ArchiveError, ConfigError, DamagedRunError, InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments.sweep import work as working
from lactflow.experiments.sweep.campaign import resume_sweep
from lactflow.experiments.sweep.close import close
from lactflow.experiments.sweep.engines import OfExecutor
from lactflow.experiments.sweep.orders import order, units_of_order
from lactflow.experiments.sweep.shard import work_on_shard
from lactflow.experiments.sweep.status import status
from lactflow.experiments.sweep.sweep import engine_for


def here():
    """Work in this process."""
    return engine_for(Here())


def counting(monkeypatch):
    """Units that are simulated from now on."""
    simulated = []
    real = working.simulated_in_memory

    def simulate(*args, **named):
        simulated.append(args[2:4])
        return real(*args, **named)

    monkeypatch.setattr(working, "simulated_in_memory", simulate)
    return simulated


def test_results_are_those_of_runs(example, tmp_path):
    """Measures and removals of each point are those of `lactflow.run`, to the bit."""
    assert example.status == "complete"
    assert len(example.results) == 6
    removals = example.dataset["removals"].to_table().to_pandas()
    for number, capacity in enumerate([120, 180, 240]):
        run = lactflow.run(
            example.path / "config.yaml", settings=f"{CAPACITY}={capacity}", replicates=2, out=tmp_path, workers=1
        )
        mine = example.results[example.results["point"] == number].reset_index(drop=True)
        assert set(mine[CAPACITY]) == {capacity}
        expected = by_replicate(run)
        assert_frame_equal(mine[list(expected)], expected, check_exact=True, check_dtype=False)
        of_point = removals[removals["key"].isin(mine["key"])].sort_values("replicate", kind="stable")
        of_run = run["removals"]
        assert_frame_equal(of_point[list(of_run)].reset_index(drop=True), of_run, check_exact=True)


def test_what_a_sweep_offers(example):
    """Columns, tables, an HTML form, and where it is."""
    first = ["unit", "point", CAPACITY, "mother", "replicate", "observed_days", "made_ml_per_day"]
    assert list(example.results)[:7] == first
    assert list(example.dataset) == ["plan", "rows", "removals"]
    assert len(example.dataset) == 3
    assert example.dataset["plan"].count_rows() == 6
    assert example.dataset["rows"].count_rows() == 6
    assert "status: complete · units: 6 of 6" in example._repr_html_()
    assert example.counts[:4] == ("complete", 6, 6, 0)
    assert lactflow.open_sweep(example.path).status == "complete"
    with pytest.raises(KeyError, match="lobes was not recorded"):
        example.dataset["lobes"]
    with pytest.raises(KeyError, match="nearest is 'removals'"):
        example.dataset["removal"]


def test_files_do_not_go_with_units(example):
    """Those of the plan, a ledger, and two for each time that somebody wrote: three units first, then all others."""
    files = [path for path in example.path.rglob("*") if path.is_file()]
    assert len(files) <= 6 + 1 + 2 * (3 + 3)


def test_a_plan_alone_is_worked_on_in_shards(swept, example):
    """Two shards are the whole sweep, and the last one says so."""
    sweep = swept(executor="none", replicates=2, record="removals")
    assert (sweep.status, sweep.counts.complete) == ("incomplete", 0)
    assert len(sweep.results) == 0
    assert sweep.dataset["removals"].count_rows() == sweep.dataset["rows"].count_rows() == 0
    assert work_on_shard(sweep.path, 1, 2)["done"] == 3
    assert lactflow.open_sweep(sweep.path).status == "incomplete"
    assert work_on_shard(sweep.path, 2, 2)["done"] == 3
    assert work_on_shard(sweep.path, 2, 2)["passed"] == 3
    again = lactflow.open_sweep(sweep.path)
    assert again.status == again.manifest["status"] == "complete"
    assert_frame_equal(again.results, example.results, check_exact=True)


def test_equal_points_are_simulated_once(swept, monkeypatch):
    """And have a row each."""
    simulated = counting(monkeypatch)
    sweep = swept(vary={CAPACITY: [120, 120.0]})
    assert len(simulated) == 1
    assert len(sweep.results) == 2
    assert sweep.counts.complete == 2


def test_a_stopped_sweep_goes_on(swept, example, monkeypatch):
    """What was written before the stop is not simulated again; results are those of a sweep that was not stopped."""
    simulated = counting(monkeypatch)

    def stop(share, time_min):
        if len(simulated) >= 4:
            raise InterruptedRunError(15)

    with monkeypatch.context() as patch:
        patch.setattr(OfExecutor, "run", _with_progress(stop))
        with pytest.raises(InterruptedRunError, match="recorded until then is in out/base-"):
            swept(replicates=2, record="removals")
    (path,) = Path("out").iterdir()
    stopped = lactflow.open_sweep(path)
    assert (stopped.status, stopped.manifest["status"]) == ("incomplete", "interrupted")
    before = stopped.counts.complete
    assert 3 <= before < 6
    simulated.clear()
    sweep = resume_sweep(path, here())
    assert len(simulated) == 6 - before
    assert_frame_equal(sweep.results, example.results, check_exact=True)
    resume_sweep(path, here())
    assert len(simulated) == 6 - before


def _with_progress(stop):
    """An executor that does its orders here, watched."""

    def run(self, orders, progress):
        for each in orders:
            working.work(each, stop)
        return []

    return run


def test_units_given_twice_count_once(example, tmp_path, swept):
    """Two who know nothing of each other do the same units: the results are those of one."""
    sweep = swept(executor="none", replicates=2, record="removals")
    desks = [working.Desk(sweep.path) for _ in range(2)]
    for desk in desks:
        desk._look = lambda: None
        assert desk.work(range(6))["done"] == 6
    found = lactflow.open_sweep(sweep.path)
    assert found.counts[:4] == ("complete", 6, 6, 0)
    assert_frame_equal(found.results, example.results, check_exact=True)
    columns = list(example.dataset["removals"].schema.names)
    mine, its = (recorded(each)[columns] for each in (found, example))
    assert_frame_equal(mine, its, check_exact=True)
    close(sweep.path)
    closed = lactflow.open_sweep(sweep.path)
    assert closed.dataset["removals"].count_rows() == example.dataset["removals"].count_rows()
    assert len(pd.read_parquet(sweep.path / "rows")) == 6


def test_half_of_a_part_counted_elsewhere(swept, example):
    """A writer whose units were partly done by another one: rows of each unit once."""
    sweep = swept(executor="none", replicates=2, record="removals")
    desks = [working.Desk(sweep.path) for _ in range(2)]
    for desk, units in zip(desks, (range(4), range(2, 6)), strict=True):
        desk._look = lambda: None
        desk.work(units)
    found = lactflow.open_sweep(sweep.path)
    assert_frame_equal(found.results, example.results, check_exact=True)
    assert found.dataset["removals"].count_rows() == example.dataset["removals"].count_rows()


def test_a_failed_unit_is_reported_by_its_values_and_the_others_are_whole(swept, monkeypatch):
    """Exit code 3, with how many are complete; resuming tries it again."""
    real = working.simulated_in_memory

    def simulate(config, *args, **named):
        if config.gland.lumen.capacity_ml == 180:
            raise ZeroDivisionError("oops")
        return real(config, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(working, "simulated_in_memory", simulate)
        with pytest.raises(SomeUnitsFailedError, match="2 of 3 units are complete") as caught:
            swept()
    assert caught.value.exit_code == 3
    assert f"unit 1, {CAPACITY}=180, mother 0, replicate 0: ZeroDivisionError: oops" in str(caught.value)
    counts, lines = status(caught.value.kept)
    assert counts[:4] == ("failed", 3, 2, 1)
    (failure,) = lactflow.open_sweep(caught.value.kept).failures.to_dict("records")
    assert (failure["unit"], failure[CAPACITY]) == (1, 180)
    assert len(lines) == 1
    assert resume_sweep(caught.value.kept, here()).counts[:4] == ("complete", 3, 3, 0)


class Mortal(Here):
    """Loses the worker of every order that has some unit; others are done."""

    def __init__(self, unit, lives=0):
        self.unit, self.lives, self.deaths, self.orders = unit, lives, 0, 100

    def submit(self, function, /, *args, **named):
        self.orders -= 1
        if self.orders < 0:
            _broken()
        asked = json.loads(args[0])
        if self.unit in units_of_order(asked) and self.deaths != self.lives:
            self.deaths += 1
            return super().submit(_broken)
        return super().submit(function, *args, **named)


def _broken():
    raise RuntimeError("a process ended abruptly")


def test_a_unit_whose_worker_dies_is_set_aside_by_name(swept):
    """After four deaths: one with others, and three by itself; the others are done."""
    mortal = Mortal(4, lives=-1)
    with pytest.raises(SomeUnitsFailedError, match="5 of 6 units are complete") as caught:
        swept(replicates=2, executor=mortal)
    assert f"unit 4, {CAPACITY}=240, mother 0, replicate 0: its worker died (a process ended" in str(caught.value)
    assert "3 times: set aside" in str(caught.value)


def test_a_worker_that_dies_once_costs_nothing(swept):
    """Its units are given again."""
    mortal = Mortal(4, lives=1)
    assert swept(replicates=2, executor=mortal).counts[:4] == ("complete", 6, 6, 0)
    assert mortal.deaths == 1


def test_a_broken_executor_leaves_what_was_done(swept):
    """And says how to go on."""
    executor = Mortal(-1)
    executor.orders = 3
    with pytest.raises(SomeUnitsFailedError, match=r"(?s)3 of 6 units.*--resume.*takes no work: a process") as caught:
        swept(replicates=2, executor=executor)
    assert resume_sweep(caught.value.kept, here()).status == "complete"


def test_a_cache_is_never_asked_in_vain(swept, monkeypatch, tmp_path):
    """A second sweep simulates only what the first did not; asked again, nothing."""
    cache = tmp_path / "cache"
    first = swept(cache=cache, record="removals")
    simulated = counting(monkeypatch)
    second = swept(cache=cache, record="removals", replicates=2, name="second", vary={CAPACITY: [180, 240, 300]})
    assert len(simulated) == 4
    again = swept(cache=cache, record="removals", replicates=2, vary={CAPACITY: [180, 240, 300]})
    assert len(simulated) == 4
    assert_frame_equal(again.results, second.results, check_exact=True)
    assert again.dataset["removals"].count_rows() == second.dataset["removals"].count_rows()
    shared = first.results.merge(second.results, on="key", suffixes=("", "_second"))
    assert len(shared) == 2
    assert (shared["made_ml_per_day"] == shared["made_ml_per_day_second"]).all()
    swept(cache=cache, vary={CAPACITY: [180]})
    assert len(simulated) == 5, "measures alone are another record level"
    shutil.rmtree(first.path)
    swept(cache=cache, record="removals")
    assert len(simulated) == 5, "a cache does not need the sweep that filled it"


def test_measures_of_days_are_a_part_of_what_a_cache_knows(swept, tmp_path):
    """Asked for again they are taken from there; others are simulated. A unit without the day has no such measure."""
    cache, days = tmp_path / "cache", {"days": [0.25, 1.25]}
    first = swept(cache=cache, vary=days, measures=["stored_ml@31", "stored_ml@30"])
    again = swept(cache=cache, vary=days, measures=["stored_ml@30:30", "stored_ml@31"])
    other = swept(cache=cache, vary=days, measures="fullness@31")
    assert again.plan.level == "measures,stored_ml@30,stored_ml@31"
    assert again.counts.cpu_s == 0.0 < other.counts.cpu_s
    pd.testing.assert_frame_equal(again.results, first.results)
    assert list(other.results)[-2:] == ["fullness@31", "key"]
    assert first.results["stored_ml@31"].isna().tolist() == [True, False]
    assert first.results["stored_ml@30"].notna().all()


def test_another_version_or_model_is_refused_by_name(example, tmp_path, monkeypatch):
    """Results of both must not be mixed."""
    from lactflow.experiments.sweep import plan

    path = copied(example, tmp_path)
    for name, value in (("MODEL", 99), ("__version__", "9.9")):
        with monkeypatch.context() as patch:
            patch.setattr(plan, name, value)
            field = "model" if name == "MODEL" else "lactflow"
            with pytest.raises(ConfigError, match=f"{field} is {value} here, and was"):
                resume_sweep(path, here())
            answer = json.loads(working.work_on_text(json.dumps(order(path, [0]))))
            assert answer["exit_code"] == 2
            assert f"{field} is {value} here" in answer["message"]
    assert resume_sweep(path, here()).status == "complete"


@pytest.mark.parametrize("name", ["plan.parquet", "bases.parquet", "points.parquet"])
def test_a_changed_plan_is_refused_by_file(swept, name):
    """It would give results of something else."""
    path = swept(executor="none").path
    content = bytearray((path / name).read_bytes())
    content[len(content) // 2] ^= 1
    (path / name).write_bytes(bytes(content))
    with pytest.raises((DamagedRunError, SomeUnitsFailedError), match=f"{name} is damaged"):
        resume_sweep(path, here())


def test_a_changed_part_is_refused_by_file(example, tmp_path):
    """Never silently another number."""
    path = copied(example, tmp_path)
    part = next((path / "rows").iterdir())
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(bytes(content))
    with pytest.raises(DamagedRunError, match=part.name):
        _ = lactflow.open_sweep(path).results
    with pytest.raises(DamagedRunError, match=part.name):
        close(path)


def test_a_sweep_that_lost_a_part_does_those_units_again(example, tmp_path, monkeypatch):
    """They are not done any more."""
    path = copied(example, tmp_path)
    part = next((path / "rows").iterdir())
    lost = len(pd.read_parquet(part))
    part.unlink()
    simulated = counting(monkeypatch)
    assert_frame_equal(resume_sweep(path, here()).results, example.results, check_exact=True)
    assert len(simulated) == lost


def test_what_is_no_sweep(tmp_path):
    """One line."""
    with pytest.raises(ArchiveError, match="is not a sweep"):
        lactflow.open_sweep(tmp_path)


@pytest.mark.parametrize("asked", ["local:x", "local:0", "dusk", "none:1", "dask:1"])
def test_an_unknown_executor(asked):
    """With what is allowed."""
    with pytest.raises(ConfigError, match="--executor: "):
        engine_for(asked)


def test_workers_are_given_once():
    """`--workers N` is `local:N`."""
    with pytest.raises(ConfigError, match="--workers: local:2 says how many already"):
        engine_for("local:2", 2)


def test_an_unknown_table_is_reported_by_the_nearest(swept):
    """Before anything is written."""
    with pytest.raises(ConfigError, match=r"^record: 'removal' is no table .nearest: removals"):
        swept(record="removal")
    assert not Path("out").exists()
