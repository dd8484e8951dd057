"""A breast left alone: impairment travels upstream through the queues, and only there; emptying releases it."""

from __future__ import annotations

import numpy as np
import pytest

from lactflow.records import BreastSample, LobeSample, Removal

START_MIN = 29 * 1440.0


def lobes_by_hour(played, breast):
    """Mean of the lobes' samples, by hour since the start."""
    lobes = played.table(LobeSample).query("breast == @breast")
    hour = (lobes.time_min - START_MIN) / 60.0
    return lobes.drop(columns=["breast"]).groupby(hour).mean(numeric_only=True)


def blocked_share(played, breast, station):
    """Share of visits that ended blocked, by the hour in which they ended."""
    visits = played.visits()
    visits = visits[(visits.breast_name == breast) & (visits.station_name == station) & visits.left.notna()]
    hour = ((visits.left - START_MIN) // 60).astype(int)
    return (visits.left > visits.finished).groupby(hour).mean()


def first(series, holds):
    """Index of the first value for which `holds` is true."""
    return next(index for index, value in series.items() if holds(value))


def first_blocked_h(visits, lobe, station):
    """Hour at which a packet of this lobe was first done and could not leave the station."""
    visits = visits[(visits.lobe_name == lobe) & (visits.station_name == station) & visits.left.notna()]
    return (visits.finished[visits.left > visits.finished].min() - START_MIN) / 60.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_impairment_travels_upstream(play, seed):
    """In each lobe fusion slows, then the Golgi blocks, then the RER; its backlog grows, and stress comes last."""
    played = play(
        days=1.25, seed=seed, schedule=({"kind": "every", "hours": 3, "side": "right"},), record={"sample_min": 20.0}
    )
    visits = played.visits().query("breast_name == 'left'")
    threshold = played.config.gland.unfolded_protein_response.threshold
    for number, lobe in played.table(LobeSample).query("breast == 'left'").groupby("lobe"):
        course = lobe.set_index((lobe.time_min - START_MIN) / 60.0)
        slow_h = first(course.fusion_rate_fraction, lambda fraction: fraction < 0.5)
        golgi_h = first_blocked_h(visits, number, "golgi")
        rer_h = first_blocked_h(visits, number, "rer")
        backlog = course.rer_queue / course.rer_queue.max()
        backlog_h = first(backlog[backlog.index >= rer_h], lambda share: share > threshold)
        stressed_h = first(course.upr_adaptive, lambda adaptive: adaptive > 0.25)
        assert slow_h < golgi_h < rer_h <= backlog_h <= stressed_h
        assert course.unfolded_protein.iloc[-1] == 1.0  # the RER is full


def test_impairment_takes_hours(play):
    """Without chance, all lobes alike: hours from slow fusion to a full RER, and stress after that."""
    played = play(
        days=1.25, gland={"noise": {"sd": 0.0}}, schedule=({"kind": "every", "hours": 3, "side": "right"},),
        record={"sample_min": 20.0},
    )  # fmt: skip
    left = lobes_by_hour(played, "left")
    slow_h = first(left.fusion_rate_fraction, lambda fraction: fraction < 0.5)
    golgi_h = first(blocked_share(played, "left", "golgi"), lambda share: share > 0.5)
    full_h = first(left.rer_queue, lambda queue: queue >= left.rer_queue.max() - 0.2)
    stressed_h = first(left.upr_adaptive, lambda adaptive: adaptive > 0.25)
    assert slow_h < golgi_h < full_h <= stressed_h
    assert full_h - slow_h > 1.0


def test_other_breast_goes_on(play):
    """While the left breast is sealed for 30 hours, the right one makes as much a feed as in the beginning."""
    played = play(
        days=1.25,
        gland={"noise": {"sd": 0.0}},
        schedule=({"kind": "every", "hours": 3, "side": "right"},),
        record={"sample_min": 180.0},
    )
    breasts = played.table(BreastSample).dropna(subset=["secretion_ml_per_h"])
    rate = {side: rows.secretion_ml_per_h.to_numpy() for side, rows in breasts.groupby("breast")}
    assert rate["right"][-3:].mean() == pytest.approx(rate["right"][1:4].mean(), rel=0.03)
    assert rate["left"][-3:].mean() < 0.3 * rate["left"][:3].mean()


def test_first_ejection_releases_fusion_then_golgi_then_rer(sealed):
    """At the first let-down of the emptied breast fusion departs, then what the Golgi held, then what the RER held."""
    pump = sealed.table(Removal).query("kind == 'pump'").iloc[0]
    visits = sealed.visits().query("breast_name == 'left'")
    released = {}
    for station in ("vesicle_fusion", "golgi", "rer"):
        held = visits[(visits.station_name == station) & (visits.left > pump.start_min)]
        waited = held[held.left - held.finished > 1.0] if station != "vesicle_fusion" else held
        per_lobe = waited[waited.finished < pump.start_min + 60].groupby("lobe_name").left.min()
        released[station] = per_lobe.mean()
    assert released["vesicle_fusion"] <= released["golgi"] <= released["rer"]
    hourly = blocked_share(sealed, "left", "rer")
    assert hourly.loc[28] > 0.5
    assert hourly.loc[32] < 0.1


def test_no_formula_takes_fullness_to_synthesis(play):
    """Without the inhibitor a full lumen still stops the RER, by blocking alone, and only at the hard limit."""
    played = play(
        days=1.5, knock_outs=("feedback_inhibitor",), schedule=({"kind": "none"},), record={"sample_min": 20.0}
    )
    left = lobes_by_hour(played, "left")
    before_wall = left[left.fullness < 1.2]
    assert before_wall.fusion_rate_fraction.min() == pytest.approx(1.0, rel=1e-12)
    assert left.fullness.max() == pytest.approx(1.4, abs=0.05)
    assert left.unfolded_protein.iloc[-1] == 1.0  # the RER of every lobe is full
    gained = np.diff(left.volume_ml)
    # Three hours at either end: single packets, of 0.1 mL-eq in nine lobes, are no rate.
    assert gained[-9:].sum() < 0.05 * gained[:9].sum()


def test_intact_other_side_of_stress(play):
    """Knocking out the unfolded protein response leaves the RER full and translation unattenuated: only then."""
    keys = {"days": 1.5, "schedule": ({"kind": "none"},), "record": {"sample_min": 60.0}}
    intact, without = play(**keys), play(knock_outs=("unfolded_protein_response",), **keys)
    assert lobes_by_hour(intact, "left").upr_adaptive.iloc[-1] > 0.8
    unfelt = lobes_by_hour(without, "left")
    assert unfelt.unfolded_protein.iloc[-1] == 1.0
    assert (unfelt[["upr_adaptive", "upr_terminal"]] == 0.0).all(axis=None)


def test_a_sealed_breast_involutes_and_the_other_does_not(play):
    """Distension releases LIF, LIF turns STAT5 off before STAT3 is on, junctions open; each breast by itself."""
    played = play(
        days=2.5, visits=False, schedule=({"kind": "every", "hours": 3, "side": "right"},), record={"sample_min": 60.0}
    )
    left, right = lobes_by_hour(played, "left"), lobes_by_hour(played, "right")
    lif_h = first(left.lif, lambda lif: lif > 0.5)
    stat3_h = first(left.stat3, lambda stat3: stat3 > 0.5)
    leak_h = first(left.junction_leak, lambda leak: leak > 0.1)
    mrna_h = first(left.mrna, lambda mrna: mrna < 0.5)
    assert lif_h <= stat3_h < leak_h
    assert left.stat5.loc[stat3_h] < 0.7
    assert stat3_h < mrna_h
    assert left.lost_cells.iloc[-1] > 0.0
    assert right.lif.max() < 0.05
    assert right.stat3.max() < 1e-3
    assert right.stat5.min() > 0.9
    assert right.junction_leak.max() == pytest.approx(0.004, rel=1e-6)
