"""What moves through a pipeline, and what a pipeline consists of."""

from __future__ import annotations

from typing import Any


class Packet:
    """
    One packet, and the visit it is on.

    A packet is at one station at a time, so the times of that visit stand on the packet itself; the
    station writes them down when the packet leaves.

    Attributes
    ----------
    number
        Number in its line, from 0, in the order of entry.
    cargo
        What it carries: whatever the stations of a model agree on.
    entered, started, finished
        Clock times of the present visit.
    due
        When service is over at the present rate; infinity while the station stands.
    queue_length
        Packets that waited for service when it entered.
    """

    entered: float
    started: float
    finished: float
    due: float
    queue_length: int
    __slots__ = ("cargo", "due", "entered", "finished", "number", "queue_length", "started")

    def __init__(self, number: int, cargo: Any = None) -> None:
        self.number = number
        self.cargo = cargo


class Part:
    """
    A part of a line: its source, a station, or the sink at its end.

    Parts call each other for every packet. This class itself stands in where nothing is connected: it takes nothing.

    Attributes
    ----------
    done
        Packets that are held here until there is room downstream, first come first.
    """

    __slots__ = ("done",)

    def __init__(self) -> None:
        self.done: list[Packet] = []

    def accept(self, packet: Packet, now: float) -> bool:
        """Take the packet at `now`, or refuse it for want of room; then call the sender's `unblock` when there is."""
        del packet, now
        return False

    def unblock(self, now: float) -> None:
        """There is room downstream: hand on what is held."""
