"""Nothing is made or lost out of nothing, at any setting; and the resolution does not decide the result."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lactflow.config.model import RunConfig
from lactflow.config.scenario import load_scenario
from lactflow.errors import BalanceError
from lactflow.gland.books import check_balances
from lactflow.gland.resolution import largest_packet_ml, lobe_shares
from lactflow.parameters.gland import Gland
from lactflow.records import Balance, BreastSample, LobeSample, MemoryRecorder, Removal
from lactflow.simulation import simulate

QUANTITIES = {"water", "lactose", "protein", "sodium", "potassium", "chloride", "inhibitor", "fat", "membrane"}


def daily_ml(played):
    """Milk removed a day, both breasts."""
    return played.table(Removal).removed_ml.sum() / played.config.days


def test_every_quantity_balances(every_three_hours):
    """All quantities are there, and none has a residual above 1e-9."""
    balance = every_three_hours.table(Balance)
    assert set(balance.quantity) == QUANTITIES
    assert balance.residual.abs().max() <= 1e-9
    assert (balance.removed > 0).all()


@settings(max_examples=12, deadline=None)
@given(
    hours=st.sampled_from([1.5, 3.0, 7.0]),
    side=st.sampled_from(["left", "both", "alternate"]),
    knock_out=st.sampled_from([
        (), ("lactose_synthase",), ("vesicle_fusion",), ("droplet_budding",), ("oxytocin_receptor",),
        ("feedback_inhibitor",), ("unfolded_protein_response",),
    ]),
    capacity_ml=st.sampled_from([74.0, 205.0, 400.0]),
    packet_ml=st.floats(0.05, 0.13),
    seed=st.integers(0, 1000),
)  # fmt: skip
def test_balance_and_order_hold_for_any_scenario(*, hours, side, knock_out, capacity_ml, packet_ml, seed):
    """Conservation, no negative amount, no removal above what was there."""
    config = RunConfig.model_validate({
        "format": 1, "days": 0.6, "seed": seed, "knock_outs": knock_out,
        "resolution": {"packet_ml": packet_ml}, "gland": {"lumen": {"capacity_ml": capacity_ml}},
        "schedule": ({"kind": "every", "hours": hours, "side": side},),
    })  # fmt: skip
    recorder = MemoryRecorder()
    simulate(config, recorder)
    for fact in recorder.facts:
        if isinstance(fact, Removal):
            assert 0.0 <= fact.removed_ml <= fact.available_ml + 10.0  # made during the session
            assert fact.fullness_end >= 0.0
        if isinstance(fact, LobeSample):
            assert fact.volume_ml >= 0.0
            assert fact.inhibitor >= 0.0
            assert fact.apical_membrane_fraction >= 0.349
        if isinstance(fact, Balance):
            assert abs(fact.residual) <= 1e-9
            assert min(fact.stored, fact.in_transit, fact.removed, fact.lost) >= 0.0


def test_broken_balance_is_told():
    """A residual above 1e-9, or one that is not a number, stops the run with the numbers."""
    good = Balance("fat", "g", 1.0, 1.0, 0.0, 1.0, 0.5, 0.5, 0.0, 1e-12)
    check_balances([good])
    with pytest.raises(BalanceError, match=r"fat: 2\.0 g came in"):
        check_balances([good._replace(residual=2e-9)])
    with pytest.raises(BalanceError):
        check_balances([good._replace(residual=float("nan"))])


def check_finer_grids(play, **keys):
    """Daily volume moves by less than 1 % with half the packet, and with twice the lobes besides."""
    keys = {"visits": False, "schedule": ({"kind": "every", "hours": 3},), **keys}
    usual = daily_ml(play(**keys))
    assert 600.0 <= usual <= 950.0
    assert daily_ml(play(resolution={"packet_ml": 0.05}, **keys)) == pytest.approx(usual, rel=0.01)
    lobes = {"lobes_per_breast": 18}
    assert daily_ml(play(resolution={"packet_ml": 0.05}, gland=lobes, **keys)) == pytest.approx(usual, rel=0.01)


@pytest.mark.parametrize("appetite_ml", [100.0, 400.0])
def test_finer_grids_change_little(play, appetite_ml):
    """When the infant limits the volume, and when the gland does."""
    check_finer_grids(play, days=3.0, infants=({"appetite_ml": appetite_ml},))


@pytest.mark.slow
def test_finer_grids_change_little_in_the_shipped_scenario(play):
    """The two weeks of every-three-hours."""
    check_finer_grids(
        play, **load_scenario("every-three-hours").config.model_dump(exclude_unset=True, exclude={"format"})
    )


@pytest.mark.slow
def test_checkpoints_at_half_the_time_change_little(play):
    """Rates held for 10 instead of 20 minutes give the same volume to 1 %."""
    keys = {"days": 14.0, "visits": False, "schedule": ({"kind": "every", "hours": 3},)}
    assert daily_ml(play(gland={"checkpoint_min": 10.0}, **keys)) == pytest.approx(daily_ml(play(**keys)), rel=0.01)


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


def test_largest_packet_is_the_largest():
    """At the limit every place of the smallest lobe holds what it must; the default is below it."""
    largest = largest_packet_ml(Gland())
    assert 0.1 < largest < 0.2
    assert largest_packet_ml(Gland(lobes_per_breast=18)) < largest


def test_knock_outs_do_what_their_mechanism_did(play):
    """No lactose synthase: scant and thick milk; no budding: skim milk; no receptor: nothing comes out."""
    keys = {"days": 2.0, "visits": False, "schedule": ({"kind": "every", "hours": 3},)}
    normal = play(**keys)
    no_lactose = play(knock_outs=("lactose_synthase",), **keys)
    last = no_lactose.table(Removal).iloc[-8:]
    assert daily_ml(no_lactose) < 0.5 * daily_ml(normal)
    assert (last.protein_g_per_l > 2.0 * normal.table(Removal).iloc[-8:].protein_g_per_l.mean()).all()
    skim = play(knock_outs=("droplet_budding",), **keys).table(Removal)
    assert skim.fat_g_per_l.iloc[-2:].mean() < 10.0
    assert daily_ml(play(knock_outs=("oxytocin_receptor",), **keys)) == pytest.approx(0.0, abs=1e-9)


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
