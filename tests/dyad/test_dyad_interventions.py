"""Interventions as data: what each does to the course of a scenario, and what is refused."""

from __future__ import annotations

from math import inf
from typing import get_args

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
    InterventionChange,
)
from lactflow.units import DAY_MIN

INTERVENTION = TypeAdapter(AnyIntervention)
KINDS = {get_args(member.model_fields["kind"].annotation)[0] for member in get_args(get_args(AnyIntervention)[0])}
FROM_MIN, TO_MIN = 2.0 * DAY_MIN, 4.5 * DAY_MIN
LASTING = {
    # kind: what else it needs, the condition it holds and whose, or the drug that it gives daily; the usual level and
    # the one that it brings
    "domperidone": ({"dose_mg": 30.0}, ("daily", "domperidone"), 0.0, 30.0),
    "combined_pill": ({"dose_ug": 35.0}, ("daily", "combined_pill"), 0.0, 0.035),
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


def held(of, condition):
    """What a course says of a condition or a daily dose, over time."""
    kind, whose = (*condition, None)[:2]
    return of.daily_of(whose) if kind == "daily" else of.steps(kind, whose)


def test_every_kind_is_tested_here():
    """Those that last, doses, the placenta, steroids and a pregnancy."""
    others = {"cabergoline", "estrogen_progesterone", "fasting", "oxytocin", "pregnancy", "retained_placenta"}
    assert {*LASTING, *others} == KINDS


@pytest.mark.parametrize("kind", LASTING)
def test_what_lasts_holds_from_its_start_to_its_end(kind):
    """At its own level, its start included and its end not; to the end of the run where no end is given."""
    about, condition, usual, level = LASTING[kind]
    windowed = course({"kind": kind, "start_day": 3.0, "end_day": 5.5, **about})
    steps = held(windowed, condition)
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
    steps = held(endless, condition)
    assert (steps.level(1e9), steps.next_change(FROM_MIN)) == (level, inf)
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
        assert held(with_it, condition).next_change(-inf) == inf
        assert held(with_it, condition).level(FROM_MIN) == held(course(), condition).level(FROM_MIN)
    assert held(with_it, own).level(FROM_MIN) != held(course(), own).level(FROM_MIN)
    assert (with_it.doses, with_it.retained) == ({}, [])


def test_doses_are_taken_once():
    """With their amount, at their time."""
    doses = course(
        {"kind": "cabergoline", "start_day": 3.0, "dose_mg": 0.5},
        {"kind": "oxytocin", "start_day": 2.0, "dose_iu": 8.0},
    )
    assert doses.doses_of("cabergoline") == (Dose(FROM_MIN, 0.5),)
    assert doses.doses_of("nasal_oxytocin") == (Dose(DAY_MIN, 8.0),)
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
    ).daily_of("domperidone")
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
