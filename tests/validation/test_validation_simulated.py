"""Runs that claims are judged by: played by processes of their own, which end with whoever asked for them."""

from __future__ import annotations

import signal
import time
from multiprocessing import active_children

import pytest

from lactflow.errors import InterruptedRunError
from lactflow.validation.simulated import REFERENCE, key_of, merged, simulated_all

SHORT = merged(REFERENCE, {"days": 0.1, "gland": {"lobes_per_breast": 1}, "resolution": {"packet_ml": 0.5}})


def test_each_config_is_played_once():
    """However often it is asked for; progress ends at all of them."""
    told = []
    configs = [SHORT, {**SHORT, "seed": 2}, SHORT]
    played = simulated_all(configs, 2, lambda done, runs: told.append((done, runs)))
    assert set(played) == {key_of(config) for config in configs}
    assert told[-1] == (2, 2)
    assert played[key_of(SHORT)].breasts["time_min"].max() == 29 * 1440.0 + 144.0


def test_an_interrupt_does_not_wait_for_runs_under_way():
    """Long before the runs, which would take minutes, could have ended nobody is left."""
    raised_s = []

    def stop(done, runs):
        if len(active_children()) >= 2:
            raised_s.append(time.monotonic())
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError):
        simulated_all([{"days": 900.0, "seed": seed} for seed in range(4)], 2, stop)
    assert time.monotonic() - raised_s[0] < 20.0
    assert active_children() == []
