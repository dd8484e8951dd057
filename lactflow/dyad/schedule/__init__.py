"""
The plan of removals, as data.

A schedule is a list of phases, each in a lane; within a lane a later phase takes over from its day on. Feeding phases
say when infants are at the breast: by the clock, by a log, or when they ask. Pumping phases run beside the feeds. A
mother has one session at a time; a session that would overlap another waits.
"""

from lactflow.dyad.schedule.phases import Log, SchedulePhase
from lactflow.dyad.schedule.plan import Plan, phase_starts
from lactflow.dyad.schedule.times import ClockTime, PlannedSession, clock_minutes

__all__ = ["ClockTime", "Log", "Plan", "PlannedSession", "SchedulePhase", "clock_minutes", "phase_starts"]
