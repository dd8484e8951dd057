"""A bottling line: the package used alone, for something that is not biology."""

from __future__ import annotations

import subprocess
import sys
from itertools import repeat
from math import inf

from lactflow.pipeline import Environment, Packet, Source, Station, VisitLog, connect, unpack

FILLER, CAPPER, LABELLER = range(3)


class Pallet:
    """Takes four bottles, then none until it is driven away."""

    def __init__(self) -> None:
        self.bottles: list[int] = []
        self.away: list[tuple[float, list[int]]] = []

    def accept(self, packet: Packet, now: float) -> bool:
        """Put the bottle on the pallet if there is room."""
        if len(self.bottles) == 4:
            return False
        self.bottles.append(packet.number)
        return True

    def drive_away(self, now: float) -> None:
        """Bring an empty one."""
        self.away.append((now, self.bottles))
        self.bottles = []


class Plant:
    """Bottles come every 2 s; two fillers of 4 s, a capper of 1 s, a belt for two bottles, a labeller of 2 s."""

    def __init__(self, bottles: int) -> None:
        self.env = Environment()
        self.rows = VisitLog()
        self.filler = Station(self.env, FILLER, repeat(4.0), places=2, room=inf, visits=self.rows, name="filler")
        self.capper = Station(self.env, CAPPER, repeat(1.0), visits=self.rows, name="capper")
        self.labeller = Station(self.env, LABELLER, repeat(2.0), room=2, visits=self.rows, name="labeller")
        self.pallet = Pallet()
        connect(Source(repeat(2.0, bottles)), self.filler, self.capper, self.labeller, sink=self.pallet)
        self.env.process(self.lorry())

    def lorry(self):
        """Every 20 s it takes the pallet away."""
        while True:
            yield self.env.timeout(20.0)
            self.pallet.drive_away(self.env.now)
            self.labeller.unblock(self.env.now)

    def stop_capper(self, since: float, until: float):
        """The capper jams, and goes on where it stopped."""
        yield self.env.timeout(since)
        self.capper.retime(0.0)
        yield self.env.timeout(until - since)
        self.capper.retime(1.0)


def test_bottles_of_one_shift():
    """
    Bottle n is filled from 2n + 2 to 2n + 6, capped to 2n + 7, labelled to 2n + 9; the fifth finds the pallet full.

    Bottles 0 to 3 are labelled at 9, 11, 13 and 15; 4 is labelled at 17 and waits for the lorry at 20, behind it the
    belt fills with 5 and 6, capped at 17 and 19.
    """
    plant = Plant(8)
    plant.env.run(until=41)
    assert plant.pallet.away == [(20.0, [0, 1, 2, 3]), (40.0, [4, 5, 6, 7])]
    labelled = [visit for visit in unpack(plant.rows) if visit.station == LABELLER]
    assert labelled == [
        (LABELLER, 0, 0, 7, 7, 9, 9),
        (LABELLER, 1, 0, 9, 9, 11, 11),
        (LABELLER, 2, 0, 11, 11, 13, 13),
        (LABELLER, 3, 0, 13, 13, 15, 15),
        (LABELLER, 4, 0, 15, 15, 17, 20),
        (LABELLER, 5, 0, 17, 20, 22, 22),
        (LABELLER, 6, 1, 19, 22, 24, 24),
        (LABELLER, 7, 1, 21, 24, 26, 26),
    ]


def test_jam_of_the_capper_holds_the_fillers():
    """From 6.5 to 10.5 the capper stands with half its work done; fillers hold their bottles, and none is spilt."""
    plant = Plant(4)
    plant.env.process(plant.stop_capper(6.5, 10.5))
    plant.env.run(until=19.5)
    visits = unpack(plant.rows)
    assert [visit for visit in visits if visit.station == CAPPER] == [
        (CAPPER, 0, 0, 6, 6, 11, 11),  # half a second before the jam, half after
        (CAPPER, 1, 0, 11, 11, 12, 12),
        (CAPPER, 2, 0, 12, 12, 13, 13),
        (CAPPER, 3, 0, 15, 15, 16, 16),
    ]
    assert [visit for visit in visits if visit.station == FILLER] == [
        (FILLER, 0, 0, 2, 2, 6, 6),
        (FILLER, 1, 0, 4, 4, 8, 11),
        (FILLER, 2, 0, 6, 6, 10, 12),
        (FILLER, 3, 0, 8, 11, 15, 15),
    ]
    assert plant.pallet.bottles == [0, 1, 2, 3]


def test_package_stands_alone():
    """Importing lactflow.pipeline loads SimPy, the pipeline and the version: no other module, and no table library."""
    code = "import sys, lactflow.pipeline, lactflow.pipeline.steady; print(*sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = set(printed.split())
    ours = {name for name in loaded if name.split(".")[0] == "lactflow" and not name.endswith("__mypyc")}
    assert "lactflow.pipeline.station" in ours
    assert {name for name in ours if not name.startswith("lactflow.pipeline")} == {"lactflow", "lactflow.version"}
    assert loaded.isdisjoint({"numpy", "pandas", "pyarrow", "pydantic", "click", "rich", "ruamel", "scipy"})
    assert "simpy" in loaded
