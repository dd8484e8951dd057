"""
The plan of removals, as data.

A schedule is a list of phases, each in a lane; within a lane a later phase takes over from its day on. Feeding phases
say when infants are at the breast: by the clock, by a log, or when they ask. Pumping, expression by hand and bottles go
on beside the feeds, and single sessions beside all of it. A mother has one session at a time; a session that would
overlap another waits.

Every phase answers the same two questions, when next and what then (`agenda`), some of them by a look at mother and
infants (`view`). All kinds stand in `kinds.KINDS`.
"""

from typing import TYPE_CHECKING

from lactflow.dyad.schedule.agenda import Agenda, Setting, Share, Timetable
from lactflow.dyad.schedule.discard import DiscardPhase, Discards
from lactflow.dyad.schedule.futures import Futures, LaneOfAll, Split, TimetableOfAll
from lactflow.dyad.schedule.gaps import Gap, filled, last_min, stand_ins
from lactflow.dyad.schedule.kinds import KINDS, check_kind, kinds_by_word, schedule_entry
from lactflow.dyad.schedule.log import LogPhase
from lactflow.dyad.schedule.once import OncePhase
from lactflow.dyad.schedule.phase import Phase, TimedPhase
from lactflow.dyad.schedule.plan import Lane, Plan, phase_starts
from lactflow.dyad.schedule.responsive import ResponsivePhase, WatchingPhase
from lactflow.dyad.schedule.times import BottleContent, ClockTime, Period, PlannedSession, clock_minutes
from lactflow.dyad.schedule.view import BreastView, InfantView, View

if TYPE_CHECKING:
    SchedulePhase = Phase
else:
    SchedulePhase = schedule_entry()

__all__ = [
    "KINDS",
    "Agenda",
    "BottleContent",
    "BreastView",
    "ClockTime",
    "DiscardPhase",
    "Discards",
    "Futures",
    "Gap",
    "InfantView",
    "Lane",
    "LaneOfAll",
    "LogPhase",
    "OncePhase",
    "Period",
    "Phase",
    "Plan",
    "PlannedSession",
    "ResponsivePhase",
    "SchedulePhase",
    "Setting",
    "Share",
    "Split",
    "TimedPhase",
    "Timetable",
    "TimetableOfAll",
    "View",
    "WatchingPhase",
    "check_kind",
    "clock_minutes",
    "filled",
    "kinds_by_word",
    "last_min",
    "phase_starts",
    "schedule_entry",
    "stand_ins",
]
