"""One session at a time, how a feed ends, and cues that let milk down."""

from __future__ import annotations

import pytest
from small_days import NO_MILK, ON_DEMAND, TWINS, in_turn, shortest_gap_min

from lactflow.dyad.infant import Infant
from lactflow.parameters.gland import Gland
from lactflow.parameters.infant import InfantPhysiology
from lactflow.records import BreastSample, InfantSample, LetDown, Removal, Session

# -- one session at a time -------------------------------------------------------------------------------


@pytest.mark.parametrize("infants", [TWINS, (*TWINS, {}, {})])
def test_twins_are_fed_one_after_the_other(small, infants):
    """All of them are, none at the same time as another, each no more often than it can."""
    sessions = in_turn(small(infants=infants, start_day=14.0))
    for number in range(len(infants)):
        own = sessions[sessions.infant == number]
        assert len(own) >= 3 * 5
        assert shortest_gap_min(own) >= InfantPhysiology().shortest_interval_min


def test_twins_on_a_schedule_begin_on_different_sides(small):
    """The second follows the first at once, on the breast that was not begun with."""
    played = small(infants=TWINS, schedule=({"kind": "every", "hours": 4},))
    sessions = in_turn(played)
    first = played.table(Removal).groupby("session").breast.first()
    for one, other in zip(sessions.iloc[::2].itertuples(), sessions.iloc[1::2].itertuples(), strict=True):
        assert (one.infant, other.infant) == (0, 1)
        assert one.planned_min == other.planned_min
        assert other.start_min == one.end_min
        assert first[one.session] != first[other.session]


def test_sessions_that_come_too_close_wait_for_each_other(small):
    """A crowded day: feeds every quarter of an hour, pumping after each, power pumping, pumping by the clock."""
    played = small(
        days=0.5,
        schedule=(
            {"kind": "every", "hours": 0.25}, {"kind": "pump", "after_feeds": True, "times": ("01:00", "02:00")},
            {"kind": "power_pump", "times": ("03:00",)},
        ),
    )  # fmt: skip
    sessions = in_turn(played)
    late = sessions.start_min - sessions.planned_min
    assert late.max() > 60.0
    gaps = sessions.start_min.iloc[1:].to_numpy() - sessions.end_min.iloc[:-1].to_numpy()
    assert gaps[10:].max() == pytest.approx(0.0, abs=1e-9)  # she is never idle


def test_a_pump_follows_each_feed(small):
    """After its delay, once for each feed."""
    pump = {"kind": "pump", "after_feeds": True, "delay_min": 7.0, "minutes": 10.0}
    sessions = in_turn(small(schedule=({"kind": "every", "hours": 4}, pump)))
    feeds, pumps = (sessions[sessions.kind == kind] for kind in ("feed", "pump"))
    assert len(feeds) == len(pumps) == 18
    assert (pumps.planned_min.to_numpy() - feeds.end_min.to_numpy()).tolist() == pytest.approx([7.0] * 18, rel=1e-9)
    assert pumps.infant.isna().all()


def test_no_pump_follows_a_feed_that_did_not_take_place(small):
    """A breast that is sealed is neither fed from nor does it call for a pumping."""
    seal = {"kind": "seal", "side": "left", "start_day": 30.0}
    schedule = ({"kind": "every", "hours": 4, "side": "left"}, {"kind": "pump", "after_feeds": True})
    assert len(small(schedule=schedule, interventions=(seal,)).table(Session)) == 0


def test_a_mother_without_an_infant_can_pump(small):
    """Her milk is taken, nobody drinks it."""
    played = small(infants=(), schedule=({"kind": "pump", "times": ("06:00", "18:00")},))
    sessions = in_turn(played)
    assert set(sessions.kind) == {"pump"}
    assert sessions.infant.isna().all()
    assert played.table(InfantSample).empty
    assert sessions.intake_ml.sum() == pytest.approx(played.table(Removal).removed_ml.sum(), rel=1e-9)


def test_a_stronger_vacuum_takes_more(small):
    """In the same minutes; a weaker one less."""
    taken = []
    for vacuum in (60.0, 190.0, 280.0):
        pump = {"kind": "pump", "times": ("06:00",), "minutes": 8.0, "vacuum_mmhg": vacuum}
        taken.append(small(days=0.5, schedule=(pump,)).table(Removal).removed_ml.sum())
    assert taken[0] < 0.9 * taken[1] < taken[1] < taken[2]


def test_let_down_to_the_pump_is_learned(small):
    """At the first pumping let-downs are half as frequent as later; a mother who has pumped before need not learn."""
    pump = {"kind": "pump", "per_day": 6, "minutes": 20.0}

    def let_downs(**keys):
        removals = small(infants=(), days=12.0, **keys).table(Removal)
        each = removals[removals.breast == "left"].let_downs
        return each.iloc[:6].mean(), each.iloc[-30:].mean()

    first, last = let_downs(schedule=({**pump, "from_day": 30.1},))
    assert first < 0.8 * last
    first, last = let_downs(schedule=(pump,))
    assert first == pytest.approx(last, rel=0.25)
    first, last = let_downs(schedule=({**pump, "from_day": 30.1},), dyad={"expression": {"learning_sessions": 0.0}})
    assert first == pytest.approx(last, rel=0.25)


def test_a_hand_takes_less_than_a_pump_and_one_breast_after_the_other(small):
    """In the same minutes at each breast."""
    both = {
        kind: small(infants=(), schedule=({"kind": kind, "times": ("06:00", "18:00"), "minutes": minutes},))
        for kind, minutes in (("pump", 10.0), ("hand", 20.0))
    }
    by_hand = both["hand"].table(Removal)
    assert set(by_hand.kind) == {"hand"}
    assert by_hand.removed_ml.sum() < 0.8 * both["pump"].table(Removal).removed_ml.sum()
    left, right = (by_hand[by_hand.breast == side] for side in ("left", "right"))
    later = (left.start_min.to_numpy() - right.start_min.to_numpy()).round(6)
    assert (abs(later) >= 10.0).all()
    sessions = in_turn(both["hand"])
    assert sessions.infant.isna().all()


@pytest.mark.slow
def test_milk_of_the_first_week_by_hand_is_as_much_less_as_in_trials(small):
    """Two thirds (calibrated: Slusher 2012) to a half (Lussier 2015, Breastfeed Med 10:312) of that of a pump."""
    got = {
        kind: small(infants=(), start_day=1.0, days=7.0, schedule=({"kind": kind, "per_day": 8},)).table(Removal)
        for kind in ("pump", "hand")
    }
    assert 0.5 < got["hand"].removed_ml.sum() / got["pump"].removed_ml.sum() < 0.75


# -- the end of a feed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gained_ml", "let_downs"),
    [((0.0, 0.0), 2), ((3.0, 0.5, 0.5), 3), ((0.5, 3.0, 0.5, 3.0, 0.5, 0.5), 6), ((1.0, 1.0, 0.9, 0.9), 4)],
)
def test_two_small_let_downs_in_a_row_end_a_feed(small, monkeypatch, gained_ml, let_downs):
    """Less than 1 mL each: one by itself ends nothing, a third one is not waited for."""
    flows_ml_per_min = [gained / Gland().ejection.contraction_min for gained in (*gained_ml, *(0.0,) * 99)]
    simulated = []

    def dozes(self):
        while True:
            simulated.append(self.number)
            yield False

    # A full breast gives more than is drawn here, so what is drawn is what is gained.
    monkeypatch.setattr(Infant, "suction_ml_per_min", property(lambda self: flows_ml_per_min[len(simulated)]))
    monkeypatch.setattr(Infant, "wants_ml", lambda self: 1000.0)
    monkeypatch.setattr(Infant, "dozes", dozes)
    infant = {"patience_min": 60.0, "longest_min": 60.0, "patience_shape": 50.0, "empty_below_ml": 1.0}
    schedule = ({"kind": "every", "hours": 6, "side": "left"},)
    played = small(days=0.2, schedule=schedule, dyad={"infant": infant})
    (session,), (removal,) = (played.table(kind).itertuples() for kind in (Session, Removal))
    assert session.end_reason == "empty"
    assert removal.removed_ml == pytest.approx(sum(gained_ml), rel=1e-12)
    assert removal.let_downs == len(simulated) == let_downs


def test_a_feed_without_milk_has_two_let_downs(small):
    """At each breast; neither gives anything."""
    infant = {"doze_chance": 0.0, "patience_min": 60.0, "longest_min": 60.0, "patience_shape": 50.0}
    schedule = ({"kind": "every", "hours": 6},)
    removals = small(days=1.0, knock_outs=NO_MILK, schedule=schedule, dyad={"infant": infant}).table(Removal)
    assert len(removals) == 8
    assert set(removals.let_downs) == {2}
    assert removals.removed_ml.max() == 0.0


# -- cues ------------------------------------------------------------------------------------------------


def conditioned(played):
    """Times of let-downs before the latch, one for both breasts."""
    let_downs = played.table(LetDown).query("trigger == 'conditioned'")
    assert let_downs.session.isna().all()
    assert let_downs.groupby("let_down").breast.apply(list).map(lambda sides: sides == ["left", "right"]).all()
    return sorted(set(let_downs.time_min))


@pytest.mark.parametrize("schedule", [({"kind": "every", "hours": 4},), ON_DEMAND])
def test_cues_let_milk_down_before_each_feed(small, schedule):
    """Where it is sure and learned: 3 to 10 min before the feed is asked for; into the ducts, and back."""
    oxytocin = {"conditioned_chance": 1.0, "conditioning_feeds": 0.0, "cue_lead_min": 3.0, "cue_lead_spread_min": 7.0}
    played = small(schedule=schedule, endocrine={"oxytocin": oxytocin})
    sessions = in_turn(played)
    times = conditioned(played)
    late = sessions.planned_min[sessions.planned_min > sessions.planned_min.iloc[0]]
    leads = [min(at - time for time in times if time <= at) for at in late]
    assert min(leads) >= 3.0 - 1e-9
    assert 6.5 < max(leads) <= 10.0 + 1e-9
    assert sum(time <= late.iloc[-1] for time in times) - len(late) in (0, 1)  # the first feed may come too soon for it
    let_downs = played.table(LetDown).query("trigger == 'conditioned'")
    assert let_downs.ejected_ml.max() <= 4.0 + 1e-9


def test_cues_do_nothing_where_the_chance_is_nil(small):
    """And nothing to bottles."""
    none = small(endocrine={"oxytocin": {"conditioned_chance": 0.0}})
    assert conditioned(none) == []
    assert conditioned(small(schedule=({"kind": "none"},))) == []


def test_the_reflex_is_learned(small):
    """Seldom in the first feeds of a lactation, as often as told later on."""
    oxytocin = {"conditioned_chance": 0.9, "conditioning_feeds": 20.0}
    schedule = ({"kind": "every", "hours": 1.5},)
    first, later = (small(start_day=day, schedule=schedule, endocrine={"oxytocin": oxytocin}) for day in (1.0, 60.0))
    share = [len(conditioned(played)) / len(played.table(Session)) for played in (first, later)]
    early = sum(time < 8 * 90.0 for time in conditioned(first)) / 8.0
    assert early < 0.5
    assert early < share[0] < share[1]
    assert share[1] == pytest.approx(0.9, abs=0.13)


def test_cues_take_no_milk_away(small):
    """What comes into the ducts flows back: the volume of the breasts does not fall without a session."""
    played = small(
        knock_outs=("vesicle_fusion", "droplet_budding"),
        endocrine={"oxytocin": {"conditioned_chance": 1.0, "conditioning_feeds": 0.0}},
        schedule=({"kind": "every", "hours": 4, "side": "right"},),
    )
    left = played.table(BreastSample).query("breast == 'left'").volume_ml
    leaked_ml = 0.02 * left.iloc[0]  # through closed junctions, over three days
    assert len(conditioned(played)) > 10
    assert left.iloc[0] - leaked_ml <= left.min() <= left.max() <= left.iloc[0] + 1e-9
