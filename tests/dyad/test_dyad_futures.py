"""Several futures of one past: the same to the bit as every schedule simulated alone."""

from __future__ import annotations

import os
import pickle

import pytest

from lactflow.config.model import RunConfig
from lactflow.recording.columns import StationColumns
from lactflow.records import MemoryRecorder
from lactflow.simulation import Branches, simulate
from lactflow.units import DAY_MIN

BASE = {
    "format": 1,
    "start_day": 30.0,
    "days": 2.0,
    "gland": {"lobes_per_breast": 1},
    "resolution": {"packet_ml": 1.0},
}
EVERY_3_H = {"kind": "every", "hours": 3.0}


def config(*phases, **more):
    return RunConfig.model_validate({**BASE, "schedule": phases, **more})


def facts_of(recorder):
    """Facts in their order; visits in that of the table, because it depends on other events which lane is first."""
    visits = StationColumns(recorder.keys).visits(recorder.visits.take(), 0, 0)
    return recorder.facts, visits.to_pydict()


def alone(run_config):
    recorder = MemoryRecorder()
    simulate(run_config, recorder)
    return facts_of(recorder)


def branched(folder, *configs):
    """Facts of every future by its number, and the times at which the simulation was split [days from its start]."""
    recorder = MemoryRecorder()
    here = os.getpid()
    mine = list(range(len(configs)))
    reached = [(configs[0].start_day - 1.0) * DAY_MIN]
    splits = folder / "splits.txt"
    splits.touch()

    def split(groups):
        nonlocal mine
        with splits.open("a") as file:
            file.write(f"{reached[0] / DAY_MIN + 1.0 - configs[0].start_day!r}\n")
        for index, group in enumerate(groups[1:], 1):
            child = os.fork()
            if child == 0:
                mine = group
                return index
            assert os.waitpid(child, 0)[1] == 0
        mine = groups[0]
        return 0

    def progress(time_min):
        reached[0] = time_min

    try:
        simulate(configs[0], recorder, progress=progress, branches=Branches([(each, {}) for each in configs], split))
        found = facts_of(recorder)
        for number in mine:
            (folder / f"{number}.pickle").write_bytes(pickle.dumps(found))
    finally:
        if os.getpid() != here:
            os._exit(0 if (folder / f"{mine[0]}.pickle").exists() else 1)
    facts = [pickle.loads((folder / f"{number}.pickle").read_bytes()) for number in range(len(configs))]
    return facts, [float(line) for line in splits.read_text().split()]


CASES = {
    "every three hours, or four from the second day on": (
        [EVERY_3_H],
        [EVERY_3_H, {"kind": "every", "from_day": 31.0, "hours": 4.0}],
    ),
    "on demand, or by the clock": (
        [{"kind": "on_demand"}],
        [{"kind": "on_demand"}, {"kind": "every", "from_day": 31.0, "hours": 2.0}],
    ),
    "a pump beside the feeds, or none": (
        [{"kind": "on_demand"}, {"kind": "pump", "from_day": 31.0, "times": ("03:00", "11:00"), "minutes": 15.0}],
        [{"kind": "on_demand"}],
    ),
    "one pumping, or another": (
        [{"kind": "on_demand"}, {"kind": "once", "sessions": ({"day": 31.25, "what": "pump"},)}],
        [{"kind": "on_demand"}, {"kind": "once", "sessions": ({"day": 31.5, "what": "hand"},)}],
        [{"kind": "on_demand"}],
    ),
    "one who watches, one who weans": (
        [{"kind": "on_demand"}, {"kind": "responsive", "from_day": 31.0, "fullness": 0.5}],
        [{"kind": "on_demand"}, {"kind": "wean", "from_day": 31.0, "days": 3.0}],
    ),
    "nothing in common": ([EVERY_3_H], [{"kind": "on_demand"}]),
    "nothing but the same": ([EVERY_3_H], [EVERY_3_H]),
    "three": (
        [EVERY_3_H],
        [EVERY_3_H, {"kind": "every", "from_day": 30.5, "hours": 2.0}],
        [EVERY_3_H, {"kind": "every", "from_day": 31.0, "hours": 5.0}],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_future_has_the_facts_of_a_run_of_its_own(case, tmp_path):
    """Facts, their order and their times are the same to the bit, before and after the parting."""
    configs = [config(*phases) for phases in CASES[case]]
    facts, _ = branched(tmp_path, *configs)
    for each, found in zip(configs, facts, strict=True):
        assert found == alone(each)


@pytest.mark.parametrize("case", ["every three hours, or four from the second day on", "on demand, or by the clock"])
def test_the_past_is_simulated_once(case, tmp_path):
    """The simulation is split once, when the schedules part and not before the last feed that they share."""
    _, splits = branched(tmp_path, *(config(*phases) for phases in CASES[case]))
    assert len(splits) == 1
    assert 0.8 < splits[0] < 1.15


def test_three_futures_part_one_after_the_other(tmp_path):
    """Those that still agree go on together."""
    _, splits = branched(tmp_path, *(config(*phases) for phases in CASES["three"]))
    first, second = splits
    assert 0.4 < first < 0.6
    assert 0.9 < second < 1.15


def test_schedules_that_never_part_are_not_split(tmp_path):
    """Two that are the same cost one run."""
    _, splits = branched(tmp_path, *(config(*phases) for phases in CASES["nothing but the same"]))
    assert splits == []
