"""What all phases of a schedule share: when they hold, what they leave out, and what a run takes them for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from math import floor
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from lactflow.dyad.schedule.agenda import Agenda, Logs, Setting, Timetable, for_each_infant
from lactflow.dyad.schedule.checked import planned_of
from lactflow.dyad.schedule.times import (
    ROUND_OFF_MIN,
    ClockTime,
    Miss,
    NightGap,
    Period,
    PlannedSession,
    Side,
    clock_text,
    sides_in_turn,
)
from lactflow.gland.storage import Stored
from lactflow.parameters.declaration import Declared
from lactflow.units import DAY_MIN

ClockTimes = Annotated[tuple[ClockTime, ...], Field(min_length=1, max_length=96, description="Clock times, HH:MM")]
INFANT: Any = Field(
    default=None,
    ge=0,
    le=9,
    description="Number of the infant that it is about, from 0; when left out, each until a phase names it",
)
SIDE: Any = Field(default="both", description="Breasts that infants are put to, one after the other")

_LEAST_STEP_MIN = 1e-6


class Phase(Declared):
    """
    What all phases share.

    A kind of schedule is a subclass with a `kind`, its words in a config, that gives its `agendas`. What a run has to
    know about a kind is said here, by the class.

    Attributes
    ----------
    lane
        Which phases take over from one another.
    before_birth
        Whether it may hold before birth; otherwise it begins with birth at the earliest.
    needs_infant
        Whether it is wrong without an infant.
    takes_milk
        Whether milk leaves the breasts.
    weans
        Whether it takes milk for the last time.
    practised
        Whether a mother who has kept to it before the run is used to pump and hand.
    single
        Whether its sessions are single ones: it takes over from no phase, none takes over from it, and it keeps no
        lactation going.
    """

    lane: ClassVar[str] = "feeding"
    before_birth: ClassVar[bool] = False
    needs_infant: ClassVar[bool] = True
    takes_milk: ClassVar[bool] = True
    weans: ClassVar[bool] = False
    practised: ClassVar[bool] = False
    single: ClassVar[bool] = False

    from_day: float | None = Field(
        default=None,
        ge=-400.0,
        le=4000.0,
        description="Day it begins, fractions allowed; the start of the run when left out",
    )
    night_gap: NightGap | None = Field(default=None, description="Hours without sessions, every night")
    miss: tuple[Miss, ...] = Field(default=(), max_length=100, description="Sessions that do not take place")

    @property
    def track(self) -> str:
        """Which phases it takes over from: those of its lane, and of the infant that it names where it names one."""
        infant = getattr(self, "infant", None)
        return self.in_lane if infant is None else f"{self.in_lane} of infant {infant}"

    @property
    def begins_day(self) -> float | None:
        """Day it begins; None for the start of the run."""
        return self.from_day

    @abstractmethod
    def agendas(self, setting: Setting) -> Sequence[Agenda]:
        """What is asked while it holds, when next and what then; new ones for every run."""

    @property
    def into_bottles(self) -> str | None:
        """Name of the bottles that its sessions fill; None for those without a name, and where it fills none."""
        return None

    @property
    def from_bottles(self) -> str | None:
        """Name of the bottles that it gives infants own milk from; None likewise."""
        return None

    @property
    def stored_how(self) -> Stored | None:
        """How milk that its sessions express is stored; None for milk that is given as it is."""
        return None

    @property
    def in_lane(self) -> str:
        """Its lane; beside the feeds, phases with bottles of different names do not take over from one another."""
        name = self.into_bottles or self.from_bottles
        return self.lane if name is None or self.lane == "feeding" else f"{self.lane}, {name}"

    def __setattr__(self, name: str, value: object) -> None:
        """
        Refuse it: a phase is a declaration, which every mother and replicate of a run shares.

        Raises
        ------
        AttributeError
            For everything but attributes that the class declares private to pydantic.
        """
        if name in type(self).__private_attributes__:
            super().__setattr__(name, value)
            return
        msg = f"{type(self).__name__}.{name} cannot be set: a phase has no memory (what changes belongs in an Agenda)"
        raise AttributeError(msg)

    def misses(self, time_min: float, clock_min: float) -> bool:
        """Whether what would be at this time does not take place."""
        return any(miss.misses(time_min, clock_min) for miss in self.miss)

    def left_out(self, time_min: float, clock_min: float) -> bool:
        """Whether a session at this time is left out: in the night gap, or missed."""
        gap = self.night_gap is not None and self.night_gap.holds(clock_min)
        return gap or self.misses(time_min, clock_min)

    def night_over_in(self, clock_min: float) -> float:
        """Minutes until the night gap is over; 0 outside of it."""
        gap = self.night_gap
        return gap.over_in(clock_min) if gap is not None and gap.holds(clock_min) else 0.0

    def free_from(self, time_min: float, period: Period) -> float:
        """First time from `time_min` on [min since birth] that is neither in the night gap nor missed."""
        while True:
            clock_min = period.clock(time_min)
            wait_min = self.night_over_in(clock_min)
            if wait_min == 0.0:
                waits = [miss.over_in(time_min, clock_min) for miss in self.miss if miss.misses(time_min, clock_min)]
                if not waits:
                    return time_min
                wait_min = max(waits)
            time_min += max(wait_min, _LEAST_STEP_MIN)


class FeedingPhase(Phase):
    """A phase of feeds at the breast: at which breasts, and of whom."""

    side: Side = SIDE
    block_hours: float | None = Field(
        default=None,
        gt=0.0,
        le=48.0,
        description="Block feeding, with `side: alternate`: hours in which all feeds are at one breast before it is "
        "the other one's turn; the left one is first",
    )
    infant: int | None = INFANT

    @model_validator(mode="after")
    def _alternates_by_blocks(self) -> Self:
        if self.side != "alternate" and self.block_hours is not None:
            msg = f"block_hours needs side: alternate, and side is {self.side}"
            raise ValueError(msg)
        return self

    def side_at(self, time_min: float, period: Period) -> Side:
        """Breasts of a feed at a time; blocks of hours count from the start of the phase."""
        if self.block_hours is None:
            return self.side
        block = floor((time_min - period.from_min + ROUND_OFF_MIN) / (self.block_hours * 60.0))
        return "left" if block % 2 == 0 else "right"


class TimedPhase(Phase):
    """A phase whose sessions follow from the config alone."""

    @abstractmethod
    def planned(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Sessions in the period, in order of time, missed ones too."""

    def sessions(self, period: Period, logs: Logs) -> Iterator[PlannedSession]:
        """Sessions that take place in the period, in order of time."""
        for session in planned_of(lambda: self.planned(period, logs), self):
            if not self.left_out(session.planned_min, period.clock(session.planned_min)):
                yield session

    def agendas(self, setting: Setting) -> Sequence[Agenda]:
        """Its timetable."""
        sessions = self.sessions(setting.period, setting.logs)
        return (Timetable(for_each_infant(sessions, setting.whose, setting.shared)),)


def feed(time_min: float, side: Side, number: int) -> PlannedSession:
    """The `number`-th feed of a phase, with the breasts that `side` says."""
    if side == "preferred":
        return PlannedSession(time_min, "feed", rule=side)
    return PlannedSession(time_min, "feed", tuple((breast, None) for breast in sides_in_turn(side, number)))


def check_times(times_min: Sequence[float], night_gap: NightGap | None, length_min: float) -> None:
    """
    Times of a day must be apart by the length of a session, and not lie in the night gap.

    Raises
    ------
    ValueError
        If they are not, or do.
    """
    ordered = sorted(times_min)
    for one, other in zip(ordered, [*ordered[1:], *ordered[:1]], strict=True):
        apart = (other - one) % DAY_MIN
        if len(ordered) > 1 and apart < length_min:
            msg = f"sessions at {clock_text(one)} and {clock_text(other)} overlap: one takes {length_min:g} min"
            raise ValueError(msg)
    if night_gap is not None:
        lost = [time for time in ordered if night_gap.holds(time)]
        if lost:
            msg = f"the session at {clock_text(lost[0])} never takes place: it lies in the night gap"
            raise ValueError(msg)
