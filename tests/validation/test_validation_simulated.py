"""Runs that claims are judged by: simulated by processes of their own, which end with whoever asked for them."""

from __future__ import annotations

import signal
import time

import pytest
from pandas.testing import assert_frame_equal

from lactflow.errors import InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments import crew as crew_module
from lactflow.experiments import in_memory as in_memory_module
from lactflow.validation.simulated import REFERENCE, key_of, merged, simulated, simulated_all

SHORT = merged(REFERENCE, {"days": 0.1, "gland": {"lobes_per_breast": 1}, "resolution": {"packet_ml": 0.5}})
TABLES = ("breasts", "lobes", "removals", "sessions", "hormones", "let_downs", "interventions")


@pytest.fixture
def crews(monkeypatch):
    """Crews that have been made."""
    made = []

    class Watched(crew_module.Crew):
        def __init__(self, *args):
            super().__init__(*args)
            made.append(self)

    monkeypatch.setattr(in_memory_module, "Crew", Watched)
    return made


def test_each_config_is_simulated_once():
    """However often it is asked for; progress ends at all of them; tables are those of a run in this process."""
    shares = []
    configs = [SHORT, {**SHORT, "seed": 2}, SHORT]
    found = simulated_all(configs, 2, lambda share, _: shares.append(share))
    assert set(found) == {key_of(config) for config in configs}
    assert shares[-1] == 1.0
    assert found[key_of(SHORT)].breasts["time_min"].max() == 29 * 1440.0 + 144.0
    alone = simulated(SHORT)
    for table in TABLES:
        assert_frame_equal(found[key_of(SHORT)][table], alone[table], check_exact=True)
    with pytest.raises(KeyError):
        _ = alone["queues"]


def test_a_dead_worker_costs_nothing(dying):
    """What it was at is simulated again, with the same rows."""
    config, reported, deaths = {**SHORT, "days": 4.0}, [], dying("0-0")
    found = simulated_all([config, {**config, "seed": 2}], 2, on_retried=reported.extend)
    assert deaths() == 1
    assert [each.reason for each in reported] == ["its worker died (killed by signal 9)"]
    assert_frame_equal(found[key_of(config)].removals, simulated(config).removals, check_exact=True)


def test_a_run_that_fails_is_an_error_by_its_config():
    """Nothing is judged by what is left."""
    with pytest.raises(SomeUnitsFailedError, match=r'(?s)1 of 2 runs failed.*"days": -1.0'):
        simulated_all([SHORT, {"days": -1.0}], 2)


def test_an_interrupt_does_not_wait_for_runs_under_way(crews):
    """Long before the runs, which would take minutes, could have ended nobody is left."""
    raised_s, processes = [], []

    def stop(_share, _time_min):
        if len(crews[0]._busy) >= 2 and all(worker.share > 0.0 for worker in crews[0]._busy):
            processes.extend(worker.process for worker in crews[0]._busy)
            raised_s.append(time.monotonic())
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError):
        simulated_all([{"days": 900.0, "seed": seed} for seed in range(4)], 2, stop)
    assert time.monotonic() - raised_s[0] < 20.0
    assert len(processes) == 2
    assert all(process.poll() is not None for process in processes)
