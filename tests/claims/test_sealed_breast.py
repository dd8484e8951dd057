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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_impairment_travels_upstream(play, seed):
    """Fusion slows, then the Golgi blocks, then the RER is full, and only then translation is attenuated."""
    played = play(
        days=1.25, seed=seed, schedule=({"kind": "every", "hours": 3, "side": "right"},), record={"sample_min": 20.0}
    )
    left = lobes_by_hour(played, "left")
    slow_h = first(left.fusion_rate_fraction, lambda fraction: fraction < 0.5)
    golgi_h = first(blocked_share(played, "left", "golgi"), lambda share: share > 0.5) + 1.0
    places = left.rer_queue.max()
    full_h = first(left.rer_queue, lambda queue: queue >= places - 0.2)
    stressed_h = first(left.upr_adaptive, lambda adaptive: adaptive > 0.25)
    assert slow_h < golgi_h <= full_h + 1.0
    assert golgi_h - 1.0 <= full_h <= stressed_h
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
    assert left.rer_queue.iloc[-1] >= left.rer_queue.max() - 0.2
    rate = np.diff(left.volume_ml)
    assert rate[-12:].max() < 0.05 * rate[:12].mean()


def test_intact_other_side_of_stress(play):
    """Knocking out the unfolded protein response leaves the RER full and translation unattenuated: only then."""
    keys = {"days": 1.5, "schedule": ({"kind": "none"},), "record": {"sample_min": 60.0}}
    intact, without = play(**keys), play(knock_outs=("unfolded_protein_response",), **keys)
    assert lobes_by_hour(intact, "left").upr_adaptive.iloc[-1] > 0.8
    assert lobes_by_hour(without, "left").rer_queue.iloc[-1] >= lobes_by_hour(without, "left").rer_queue.max() - 0.2
