"""A queue of sessions without a gland: breasts fill evenly, sessions take their minutes, infants are hungry on time."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import simpy
from pydantic import TypeAdapter

from lactflow.chance import Streams
from lactflow.dyad.schedule import Plan, View, clock_minutes, schedule_entry
from lactflow.dyad.session_queue import SessionQueue
from lactflow.endocrine.signal import LevelWindow, Steps
from lactflow.parameters.oxytocin import OxytocinParameters
from lactflow.units import DAY_MIN

FEED_MIN = 10.0
"""Length of a feed of which nobody says how long it takes."""


class EvenBreast:
    """It fills evenly, up to a limit; whoever comes leaves nothing."""

    def __init__(self, env, side, *, ml_per_h=10.0, capacity_ml=100.0, limit_ml=inf, volume_ml=0.0):
        self.env, self.side, self.capacity_ml, self.limit_ml = env, side, capacity_ml, limit_ml
        self._since, self._volume_ml = env.now, volume_ml
        self.rates = [(env.now, ml_per_h / 60.0)]
        self.asked = 0

    def change_rate(self, ml_per_h):
        """From now on."""
        self.rates.append((self.env.now, ml_per_h / 60.0))

    @property
    def volume_ml(self):
        begins = [begin for begin, _ in self.rates[1:]]
        gained = sum(
            max(0.0, min(self.env.now, end) - max(begin, self._since)) * rate
            for (begin, rate), end in zip(self.rates, [*begins, inf], strict=True)
        )
        return min(self.limit_ml, self._volume_ml + gained)

    @property
    def fullness(self):
        return self.volume_ml / self.capacity_ml

    def filling_ml_per_min(self):
        self.asked += 1
        return self.rates[-1][1] if self.volume_ml < self.limit_ml else 0.0

    def empty(self):
        self._since, self._volume_ml = self.env.now, 0.0


class PunctualInfant:
    """It is hungry so many minutes after the end of its last meal, and first at a given time."""

    def __init__(self, number, every_min=inf, first_min=0.0):
        self.number, self.every_min, self.first_min = number, every_min, first_min
        self.fed_min = -inf
        self.hunger_ml, self.weight_kg = 30.0, 4.0

    def bring_up(self, time_min):
        pass

    def to_look_at(self):
        return self

    def hungry_at(self, now):
        return max(now, self.first_min if self.fed_min == -inf else self.fed_min + self.every_min)


class Took(NamedTuple):
    """A session that took place."""

    start_min: float
    kind: str
    sides: str
    infant: int = 0


class MadeUpSessions:
    """Every session takes its minutes; a feed `FEED_MIN` at each of its breasts."""

    def __init__(self, env, breasts, infants, sealed):
        self.env, self.infants = env, infants
        self.breasts = {breast.side: breast for breast in breasts}
        self.sealed = {side: sealed.get(side, Steps(0.0)) for side in self.breasts}
        self.came_min = dict.fromkeys(self.breasts, -inf)
        self.left_min = dict.fromkeys(self.breasts, -inf)
        self.began = self.feeds = 0
        self.busy = False
        self.took = []

    def _open(self, planned):
        sides = [side for side, _ in planned.sides] or ["left", "right"]
        return [side for side in sides if not self.sealed[side].level(self.env.now)]

    def possible(self, planned):
        return planned.kind == "bottle" or bool(self._open(planned))

    def over(self):
        yield from ()

    def simulate(self, planned):
        now, sides = self.env.now, [] if planned.kind == "bottle" else self._open(planned)
        if planned.kind != "bottle" and not sides:
            return False
        self.began += 1
        self.busy = True
        self.took.append(Took(now, planned.kind, "+".join(sides), planned.infant))
        for side in sides:
            self.came_min[side] = now
        if sides:
            yield self.env.timeout(planned.length_min or FEED_MIN)
        for side in sides:
            self.breasts[side].empty()
            self.left_min[side] = self.env.now
        if planned.kind in ("feed", "bottle") and self.infants:
            self.infants[planned.infant].fed_min = self.env.now
        self.feeds += planned.kind == "feed"
        self.busy = False
        return True


class Day:
    """A schedule with made-up breasts and infants, from birth on unless it says otherwise."""

    def __init__(
        self, *phases, days=1.0, infants=(), start_day=1.0, birth_clock="00:00", sealed=None, extra=(), **about
    ):
        self.env = simpy.Environment((start_day - 1.0) * DAY_MIN)
        sides = about.pop("sides", {"left": {}, "right": {}})
        self.breasts = [EvenBreast(self.env, side, **{**about, **own}) for side, own in sides.items()]
        self.infants = list(infants)
        windows = {side: Steps(0.0, [LevelWindow(*hours, 1.0)]) for side, hours in (sealed or {}).items()}
        self.sessions = MadeUpSessions(self.env, self.breasts, self.infants, windows)
        self.end_min = self.env.now + days * DAY_MIN
        entry = TypeAdapter(schedule_entry(extra))
        self.plan = plan = Plan(
            [entry.validate_python(phase) for phase in phases], start_day, days, birth_clock,
            logs={}, infants=len(self.infants),
        )  # fmt: skip
        self.queue = SessionQueue(
            self.env, self.sessions, plan, self.infants, self.breasts, birth_clock_min=clock_minutes(birth_clock),
            oxytocin=OxytocinParameters(cue_lead_min=5.0, cue_lead_spread_min=0.0, conditioned_chance=0.0),
            streams=Streams(1), feeds_before=0.0,
        )  # fmt: skip

    def at(self, time_min, what):
        """Do something at a time."""

        def process():
            yield self.env.timeout(time_min - self.env.now)
            what()

        self.env.process(process())
        return self

    def over(self):
        """Sessions of the day."""
        self.env.run(until=self.end_min)
        return self.sessions.took


class Known(NamedTuple):
    """What a view is made of, at one instant."""

    now_min: float
    busy: bool = False
    began: int = 0
    feeds: int = 0
    sealed: dict = {}  # noqa: RUF012
    came_min: dict = {}  # noqa: RUF012
    left_min: dict = {}  # noqa: RUF012


def view(now_min, *, breasts=(), infants=(), birth_clock_min=0.0, **known):
    """Mother and infants at one instant."""
    return View(breasts, infants, Known(now_min, **known), birth_clock_min)
