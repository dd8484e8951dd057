"""Nothing is made or lost out of nothing, at any setting; and the resolution does not decide the result."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_facts import QUANTITIES, played, valid

from lactflow.config.scenario import load_scenario
from lactflow.errors import BalanceError
from lactflow.gland.books import check_balances
from lactflow.gland.mechanism import MECHANISMS
from lactflow.gland.resolution import lobe_shares
from lactflow.records import Balance, BreastSample, InterventionChange, LobeSample, Removal, Session

SMALL = {"resolution": {"packet_ml": 0.5}, "gland": {"lobes_per_breast": 2}}
ON_DEMAND = ({"kind": "on_demand"},)


def daily_ml(played):
    """Milk removed a day, both breasts."""
    return played.table(Removal).removed_ml.sum() / played.config.days


def small(**keys):
    """Facts of a scenario of two lobes and coarse packets, checked against what holds of any."""
    gland = {**SMALL["gland"], **keys.pop("gland", {})}
    return played(valid({**SMALL, "schedule": ON_DEMAND, **keys, "gland": gland}))


def test_every_quantity_balances(every_three_hours):
    """All quantities are there, and none has a residual above 1e-9."""
    balance = every_three_hours.table(Balance)
    assert set(balance.quantity) == QUANTITIES
    assert balance.residual.abs().max() <= 1e-9
    assert (balance.removed > 0).all()


FED_RIGHT = ({"kind": "every", "hours": 3, "side": "right"},)
ALL_DRUGS = (
    {"kind": "cabergoline", "start_day": 30.5}, {"kind": "domperidone", "start_day": 30.2, "end_day": 31.0},
    {"kind": "combined_pill", "start_day": 30.3}, {"kind": "oxytocin", "start_day": 30.7},
    {"kind": "oxytocin_block", "start_day": 31.0, "end_day": 31.5, "share": 0.5},
    {"kind": "stress", "start_day": 30.5, "end_day": 31.5},
    {"kind": "blood_substrate", "start_day": 31.0, "end_day": 32.0, "level": 0.5},
)  # fmt: skip
AILING = (
    {"kind": "mastitis", "side": "left", "start_day": 30.5, "end_day": 32.0},
    {"kind": "duct_obstruction", "side": "right", "lobe": 1, "start_day": 30.0, "end_day": 31.5},
    {"kind": "seal", "side": "left", "start_day": 31.0, "end_day": 32.5},
)
TWINS = ({"birth_weight_kg": 2.4}, {"birth_weight_kg": 2.9, "appetite": 1.3})


@pytest.mark.parametrize(
    "keys",
    [
        {"days": 4.0, "schedule": FED_RIGHT},
        {"days": 3.0, "knock_outs": ("tight_junction",)},
        {"days": 3.0, "interventions": ALL_DRUGS},
        {"days": 3.0, "interventions": AILING},
        {"days": 2.0, "infants": TWINS, "start_day": 1.0},
        {"days": 2.0, "infants": TWINS, "start_day": 12.0},
        {"days": 4.0, "start_day": -1.0},
        {"days": 2.0, "start_day": -30.0, "knock_outs": ("progesterone_receptor",)},
        {"days": 4.0, "start_day": 2.0, "schedule": ({"kind": "none"},)},
        {"days": 4.0, "start_day": 1.0, "interventions": ({"kind": "retained_placenta", "end_day": 3.0},)},
        {"days": 3.0, "start_day": 2.0, "schedule": ({"kind": "wean", "days": 2.0},)},
        {"days": 3.0, "start_day": 5.0, "gland": {"plasticity": {"early_growth_per_day": 4.0, "set_point": 2.0}}},
        {"days": 3.0, "start_day": 5.0, "gland": {"plasticity": {"rate_per_day": 2.0}}},
        {"days": 3.0, "schedule": ({"kind": "none"},), "gland": {"plasticity": {"turnover_per_day": 0.5}}},
    ],
    ids=[
        "one side", "open junctions", "drugs", "ailments", "twins at birth", "twins", "birth", "pregnancy",
        "involution", "retained", "weaning", "growth", "quiescence", "turnover",
    ],
)  # fmt: skip
def test_balance_holds_with_everything_that_moves_cells_and_milk(keys):
    """Leaks, cells that come and go, drugs, twins, pregnancy, each by itself."""
    small(**keys)


def test_what_should_happen_in_those_happens():
    """Leaks let sodium in, cells grow, turn and are lost, each intervention begins and ends."""
    leaking = small(days=3.0, knock_outs=("tight_junction",))
    sodium = next(row for row in leaking[Balance] if row.quantity == "sodium")
    assert sodium.lost > 0.1 * sodium.made + 0.1 * sodium.gained
    assert leaking[Removal][-1].sodium_mmol_per_l > 1.5 * 7.7
    growth = {"early_growth_per_day": 4.0, "set_point": 2.0, "rate_per_day": 0.0}  # all that is emptied grows
    growing = small(days=3.0, start_day=5.0, gland={"plasticity": growth})
    first, last = growing[LobeSample][0], growing[LobeSample][-1]
    assert last.active_cells + last.quiescent_cells > 1.05 * (first.active_cells + first.quiescent_cells)
    membrane = next(row for row in growing[Balance] if row.quantity == "membrane")
    assert membrane.gained > 0.0
    sealed = small(days=4.0, schedule=({"kind": "none"},), gland={"involution": {"loss_per_day": 5.0}})
    assert sealed[LobeSample][-1].lost_cells > 0.01
    ailing = small(days=3.0, interventions=AILING)
    told = [(change.intervention, change.action) for change in ailing[InterventionChange]]
    assert sorted(told) == sorted((each["kind"], action) for each in AILING for action in ("start", "end"))
    twins = small(days=2.0, start_day=12.0, infants=TWINS)
    assert {row.infant for row in twins[Session]} == {0, 1}


@st.composite
def interventions(draw, start_day, days, infants):
    """Up to three interventions, before, during and after the run."""
    chosen = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(sorted(_ABOUT)))
        begins = start_day + draw(st.floats(-1.0, days))
        about = {key: draw(values) for key, values in _ABOUT[kind].items()}
        chosen.append({"kind": kind, "start_day": begins, **about})
        if kind not in ("cabergoline", "oxytocin", "fasting") and draw(st.booleans()):
            chosen[-1]["end_day"] = begins + draw(st.floats(0.01, days))
        if kind == "retained_placenta":
            chosen[-1].pop("start_day")
            chosen[-1]["end_day"] = 1.0 + draw(st.floats(0.1, 5.0))
        if kind == "growth_spurt" and chosen[-1]["infant"] >= infants:
            chosen.pop()
    return tuple(chosen)


_SIDE = {"side": st.sampled_from(["left", "right"])}
_ABOUT = {
    "retained_placenta": {"share": st.floats(0.01, 0.3)},
    "cabergoline": {"dose_mg": st.floats(0.1, 2.0)},
    "domperidone": {"dose_mg": st.floats(1.0, 100.0)},
    "oxytocin": {"dose_iu": st.floats(0.1, 40.0)},
    "oxytocin_block": {"share": st.floats(0.1, 1.0)},
    "combined_pill": {"dose_ug": st.floats(1.0, 100.0)},
    "stress": {},
    "fasting": {"hours": st.floats(1.0, 120.0)},
    "blood_substrate": {"level": st.floats(0.0, 1.0)},
    "mastitis": {**_SIDE, "severity": st.floats(0.1, 1.0)},
    "duct_obstruction": {**_SIDE, "lobe": st.integers(0, 1)},
    "seal": _SIDE,
    "growth_spurt": {"factor": st.floats(0.1, 4.0), "infant": st.integers(0, 2)},
}
_FEEDING = st.sampled_from(
    [
        {"kind": "on_demand"},
        {"kind": "on_demand", "side": "preferred", "night_gap": {"from": "22:00", "to": "05:00"}},
        {"kind": "every", "hours": 1.5, "side": "alternate"}, {"kind": "every", "hours": 7.0},
        {"kind": "cluster", "feeds": 10, "clusters": 2, "side": "both"}, {"kind": "wean", "days": 2.0},
        {"kind": "clock", "times": ("07:00", "12:30", "19:00"), "side": "left"}, {"kind": "none"},
    ]
)  # fmt: skip
_PUMPING = st.sampled_from(
    [
        (), ({"kind": "pump", "times": ("06:00", "18:00")},), ({"kind": "pump", "after_feeds": True, "minutes": 8.0},),
        ({"kind": "power_pump", "times": ("12:00",), "side": "right"},),
    ]
)  # fmt: skip


@st.composite
def scenarios(draw):
    """A small scenario of any stage, with anything that may go on in it."""
    start_day, days = draw(st.sampled_from([-2.0, 0.0, 0.6, 1.0, 3.0, 12.0, 30.0, 200.0])), draw(st.floats(2.0, 4.0))
    infants = draw(st.integers(1, 3))
    return {
        **SMALL,
        "start_day": start_day,
        "days": days,
        "seed": draw(st.integers(0, 1000)),
        "birth_clock": draw(st.sampled_from(["00:00", "13:37"])),
        "knock_outs": tuple(draw(st.lists(st.sampled_from(MECHANISMS), max_size=2, unique=True))),
        "infants": tuple({"birth_weight_kg": draw(st.floats(1.5, 5.0))} for _ in range(infants)),
        "interventions": draw(interventions(start_day, days, infants)),
        "schedule": (draw(_FEEDING), *draw(_PUMPING)),
    }


@settings(max_examples=8)
@given(scenarios())
def test_balance_and_order_hold_for_any_scenario(keys):
    """Conservation, no negative amount, one session at a time, infants that are alive."""
    played(valid(keys))


@pytest.mark.slow
@settings(max_examples=150)
@given(scenarios())
def test_balance_and_order_hold_for_many_scenarios(keys):
    """The same, with patience."""
    played(valid(keys))


@pytest.mark.slow
@settings(max_examples=10)
@given(
    hours=st.sampled_from([1.5, 3.0, 7.0]),
    side=st.sampled_from(["left", "both", "alternate"]),
    capacity_ml=st.sampled_from([74.0, 205.0, 400.0]),
    packet_ml=st.floats(0.05, 0.13),
    seed=st.integers(0, 1000),
)
def test_balance_and_order_hold_for_any_grid(*, hours, side, capacity_ml, packet_ml, seed):
    """In breasts of nine lobes too: no removal above what was there, and membrane to wrap droplets in."""
    facts = played(valid({
        "days": 0.6, "seed": seed, "resolution": {"packet_ml": packet_ml},
        "gland": {"lumen": {"capacity_ml": capacity_ml}},
        "schedule": ({"kind": "every", "hours": hours, "side": side},),
    }))  # fmt: skip
    assert all(row.removed_ml <= row.available_ml + 10.0 for row in facts[Removal])  # made during the session
    assert all(row.apical_membrane_fraction >= 0.35 - 1e-9 for row in facts[LobeSample])


def test_broken_balance_is_told():
    """A residual above 1e-9, or one that is not a number, stops the run with the numbers."""
    good = Balance("fat", "g", 1.0, 1.0, 0.0, 1.0, 0.5, 0.5, 0.0, 1e-12)
    check_balances([good])
    with pytest.raises(BalanceError, match=r"fat: 2\.0 g came in"):
        check_balances([good._replace(residual=2e-9)])
    with pytest.raises(BalanceError):
        check_balances([good._replace(residual=float("nan"))])


def check_finer_grids(play, **keys):
    """Daily volume moves by less than 0.5 % with half the packet, and with twice the lobes besides."""
    keys = {"visits": False, "schedule": ({"kind": "every", "hours": 3},), **keys}
    usual = daily_ml(play(**keys))
    assert 600.0 <= usual <= 950.0
    assert daily_ml(play(resolution={"packet_ml": 0.05}, **keys)) == pytest.approx(usual, rel=0.005)
    lobes = {"lobes_per_breast": 18}
    assert daily_ml(play(resolution={"packet_ml": 0.05}, gland=lobes, **keys)) == pytest.approx(usual, rel=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("appetite", [1.0, 4.0])
def test_finer_grids_change_little(play, appetite):
    """When the infant limits the volume, and when the gland does."""
    check_finer_grids(play, days=6.0, infants=({"appetite": appetite},))


def test_a_finer_packet_changes_little(play):
    """The first of these again, quickly: a day in which a pump takes what it can."""
    keys = {
        "days": 1.0,
        "visits": False,
        "schedule": ({"kind": "pump", "times": ("00:00", "06:00", "12:00", "18:00")},),
    }
    assert daily_ml(play(resolution={"packet_ml": 0.05}, **keys)) == pytest.approx(daily_ml(play(**keys)), rel=0.005)


@pytest.mark.slow
def test_finer_grids_change_little_in_the_shipped_scenario(play):
    """The two weeks of every-three-hours."""
    check_finer_grids(
        play, **load_scenario("every-three-hours").config.model_dump(exclude_unset=True, exclude={"format"})
    )


@pytest.mark.slow
def test_checkpoints_at_half_the_time_change_little(play):
    """Rates held for half as long give the same volume to 1 %."""
    keys = {"days": 14.0, "visits": False, "schedule": ({"kind": "every", "hours": 3},)}
    assert daily_ml(play(gland={"checkpoint_min": 30.0}, **keys)) == pytest.approx(daily_ml(play(**keys)), rel=0.01)


def test_established_state_is_steady(play):
    """From the first hour the gland secretes at its usual rate: no transient from an empty pipeline."""
    played = play(days=1.0, gland={"noise": {"sd": 0.0}}, schedule=({"kind": "every", "hours": 3},))
    breasts = played.table(BreastSample)
    rate = breasts.groupby("time_min").secretion_ml_per_h.sum(min_count=1).dropna()
    assert rate.iloc[0] == pytest.approx(rate.iloc[:6].mean(), rel=0.15)


def test_lobes_are_unequal_and_make_a_whole():
    """Shares rise, differ several-fold and add up to one."""
    shares = lobe_shares(9, 0.4)
    assert shares == sorted(shares)
    assert sum(shares) == pytest.approx(1.0, rel=1e-12)
    assert shares[-1] / shares[0] > 3.0
    assert lobe_shares(4, 0.0) == pytest.approx([0.25] * 4, rel=1e-12)


def test_knock_outs_do_what_their_mechanism_did(play):
    """No lactose synthase: scant and thick milk; no budding: skim milk; no receptor: nothing comes out."""
    keys = {"days": 2.0, "visits": False, "schedule": ({"kind": "every", "hours": 3},)}
    normal = play(**keys)
    for name in ("lactose_synthase", "alpha_lactalbumin"):
        no_lactose = play(knock_outs=(name,), **keys)
        last = no_lactose.table(Removal).query("removed_ml > 1").iloc[-8:]
        assert daily_ml(no_lactose) < 0.5 * daily_ml(normal)
        assert (last.protein_g_per_l > 2.0 * normal.table(Removal).iloc[-8:].protein_g_per_l.mean()).all()
    skim = play(knock_outs=("droplet_budding",), **keys).table(Removal)
    assert skim.fat_g_per_l.iloc[-2:].mean() < 10.0
    for name in ("oxytocin_receptor", "myoepithelium"):
        assert daily_ml(play(knock_outs=(name,), **keys)) == pytest.approx(0.0, abs=1e-9)
    for name in ("prolactin_receptor", "stat5"):
        lobes = play(knock_outs=(name,), **keys).table(LobeSample)
        assert (lobes[["stat5", "mrna"]] == 0.0).all(axis=None)
        assert lobes.groupby("time_min").rer_queue.sum().iloc[-1] == 0


def test_blocked_fusion_lets_fat_bud_until_membrane_runs_out(play):
    """Without fusion the lipid line goes on, then stops for want of membrane over an unfilled lumen."""
    played = play(days=1.0, knock_outs=("vesicle_fusion",), schedule=({"kind": "none"},), record={"sample_min": 20.0})
    lobes = played.table(LobeSample)
    last = lobes[lobes.time_min == lobes.time_min.max()]
    balance = played.table(Balance).set_index("quantity")
    assert balance.removed["membrane"] > 0.5
    assert (last.apical_membrane_fraction < 0.9).all()
    assert (last.fullness < 0.6).all()
    assert (last.rer_queue >= lobes.groupby(["breast", "lobe"]).rer_queue.max().to_numpy()).all()
