"""What each intervention does to mother and infants in a run of a small gland."""

from __future__ import annotations

import pandas as pd
import pytest

from lactflow.records import (
    BreastSample,
    HormoneSample,
    InterventionChange,
    LetDown,
    LobeSample,
    Removal,
    Session,
)
from lactflow.units import DAY_MIN


@pytest.fixture(scope="module")
def small(play):
    """Play days of a small gland with some interventions, by default fed every three hours from day 30."""

    def player(*interventions, **keys):
        about = {"days": 2.0, "schedule": ({"kind": "every", "hours": 3},), **keys}
        return play(
            visits=False, gland={"lobes_per_breast": 2, "noise": {"sd": 0.0}}, resolution={"packet_ml": 0.5},
            interventions=interventions, **about,
        )  # fmt: skip

    return player


def of_day(rows: pd.DataFrame, day: float, column: str = "time_min") -> pd.DataFrame:
    """Rows of one day."""
    return rows[(rows[column] >= (day - 1.0) * DAY_MIN) & (rows[column] < day * DAY_MIN)]


def test_changes_are_told_when_they_take_place(small):
    """Not those before the run or after its end."""
    played = small(
        {"kind": "stress", "start_day": 29.0, "end_day": 30.5}, {"kind": "stress", "start_day": 31.0, "end_day": 32.0},
        {"kind": "cabergoline", "start_day": 31.5}, {"kind": "oxytocin", "start_day": 30.0},
    )  # fmt: skip
    told = [tuple(row) for row in played.table(InterventionChange).to_numpy()]
    assert told == [
        (29.0 * DAY_MIN, "oxytocin", "dose of 4 IU"), (29.5 * DAY_MIN, "stress", "end"),
        (30.0 * DAY_MIN, "stress", "start"), (30.5 * DAY_MIN, "cabergoline", "dose of 1 mg"),
    ]  # fmt: skip


def test_domperidone_raises_prolactin_and_cabergoline_shuts_it_off(small):
    """Compared with the same days without: by the declared rise, and to next to nothing."""
    plain = small()
    declared = plain.config.endocrine.drugs.domperidone
    antagonist = small({"kind": "domperidone", "start_day": 31.0, "dose_mg": 30.0})
    agonist = small({"kind": "cabergoline", "start_day": 30.5, "dose_mg": 1.0})
    level = [
        of_day(played.table(HormoneSample), 31).prolactin_ng_per_ml.mean() for played in (plain, antagonist, agonist)
    ]
    rise = 1.0 + declared.largest_rise * 30.0 / (30.0 + declared.half_effect_mg_per_day)
    assert level[1] == pytest.approx(rise * level[0], rel=0.02)
    assert level[2] < 0.15 * level[0]


def test_a_pill_lowers_transcription(small):
    """By what its estrogen divides it."""
    plain, pill = small(days=6.0), small({"kind": "combined_pill", "start_day": 30.0, "dose_ug": 30.0}, days=6.0)
    estrogen = 30.0 * plain.config.endocrine.drugs.combined_pill.estrogen_pg_per_ml_per_ug
    ratio = plain.table(LobeSample).mrna.iloc[-1] / pill.table(LobeSample).mrna.iloc[-1]
    assert ratio == pytest.approx(1.0 + plain.config.gland.genes.estrogen_brake_ml_per_pg * estrogen, rel=0.02)


def test_a_dose_of_oxytocin_lets_milk_down(small):
    """In both breasts, outside a session, with the rise that the dose gives."""
    played = small({"kind": "oxytocin", "start_day": 30.05, "dose_iu": 40.0})
    let_downs, endocrine = played.table(LetDown), played.config.endocrine
    dose = let_downs[let_downs.trigger == "dose"]
    assert list(dose.breast) == ["left", "right"]
    assert dose.time_min.to_list() == [pytest.approx(29.05 * DAY_MIN, rel=1e-12)] * 2
    assert dose.session.isna().all()
    peak = endocrine.oxytocin.basal_pg_per_ml + 40.0 * endocrine.drugs.nasal_oxytocin.rise_pg_per_ml_per_iu
    assert dose.oxytocin_pg_per_ml.to_list() == pytest.approx([peak] * 2, rel=0.01)
    assert (dose.ejected_ml > 0.0).all()


def test_a_block_of_the_receptor_keeps_milk_in(small):
    """All of it, while it lasts; half of it moves half as much at the same let-down."""
    blocked = small({"kind": "oxytocin_block", "start_day": 30.5, "end_day": 31.0}).table(LetDown)
    inside = (blocked.time_min >= 29.5 * DAY_MIN) & (blocked.time_min < 30.0 * DAY_MIN)
    assert inside.sum() > 10
    assert (blocked.ejected_ml[inside] == 0.0).all()
    assert (blocked.ejected_ml[~inside] > 0.0).any()
    first = [
        small(*blocks).table(LetDown).ejected_ml.iloc[:2].sum()
        for blocks in ([], [{"kind": "oxytocin_block", "start_day": 30.0, "share": 0.5}])
    ]
    assert 0.4 * first[0] < first[1] < 0.75 * first[0]


def test_stress_slows_the_pulses(small):
    """The declared share of them is left in a pumping of the same length."""
    schedule = ({"kind": "pump", "times": ("06:00", "12:00", "18:00"), "minutes": 60.0},)
    plain = small(schedule=schedule, days=4.0)
    stressed = small({"kind": "stress", "start_day": 30.0}, schedule=schedule, days=4.0)
    pulses = [played.table(Removal).let_downs.sum() for played in (plain, stressed)]
    assert pulses[1] / pulses[0] == pytest.approx(plain.config.endocrine.drugs.stress.pulse_share, abs=0.12)


def test_less_raw_material_makes_less_milk_and_less_lactose(small):
    """A quarter of the substrate halves translation (power 0.5), at once in both breasts."""
    schedule = ({"kind": "pump", "times": tuple(f"{hour:02}:00" for hour in range(0, 24, 3))},)
    plain, fasting = (
        small(*each, schedule=schedule, days=3.0)
        for each in ([], [{"kind": "blood_substrate", "start_day": 31.0, "level": 0.25}])
    )
    made = [of_day(played.table(BreastSample), 32).secretion_ml_per_h.mean() for played in (plain, fasting)]
    assert made[1] / made[0] < 0.55
    lactose = [of_day(played.table(Removal), 32, "start_min").lactose_g_per_l.mean() for played in (plain, fasting)]
    assert lactose[1] < lactose[0]


def test_mastitis_opens_the_junctions_of_its_breast(small):
    """Sodium rises there and not in the other breast, and falls again."""
    removals = small({"kind": "mastitis", "side": "left", "start_day": 31.0, "end_day": 32.0}, days=6.0).table(Removal)
    sodium = {
        (side, day): of_day(removals[removals.breast == side], day, "start_min").sodium_mmol_per_l.mean()
        for side in ("left", "right") for day in (30, 31, 32, 35)
    }  # fmt: skip
    assert sodium["left", 31] > 1.5 * sodium["left", 30]
    assert sodium["right", 31] == pytest.approx(sodium["right", 30], rel=0.01)
    assert sodium["left", 35] < 0.8 * sodium["left", 32]


def test_an_obstructed_lobe_fills_while_the_others_are_emptied(small):
    """In its breast only; it gets nothing back from the other lobes, and is emptied when it is open again."""
    played = small({"kind": "duct_obstruction", "side": "left", "lobe": 1, "start_day": 30.0, "end_day": 31.5})
    lobes = played.table(LobeSample)
    shut = lobes[lobes.time_min <= 30.5 * DAY_MIN]
    course = {key: rows.fullness.to_numpy() for key, rows in shut.groupby(["breast", "lobe"])}
    assert course["left", 1][-1] > 1.2
    assert course["left", 1].max() <= 1.4 + 1e-9
    assert max(course["left", 0].max(), course["right", 1].max()) < 1.0
    after = lobes[(lobes.breast == "left") & (lobes.lobe == 1) & (lobes.time_min >= 30.5 * DAY_MIN)]
    assert after.fullness.min() < 0.8


def test_an_obstructed_lobe_makes_its_own_milk_only(play):
    """With its cells still, its milk does not change: what flows back from the ducts goes to the open lobes."""
    played = play(
        days=1.0, visits=False, gland={"lobes_per_breast": 2}, resolution={"packet_ml": 0.5},
        knock_outs=("vesicle_fusion", "droplet_budding"), schedule=({"kind": "every", "hours": 3},),
        dyad={"infant": {"suction_ml_per_min": 1.0, "newborn_suction_deficit_ml_per_min": 0.0}},
        interventions=({"kind": "duct_obstruction", "side": "left", "lobe": 1, "start_day": 30.0},),
    )  # fmt: skip
    lobes = played.table(LobeSample)
    volume_ml = lobes[(lobes.breast == "left") & (lobes.lobe == 1)].volume_ml
    assert volume_ml.max() <= volume_ml.iloc[0] + 1e-9


def test_nobody_takes_milk_from_a_sealed_breast(small):
    """While it is sealed; sessions at both go on at the other one, sessions at it alone do not take place."""
    seal = {"kind": "seal", "side": "left", "start_day": 30.5, "end_day": 31.0}
    removals = small(seal).table(Removal)
    inside = removals[(removals.start_min >= 29.5 * DAY_MIN) & (removals.start_min < 30.0 * DAY_MIN)]
    assert set(inside.breast) == {"right"}
    assert set(of_day(removals, 31, "start_min").breast) == {"left", "right"}
    sessions = small(seal, schedule=({"kind": "every", "hours": 3, "side": "left"},)).table(Session)
    planned = [29.0 * DAY_MIN + 180.0 * number for number in range(16)]
    assert sessions.planned_min.to_list() == [at for at in planned if not 29.5 * DAY_MIN <= at < 30.0 * DAY_MIN]


def test_a_growth_spurt_raises_intake(small):
    """Of the infant it belongs to, while it lasts; its twin goes on as before."""
    spurt = {"kind": "growth_spurt", "infant": 1, "start_day": 31.0, "factor": 1.5}
    about = {"infants": ({"birth_weight_kg": 3.0}, {"birth_weight_kg": 3.0}), "days": 6.0, "start_day": 20.0}
    keys = {**about, "schedule": ({"kind": "none"},)}  # bottles, so that the mother sets no limit
    plain, spurting = small(**keys), small({**spurt, "start_day": 21.0}, **keys)
    taken = [played.table(Session).groupby("infant").intake_ml.sum() for played in (plain, spurting)]
    assert taken[1][1] > 1.25 * taken[0][1]
    assert taken[1][0] == pytest.approx(taken[0][0], rel=1e-9)


def test_a_retained_fragment_holds_milk_back_until_it_is_out(small):
    """Progesterone keeps its share, and copious milk waits."""
    about = {"start_day": 1.0, "days": 9.0, "schedule": ({"kind": "on_demand"},)}
    plain = small(**about)
    retained = small({"kind": "retained_placenta", "share": 0.35, "end_day": 6.0}, **about)
    progesterone = retained.table(HormoneSample).set_index("time_min").progesterone_ng_per_ml
    assert progesterone.loc[4 * DAY_MIN] == pytest.approx(0.35 * 150.0, rel=0.05)
    mrna = [played.table(LobeSample).groupby("time_min").mrna.mean() for played in (plain, retained)]
    assert mrna[0].loc[5 * DAY_MIN] > 0.8
    assert mrna[1].loc[5 * DAY_MIN] < 0.1
    assert mrna[1].iloc[-1] > 0.4
