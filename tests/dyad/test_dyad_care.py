"""Infants who ask are answered, plans are kept, and bottles count as meals."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import Literal

import pytest
from small_days import NO_MILK, ON_DEMAND, TWINS, in_turn, on_the_gland, shortest_gap_min

from lactflow.dyad.schedule import PlannedSession, WatchingPhase
from lactflow.parameters.infant import InfantPhysiology
from lactflow.records import InfantSample, LetDown, Removal, Session
from lactflow.units import DAY_MIN

# -- infants who ask -------------------------------------------------------------------------------------


def test_an_infant_on_demand_is_fed(small):
    """Six to sixteen times a day, from both breasts, to its need."""
    played = small()
    sessions = in_turn(played)
    assert set(sessions.kind) == {"feed"}
    assert 6 * 3 <= len(sessions) <= 16 * 3
    assert set(played.table(Removal).breast) == {"left", "right"}
    assert 500.0 < sessions.intake_ml.sum() / 3.0 < 1000.0


@pytest.mark.parametrize("start_day", [1.0, 30.0])
def test_a_starving_infant_asks_no_more_often_than_it_can(small, start_day):
    """Without a drop of milk it rests for the shortest interval, and does not give up asking."""
    sessions = in_turn(small(knock_outs=NO_MILK, start_day=start_day))
    assert sessions.intake_ml.max() == 0.0
    assert set(sessions.end_reason) <= {"empty", "time"}
    assert shortest_gap_min(sessions) >= InfantPhysiology().shortest_interval_min
    assert len(sessions) > 3 * 8
    assert sessions.end_min.iloc[-1] > (start_day + 1.5) * DAY_MIN


def test_a_shorter_interval_lets_it_ask_more_often(small):
    """It is this number that limits it."""
    counts = [
        len(small(knock_outs=NO_MILK, dyad={"infant": {"shortest_interval_min": minutes}}).table(Session))
        for minutes in (30.0, 180.0)
    ]
    assert counts[0] > 2 * counts[1]


def test_an_infant_that_cannot_be_put_to_a_breast_asks_no_more_often_than_it_can(small):
    """With both breasts sealed nobody is fed; calls, and the let-downs they condition, go on at the same pace."""
    sealed = tuple({"kind": "seal", "side": side, "start_day": 30.0} for side in ("left", "right"))
    played = small(interventions=sealed)
    assert len(played.table(Removal)) == 0
    calls = sorted(set(played.table(LetDown).time_min))
    assert calls
    assert min(after - before for before, after in pairwise(calls)) >= InfantPhysiology().shortest_interval_min


def test_nobody_is_fed_before_birth(small):
    """The first feed on demand comes after birth, within the first half day."""
    sessions = in_turn(small(start_day=-1.0, days=4.0))
    assert 0.0 < sessions.start_min.iloc[0] < 0.5 * DAY_MIN


def test_bottles_replace_the_breast(small):
    """None: bottles alone, as much as the infant wants; nothing leaves the breasts."""
    played = small(schedule=({"kind": "none"},))
    sessions = in_turn(played)
    assert set(sessions.kind) == {"bottle"}
    assert set(sessions.end_reason) == {"satiety"}
    assert len(played.table(Removal)) == 0
    last = played.table(InfantSample).iloc[-1]
    assert last.intake_ml == pytest.approx(sessions.intake_ml.sum(), rel=1e-12)
    assert shortest_gap_min(sessions) >= InfantPhysiology().shortest_interval_min


def test_weaning_moves_from_breast_to_bottle(small):
    """About half of the calls of the first half are feeds of all, none after its days."""
    sessions = in_turn(small(schedule=({"kind": "wean", "days": 6.0},), days=8.0))
    day = (sessions.start_min // DAY_MIN - 29.0).astype(int)
    share = (sessions.kind == "feed").groupby(day).mean()
    assert share.iloc[0] > 0.7
    assert share.loc[:2].mean() == pytest.approx(0.75, abs=0.12)
    assert share.loc[3:5].mean() == pytest.approx(0.25, abs=0.12)
    assert share.loc[6:].max() == 0.0


def test_missed_calls_get_a_bottle(small):
    """In the hours that are missed, and only then."""
    miss = ({"days": (31,), "from": "06:00", "to": "18:00"},)
    sessions = in_turn(small(schedule=({"kind": "on_demand", "miss": miss},)))
    missed = (sessions.planned_min >= 30.25 * DAY_MIN) & (sessions.planned_min < 30.75 * DAY_MIN)
    assert set(sessions.kind[missed & (sessions.planned_min > 30.25 * DAY_MIN + 11.0)]) == {"bottle"}
    assert set(sessions.kind[~missed]) == {"feed"}


def test_nobody_is_fed_in_a_night_gap(small):
    """Calls wait until it is over; a feed whose cue came before it may begin in it, within the longest lead."""
    sessions = in_turn(
        small(schedule=({"kind": "on_demand", "night_gap": {"from": "22:00", "to": "06:00"}},), days=5.0)
    )
    clock = (sessions.planned_min % DAY_MIN).to_numpy()
    longest_lead_min = 1.67 * 6.0
    assert not ((clock > 22 * 60.0 + longest_lead_min) | (clock < 6 * 60.0)).any()
    first = sessions.groupby(sessions.planned_min // DAY_MIN).planned_min.min() % DAY_MIN
    assert (first.iloc[1:] < 7 * 60.0).all()


def test_phases_take_over_from_one_another(small):
    """Feeds on demand stop where the clock takes over, and begin again after that."""
    played = small(
        days=6.0,
        schedule=(
            {"kind": "on_demand"}, {"kind": "clock", "times": ("04:00", "16:00"), "from_day": 32.0},
            {"kind": "on_demand", "from_day": 34.0},
        ),
    )  # fmt: skip
    sessions = in_turn(played)
    day = sessions.planned_min // DAY_MIN + 1.0
    by_clock = sessions[(day >= 32.0) & (day < 34.0)]
    assert by_clock.planned_min[by_clock.planned_min > 31.0 * DAY_MIN + 11.0].to_list() == [
        (31.0 + day) * DAY_MIN + hour * 60.0 for day in (0, 1) for hour in (4, 16)
    ]
    assert all((day == number).sum() >= 6 for number in (30, 31, 34, 35))


# -- bottles ---------------------------------------------------------------------------------------------


def test_bottles_beside_feeds_lower_demand(small):
    """Three bottles a day: fewer feeds, less milk from the breast, about as much in all."""
    alone = in_turn(small(days=6.0))
    beside = in_turn(small(days=6.0, schedule=(*ON_DEMAND, {"kind": "bottle", "per_day": 3, "volume_ml": 80.0})))
    bottles = beside[beside.kind == "bottle"]
    assert len(bottles) == 18
    assert (bottles.intake_ml <= 80.0).all()
    assert set(bottles.content) == {"formula"}
    feeds = beside[beside.kind == "feed"]
    assert feeds.content.isna().all()
    assert len(feeds) < len(alone)
    assert feeds.intake_ml.sum() < 0.9 * alone.intake_ml.sum()
    assert beside.intake_ml.sum() == pytest.approx(alone.intake_ml.sum(), rel=0.15)


def test_a_small_bottle_is_emptied_and_a_large_one_is_not(small):
    """An infant takes what it wants."""
    tiny, huge = (
        in_turn(small(schedule=({"kind": "bottle", "per_day": 4, "volume_ml": volume_ml},)))
        for volume_ml in (5.0, 900.0)
    )
    assert set(tiny.end_reason) == {"empty"}
    assert set(tiny.intake_ml) == {5.0}
    assert set(huge.end_reason) == {"satiety"}
    assert huge.intake_ml.max() < 400.0


def test_a_bottle_may_follow_each_feed_of_its_infant(small):
    """Both twins get their own."""
    top_up = {"kind": "bottle", "after_feeds": True, "delay_min": 0.0, "volume_ml": 20.0}
    sessions = in_turn(small(infants=TWINS, schedule=({"kind": "every", "hours": 4}, top_up)))
    counts = sessions.groupby(["kind", "infant"]).size()
    assert counts.tolist() == [18, 18, 18, 18]


def test_a_bottle_that_nobody_drinks_has_the_volume_that_is_planned():
    """Without an infant: none where none is planned, or nobody says how much."""

    class Bottles(WatchingPhase):
        """Three, one after the other."""

        needs_infant = False
        kind: Literal["bottles"]

        def when(self, view):
            return view.now_min if view.sessions < 3 else inf

        def then(self, view):
            return [PlannedSession(view.now_min, "bottle", volume_ml=(None, 0.0, 7.0)[view.sessions])]

    took = on_the_gland(Bottles, {"kind": "bottles"}, infants=(), days=0.1)
    assert [each.intake_ml for each in took] == [0.0, 0.0, 7.0]
