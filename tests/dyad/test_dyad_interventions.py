"""Interventions: what each does to the course of a scenario, and to mother and infants when it is played."""

from __future__ import annotations

from math import inf
from typing import get_args

import pandas as pd
import pytest
from pydantic import TypeAdapter, ValidationError

from lactflow.config.model import RunConfig, contradictions
from lactflow.dyad.interventions import AnyIntervention, course_of
from lactflow.dyad.schedule import Period
from lactflow.endocrine.births import Pregnancy
from lactflow.endocrine.course import Dose
from lactflow.endocrine.placenta import PlacentaPart
from lactflow.endocrine.signal import LevelWindow
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

INTERVENTION = TypeAdapter(AnyIntervention)
KINDS = {get_args(member.model_fields["kind"].annotation)[0] for member in get_args(get_args(AnyIntervention)[0])}
FROM_MIN, TO_MIN = 2.0 * DAY_MIN, 4.5 * DAY_MIN
LASTING = {
    # kind: what else it needs, the condition it holds and whose, the usual level and the one it brings
    "domperidone": ({"dose_mg": 30.0}, ("domperidone",), 0.0, 30.0),
    "combined_pill": ({"dose_ug": 35.0}, ("combined_pill",), 0.0, 35.0),
    "stress": ({}, ("stress",), 0.0, 1.0),
    "blood_substrate": ({"level": 0.6}, ("substrate",), 1.0, 0.6),
    "oxytocin_block": ({"share": 0.7}, ("oxytocin_block",), 0.0, 0.7),
    "mastitis": ({"side": "left", "severity": 0.8}, ("mastitis", "left"), 0.0, 0.8),
    "duct_obstruction": ({"side": "left", "lobe": 3}, ("obstruction", ("left", 3)), 0.0, 1.0),
    "seal": ({"side": "left"}, ("seal", "left"), 0.0, 1.0),
    "growth_spurt": ({"factor": 1.4, "infant": 1}, ("demand", 1), 1.0, 1.4),
}
RUN = Period(0.0, 60.0 * DAY_MIN, 0.0)


def course(*interventions, run=RUN):
    """What these do."""
    return course_of([INTERVENTION.validate_python(each) for each in interventions], run)


# -- as data ----------------------------------------------------------------------------------------------


def test_every_kind_is_tested_here():
    """Those that last, doses, the placenta, steroids and a pregnancy."""
    others = {"cabergoline", "estrogen_progesterone", "fasting", "oxytocin", "pregnancy", "retained_placenta"}
    assert {*LASTING, *others} == KINDS


@pytest.mark.parametrize("kind", LASTING)
def test_what_lasts_holds_from_its_start_to_its_end(kind):
    """At its own level, its start included and its end not; to the end of the run where no end is given."""
    about, condition, usual, level = LASTING[kind]
    windowed = course({"kind": kind, "start_day": 3.0, "end_day": 5.5, **about})
    steps = windowed.steps(*condition)
    assert [steps.level(at) for at in (FROM_MIN - 1e-6, FROM_MIN, TO_MIN - 1e-6, TO_MIN)] == [
        usual,
        level,
        level,
        usual,
    ]
    assert [steps.next_change(at) for at in (-inf, FROM_MIN, TO_MIN)] == [FROM_MIN, TO_MIN, inf]
    assert windowed.changes == [
        InterventionChange(FROM_MIN, kind, "start"), InterventionChange(TO_MIN, kind, "end")
    ]  # fmt: skip
    endless = course({"kind": kind, "start_day": 3.0, **about})
    assert endless.steps(*condition).level(1e9) == level
    assert endless.steps(*condition).next_change(FROM_MIN) == inf
    assert endless.changes == [InterventionChange(FROM_MIN, kind, "start")]


@pytest.mark.parametrize("kind", LASTING)
def test_each_acts_on_its_own_signal_only(kind):
    """All others are as without any intervention; the other breast and the other infant too."""
    about, own, _, _ = LASTING[kind]
    with_it = course({"kind": kind, "start_day": 3.0, **about})
    others = [condition for other, (_, condition, _, _) in LASTING.items() if other != kind]
    others += [
        ("mastitis", "right"), ("obstruction", ("right", 3)), ("obstruction", ("left", 2)), ("seal", "right"),
        ("demand", 0),
    ]  # fmt: skip
    for condition in others:
        assert with_it.steps(*condition).next_change(-inf) == inf
        assert with_it.steps(*condition).level(FROM_MIN) == course().steps(*condition).level(FROM_MIN)
    assert with_it.steps(*own).level(FROM_MIN) != course().steps(*own).level(FROM_MIN)
    assert (with_it.doses, with_it.retained) == ({}, [])


def test_doses_are_taken_once():
    """With their amount, at their time."""
    doses = course(
        {"kind": "cabergoline", "start_day": 3.0, "dose_mg": 0.5},
        {"kind": "oxytocin", "start_day": 2.0, "dose_iu": 8.0},
    )
    assert doses.doses_of("cabergoline") == (Dose(FROM_MIN, 0.5),)
    assert doses.doses_of("oxytocin") == (Dose(DAY_MIN, 8.0),)
    assert doses.changes == [
        InterventionChange(DAY_MIN, "oxytocin", "dose of 8 IU"),
        InterventionChange(FROM_MIN, "cabergoline", "dose of 0.5 mg"),
    ]


def test_retained_fragments_are_parts_of_the_placenta():
    """Each out at its end, the rest at birth; all add up to one."""
    parts = course(
        {"kind": "retained_placenta", "share": 0.25, "end_day": 9.0}, {"kind": "retained_placenta", "share": 0.25}
    ).placenta()
    assert parts == (PlacentaPart(0.5, 0.0), PlacentaPart(0.25, 8 * DAY_MIN), PlacentaPart(0.25, inf))
    assert sum(part.share for part in course().placenta()) == 1.0


def test_steroids_are_given_as_doses_or_as_levels():
    """Each in its own condition, and nothing where none is given."""
    about = {"estradiol_mg": 6.0, "progesterone_ng_per_ml": 20.0}
    given = course({"kind": "estrogen_progesterone", "start_day": 3.0, "end_day": 5.5, **about})
    assert given.windows_of("estradiol_dose") == (LevelWindow(FROM_MIN, TO_MIN, 6.0),)
    assert given.windows_of("progesterone_given") == (LevelWindow(FROM_MIN, TO_MIN, 20.0),)
    assert not given.holds("progesterone_dose")
    assert not given.holds("estradiol_given")
    assert [change.action for change in given.changes] == ["start", "end"]


def test_a_pregnancy_lasts_280_days_or_until_it_ends():
    """Its end is reported, and its hormones are of a placenta of their own."""
    begun = course({"kind": "pregnancy", "start_day": 3.0}, {"kind": "pregnancy", "start_day": 303.0, "end_day": 340.0})
    first, second = Pregnancy(FROM_MIN, FROM_MIN + 280.0 * DAY_MIN), Pregnancy(302.0 * DAY_MIN, 339.0 * DAY_MIN)
    assert begun.pregnancies == [first, second]
    assert begun.placenta() == course().placenta()
    assert [change.time_min / DAY_MIN for change in begun.changes] == [2.0, 282.0, 302.0, 339.0]


def test_windows_that_overlap():
    """The last one given counts where both hold, the other one before and after."""
    doses = course(
        {"kind": "domperidone", "start_day": 2.0, "end_day": 9.0, "dose_mg": 30.0},
        {"kind": "domperidone", "start_day": 4.0, "end_day": 5.0, "dose_mg": 60.0},
    ).steps("domperidone")
    assert [doses.level((day - 1.0) * DAY_MIN) for day in (1.5, 3.0, 4.5, 6.0, 9.5)] == [0.0, 30.0, 60.0, 30.0, 0.0]


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"kind": "stress", "start_day": 3.0, "end_day": 2.0}, "end_day 2 is not after start_day 3"),
        ({"kind": "stress", "start_day": 3.0, "end_day": 3.0}, "end_day 3 is not after start_day 3"),
        ({"kind": "estrogen_progesterone", "start_day": 3.0}, "nothing is given"),
        ({"kind": "estrogen_progesterone", "start_day": 3.0, "progesterone_mg": 0.0}, "nothing is given"),
        (
            {
                "kind": "estrogen_progesterone",
                "start_day": 3.0,
                "estradiol_mg": 4.0,
                "estradiol_pg_per_ml": 100.0,
            },
            "estradiol_mg and estradiol_pg_per_ml exclude each other",
        ),
        ({"kind": "pregnancy", "start_day": 3.0, "end_day": 284.0}, "end_day 284 is after term, on day 283"),
        ({"kind": "pregnancy", "start_day": 3.0, "end_day": 2.0}, "end_day 2 is not after start_day 3"),
        ({"kind": "retained_placenta", "end_day": 0.5}, "end_day 0.5 is not after start_day 1"),
        ({"kind": "retained_placenta", "share": 1.01}, "less than or equal to 1"),
        ({"kind": "retained_placenta", "share": 0.0}, "greater than 0"),
        ({"kind": "seal", "side": "both", "start_day": 3.0}, "'left' or 'right'"),
        ({"kind": "mastitis", "start_day": 3.0}, "Field required"),
        ({"kind": "mastitis", "side": "left", "start_day": 3.0, "severity": 1.1}, "less than or equal to 1"),
        ({"kind": "oxytocin_block", "start_day": 3.0, "share": 0.0}, "greater than 0"),
        ({"kind": "blood_substrate", "start_day": 3.0}, "Field required"),
        ({"kind": "cabergoline", "start_day": 3.0, "dose_mg": 0.0}, "greater than 0"),
        ({"kind": "cabergoline", "start_day": 3.0, "end_day": 4.0}, "end_day, every_days and doses need times"),
        ({"kind": "stress", "start_day": 5000.0}, "less than or equal to 4000"),
        ({"kind": "stress", "start_day": float("nan")}, "finite"),
    ],
)
def test_what_makes_no_sense_is_refused(about, words):
    """With what is wrong."""
    with pytest.raises(ValidationError, match=words):
        INTERVENTION.validate_python(about)


@pytest.mark.parametrize("start_day", [-3.0, 0.99, 1.01, 2.0, 30.0])
def test_a_placenta_is_retained_at_birth(start_day):
    """A fragment that would be retained on another day is refused: it would act from birth all the same."""
    with pytest.raises(ValidationError):
        INTERVENTION.validate_python({"kind": "retained_placenta", "start_day": start_day})


@pytest.mark.parametrize(
    ("interventions", "place"),
    [
        ([{"kind": "retained_placenta", "share": 0.6}, {"kind": "retained_placenta", "share": 0.5}], (1, "share")),
        (
            [{"kind": "stress", "start_day": 3.0}, {"kind": "growth_spurt", "start_day": 3.0, "infant": 1}],
            (1, "infant"),
        ),
        ([{"kind": "duct_obstruction", "side": "left", "start_day": 3.0, "lobe": 9}], (0, "lobe")),
    ],
)
def test_what_is_not_there_is_told(interventions, place):
    """More placenta than there was, an infant that is not born, a lobe too many."""
    config = RunConfig.model_validate({"format": 1, "interventions": tuple(interventions)})
    ((key, message),) = contradictions(config)
    assert key == ("interventions", *place)
    assert message


@pytest.mark.parametrize(
    "shares",
    [
        (0.1,) * 10,
        (0.14, 0.46, 0.03, 0.28, 0.09),
        (0.2, 0.7, 0.1),
        (0.3, 0.6, 0.1),
        (0.35, 0.65),
        (1.0,),
        (0.7, 0.2, 0.1),
    ],
)
def test_a_whole_placenta_may_be_retained_in_fragments(shares):
    """However round-off adds them up."""
    fragments = tuple({"kind": "retained_placenta", "share": share} for share in shares)
    config = RunConfig.model_validate({"format": 1, "interventions": fragments})
    assert list(contradictions(config)) == []
    parts = course_of(config.interventions, RUN).placenta()
    assert parts[0].share == pytest.approx(0.0, abs=1e-12)


# -- when they are played ---------------------------------------------------------------------------------


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
