"""Same config and seed, same tables; chance is addressed, not consumed in order."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lactflow.chance import Streams, hourly_noise
from lactflow.records import LetDown, LobeSample

PRINT_HASH = """
import hashlib
from lactflow.config.model import RunConfig
from lactflow.records import MemoryRecorder
from lactflow.simulation import simulate
recorder = MemoryRecorder()
simulate(RunConfig.model_validate({"format": 1, "days": 0.5, "schedule": ({"kind": "every", "hours": 3},)}), recorder)
print(hashlib.sha256(bytes(recorder.visits) + repr(recorder.facts).encode()).hexdigest())
"""


def test_same_seed_same_facts_under_any_hash_seed():
    """Two processes with other hash seeds report the same facts and visits, byte for byte."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", PRINT_HASH],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "12345")
    }
    assert len(digests) == 1


def test_recording_visits_changes_nothing(play):
    """The same facts are reported with and without a row a visit."""
    keys = {"days": 0.5, "schedule": ({"kind": "every", "hours": 3},)}
    assert play(**keys).recorder.facts == play(visits=False, **keys).recorder.facts


def test_other_seed_or_replicate_other_chance(play):
    """Seed and replicate each change the let-downs."""
    keys = {"days": 0.5, "schedule": ({"kind": "every", "hours": 3},), "visits": False}
    times = [tuple(play(**keys, **other).table(LetDown).time_min) for other in ({}, {"seed": 2}, {"replicate": 1})]
    assert len(set(times)) == 3


def test_streams_are_addressed():
    """A draw depends on seed, mother, replicate, name and address, and on nothing that was drawn before."""
    streams = Streams(1)
    streams.at("other", 3).random(100)
    assert streams.at("noise", -5).random() == Streams(1).at("noise", -5).random()
    draws = {
        Streams(seed, mother, replicate).at(name, hour).random()
        for seed, mother, replicate, name, hour in [
            (1, 0, 0, "a", 0),
            (2, 0, 0, "a", 0),
            (1, 1, 0, "a", 0),
            (1, 0, 1, "a", 0),
            (1, 0, 0, "b", 0),
            (1, 0, 0, "a", 1),
        ]
    }
    assert len(draws) == 6


@given(
    seed=st.integers(0, 2**130),
    unit=st.tuples(st.integers(0, 2**40), st.integers(0, 2**40)),
    address=st.lists(st.integers(-(2**31), 2**31 - 1), max_size=3),
)
@settings(deadline=None)
def test_a_stream_is_the_one_that_numpy_makes_of_its_key(seed, unit, address):
    """NumPy's own seed of the same key: mother, replicate, four words of the name's hash, and the address."""
    digest = hashlib.sha256(b"meals").digest()
    name = [int.from_bytes(digest[at : at + 4], "little") for at in (0, 4, 8, 12)]
    key = (*unit, *name, *(part + 2**31 for part in address))
    expected = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key))
    assert Streams(seed, *unit).at("meals", *address).bit_generator.state == expected.state


def test_the_noise_of_an_hour_does_not_depend_on_the_hours_before():
    """Asked for in order, backwards, or alone, across midnights and for longer than days are kept."""
    hours = range(-48, 300)

    def of(order):
        factor = hourly_noise(Streams(7), "noise", 0.5, 12.0)
        return {hour: factor(hour * 60.0) for hour in order}

    forwards = of(hours)
    assert of(reversed(hours)) == forwards
    assert all(of([hour])[hour] == forwards[hour] for hour in range(-48, 300, 29))


def test_schedules_share_the_noise_of_the_gland(play):
    """Two schedules see the same secretion noise in the same hour: their first hour is the same."""
    first = [
        play(days=0.1, visits=False, schedule=({"kind": "every", "hours": hours},)).table(LobeSample).iloc[:18]
        for hours in (3, 4)
    ]
    assert first[0].equals(first[1])


def test_hourly_noise_has_the_declared_mean_and_spread():
    """Mean 1 and SD of the log 0.5 within 5 standard errors; correlation falls to 1/e at the declared time."""
    factor = hourly_noise(Streams(7), "noise", 0.5, 3.0)
    values = np.array([factor(hour * 60.0) for hour in range(12_000)])
    logs = np.log(values)
    effective = len(values) / 6.0  # hours over twice the correlation time
    assert values.mean() == pytest.approx(1.0, abs=5 * values.std() / np.sqrt(effective))
    assert logs.std() == pytest.approx(0.5, rel=5 / np.sqrt(2 * effective))
    assert np.corrcoef(logs[:-3], logs[3:])[0, 1] == pytest.approx(np.exp(-1.0), abs=5 / np.sqrt(effective))
