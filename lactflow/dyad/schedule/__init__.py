"""
The plan of removals, as data.

A schedule is a list of phases, each in a lane; within a lane a later phase takes over from its day on. Feeding phases
say when infants are at the breast: by the clock, by a log, or when they ask. Pumping, expression by hand and bottles go
on beside the feeds. A mother has one session at a time; a session that would overlap another waits.
"""

from typing import Annotated

from pydantic import Field

from lactflow.dyad.schedule.beside import Bottles, HandExpression, PowerPumping, Pumping
from lactflow.dyad.schedule.gaps import Gap, filled, last_min, stand_ins
from lactflow.dyad.schedule.phases import Clock, Cluster, Every, Log, Nothing, OnDemand, Wean
from lactflow.dyad.schedule.plan import Plan, phase_starts
from lactflow.dyad.schedule.times import BottleContent, ClockTime, PlannedSession, Window, clock_minutes

SchedulePhase = Annotated[
    OnDemand | Every | Clock | Cluster | Log | Wean | Nothing | Pumping | PowerPumping | HandExpression | Bottles,
    Field(discriminator="kind"),
]

__all__ = [
    "BottleContent",
    "ClockTime",
    "Gap",
    "Log",
    "Plan",
    "PlannedSession",
    "SchedulePhase",
    "Window",
    "clock_minutes",
    "filled",
    "last_min",
    "phase_starts",
    "stand_ins",
]
