"""What moves through a pipeline."""

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
