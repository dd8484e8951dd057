"""Who simulates virtual mothers does not matter: processes of this machine, an executor, Dask."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import pytest
from made_up import made_up_cohorts
from pandas.testing import assert_frame_equal
from records import BIRTH, HEADER, read
from small_sweeps import Here

from lactflow.diagnosis import diagnose as module
from lactflow.diagnosis.diagnose import diagnose
from lactflow.diagnosis.files import shipped
from lactflow.diagnosis.her import her
from lactflow.diagnosis.virtual import Simulated, cohorts
from lactflow.errors import ConfigError, InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments.sweep import units
from lactflow.experiments.sweep.engines import EngineGoneError
from lactflow.experiments.sweep.sweep import crew_or_pool

RIVALS = [shipped("none"), shipped("small_gland")]
ONE = ("--mothers", "40", "--mechanism", "small_gland", "--quiet")


@pytest.fixture
def hers(tmp_path):
    """A record of twelve hours: virtual mothers of two days."""
    return her(read(tmp_path, "2031-05-03 20:00,weight,,3300,g,"))


def by(executor, cache=None, workers=None):
    """Two mothers of each mechanism, by an executor."""
    hired = crew_or_pool(executor, workers)
    return Simulated(1, range(2), hired, cache) if isinstance(hired, int) else Simulated(1, range(2), 1, cache, hired)


def same(found, expected):
    """All tables of all cohorts, to the last digit."""
    for mine, other in zip(found, expected, strict=True):
        assert mine.drawn == other.drawn
        assert mine.tables.keys() == other.tables.keys()
        for name, table in other.tables.items():
            assert_frame_equal(mine.tables[name], table, check_exact=True)


def test_an_executor_gives_the_same_mothers(hers, tmp_path):
    """And they are kept in the cache for everybody; the executor is not shut down."""
    expected = cohorts(hers, RIVALS, by("local:1"))
    shares = []
    with ThreadPoolExecutor(2) as pool:
        found = cohorts(hers, RIVALS, by(pool, tmp_path / "cache"), lambda share, _: shares.append(share))
        assert pool.submit(lambda: 1).result() == 1
    same(found, expected)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "do_tables", None)
        same(cohorts(hers, RIVALS, by(pool, tmp_path / "cache")), expected)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("distributed") is None, reason="needs dask.distributed")
def test_dask_gives_the_same_mothers(hers):
    """A local cluster."""
    same(cohorts(hers, RIVALS, by("dask", workers=2)), cohorts(hers, RIVALS, by("local:1")))


def test_mothers_that_could_not_be_simulated_are_named(hers, tmp_path, monkeypatch):
    """With the reason, in order; nothing is kept of their mechanism."""
    real = units.do_tables

    def broken(order, *rest):
        if order["mother"] == 1:
            raise RuntimeError("a bug")
        return real(order, *rest)

    monkeypatch.setattr(units, "do_tables", broken)
    with pytest.raises(SomeUnitsFailedError) as error:
        cohorts(hers, RIVALS, by(Here(), tmp_path / "cache"))
    first, *lines = str(error.value).splitlines()
    assert first.startswith("2 of 4 runs failed")
    assert [line.partition(":")[0] for line in lines] == ["none, mother 1", "small_gland, mother 1"]
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(("name", "other"), [("lactflow", "0.0.0"), ("model", -1)])
def test_a_worker_of_another_version_is_refused(name, other):
    """Its milk would be that of another model."""
    order = {"lactflow": units.__version__, "model": units.MODEL} | {name: other}
    answer = json.loads(units.tables_on_text(json.dumps(order)))
    assert answer["exit_code"] == 2
    assert f"{name} of the worker is " in answer["message"]
    assert f"(needed: {other})" in answer["message"]


def test_a_worker_with_another_plug_in_is_refused(monkeypatch):
    """By its source, as in a sweep."""
    monkeypatch.setattr(units, "about_plugin", lambda group, name: {"group": group, "name": name, "source": "b"})
    plugin = {"group": "g", "name": "n", "source": "a"}
    order = {"lactflow": units.__version__, "model": units.MODEL, "additions": [], "plugins": [plugin]}
    assert "plug-in 'n' of the worker is another one" in json.loads(units.tables_on_text(json.dumps(order)))["message"]


def test_an_executor_that_was_shut_down_takes_no_work(hers):
    """One line."""
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(EngineGoneError, match="the executor takes no work"):
        cohorts(hers, RIVALS, by(pool))


def test_it_can_be_stopped(hers, tmp_path):
    """By what is called with its progress."""

    def stop(*_):
        raise InterruptedRunError(2)

    with ThreadPoolExecutor(1) as pool, pytest.raises(InterruptedRunError):
        cohorts(hers, RIVALS, by(pool, tmp_path / "cache"), stop)
    assert not (tmp_path / "cache").exists()


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a record; how mothers are simulated is noted, and they are made up."""
    monkeypatch.chdir(tmp_path)
    ways = []

    def made_up(hers, rivals, how, progress=None):
        ways.append(how)
        return made_up_cohorts(hers, rivals, how, progress)

    monkeypatch.setattr(module, "cohorts", made_up)
    (tmp_path / "record.csv").write_text(f"{HEADER}\n{BIRTH}\n2031-05-05 09:00,weight,,3300,g,\n", encoding="utf-8")
    return ways


def test_words_of_a_sweep(invoke, here):
    """A number of processes, and Dask; nothing else."""
    assert invoke("diagnose", "record.csv", *ONE, "--executor", "local:3").exit_code == 0
    assert invoke("diagnose", "record.csv", *ONE, "--executor", "dask://127.0.0.1:9").exit_code == 0
    assert [(how.workers, how.pool is None) for how in here] == [(3, True), (1, False)]
    for words, message in (
        (("--executor", "none"), "--executor: 'none' is unknown (allowed: local, local:N, dask, dask://host:port)"),
        (("--executor", "local:0"), "--executor: '0' is no number of workers"),
        (("--executor", "local:2", "--workers", "2"), "--workers: local:2 says how many already"),
        (("--executor", "dask://h:1", "--workers", "2"), "--workers: the scheduler has its own workers"),
    ):
        result = invoke("diagnose", "record.csv", *ONE, *words)
        assert result.exit_code == 2
        assert message in " ".join(result.stderr.split())


def test_an_executor_from_python(here):
    """Any of `concurrent.futures`; errors name arguments as Python has them."""
    own = Here()
    diagnose("record.csv", mechanisms=["small_gland"], mothers=40, executor=own)
    with here[0].pool() as pool:
        assert pool.ask(json.loads, [], None) == []
    with pytest.raises(ConfigError, match=r"^executor: 'dusk' is unknown"):
        diagnose("record.csv", executor="dusk")
