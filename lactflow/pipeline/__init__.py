"""
Stations in a line with finite room and blocking after service, as SimPy processes. No biology.

A *packet* goes from station to station. A *station* has places of service and room for packets that wait;
a packet that is done keeps its place until the next station takes it (Type I blocking). Nothing else carries
backpressure. See `station` for what happens at equal times.
"""

from lactflow.pipeline.environment import Environment
from lactflow.pipeline.errors import LaneError, StillClockError
from lactflow.pipeline.line import Sink, connect
from lactflow.pipeline.packet import Packet, Part
from lactflow.pipeline.queues import QUEUES, QueueLog
from lactflow.pipeline.source import Source
from lactflow.pipeline.station import Station
from lactflow.pipeline.turns import event_at, next_turn
from lactflow.pipeline.visits import VISIT, PackedVisit, VisitLog, unpack

__all__ = [
    "QUEUES",
    "VISIT",
    "Environment",
    "LaneError",
    "PackedVisit",
    "Packet",
    "Part",
    "QueueLog",
    "Sink",
    "Source",
    "Station",
    "StillClockError",
    "VisitLog",
    "connect",
    "event_at",
    "next_turn",
    "unpack",
]
