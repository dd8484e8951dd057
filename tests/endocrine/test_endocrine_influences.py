"""Declarations by name: signals of the blood, conditions and drugs of the course, influences on the cells by target."""

from __future__ import annotations

import pandas as pd
import pytest

from lactflow.chance import Streams
from lactflow.config.additions import Additions
from lactflow.config.model import RunConfig
from lactflow.endocrine.blood import HORMONES, Blood, SignalRow
from lactflow.endocrine.course import Condition, Course, Dose, Drug
from lactflow.endocrine.influences import TARGETS, Influence
from lactflow.endocrine.signal import Effect, LevelWindow, Steps
from lactflow.errors import DeclarationError
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.pipeline import unpack
from lactflow.records import (
    BREASTS,
    HormoneSample,
    InterventionChange,
    LetDown,
    LevelSample,
    LobeSample,
    MemoryRecorder,
)
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN

START_MIN = 29.0 * DAY_MIN
CHANGE_MIN = START_MIN + 100.0
SMALL = {
    "format": 1, "days": 0.125, "gland": {"lobes_per_breast": 2, "noise": {"sd": 0.0}},
    "resolution": {"packet_ml": 0.2}, "schedule": ({"kind": "none"},),
}  # fmt: skip

INSULIN = SignalRow(
    "insulin", "mU/L", "insulin in plasma", lambda _: Steps(10.0, [LevelWindow(CHANGE_MIN, CHANGE_MIN + 500.0, 0.0)])
)
INSULIN_ACTS = Influence("insulin", "translation", lambda context: Effect(context.blood["insulin"], lambda x: x / 10.0))


def blood_with(*, course=None, signals=(), influences=()):
    """The blood of a mother a month after birth."""
    return Blood(
        Endocrine(), Gland(), course or Course(), Streams(1), START_MIN, signals=signals, influences=influences
    )


def entered(recorder):
    """When packets entered each station, by breast and station."""
    visits = pd.DataFrame(unpack(recorder.visits))
    keys = [recorder.keys[number] for number in visits.station]
    return visits.entered.groupby([[key.breast for key in keys], [key.station for key in keys]]).agg(list)


def ran(*, signals=(), influences=(), **keys):
    """Facts of three hours of a small gland from which nobody takes milk."""
    recorder = MemoryRecorder()
    simulate(
        RunConfig.model_validate({**SMALL, **keys}),
        recorder,
        additions=Additions(signals=signals, influences=influences),
    )
    return recorder


# -- a signal, and what it does ---------------------------------------------------------------------------


def test_a_hormone_is_one_declaration_and_what_it_does_another():
    """Insulin falls 40 minutes after a checkpoint: translation stops then and there, and fat synthesis goes on."""
    with_it, without = ran(signals=(INSULIN,), influences=(INSULIN_ACTS,)), ran()
    for recorder, made in ((with_it, False), (without, True)):
        times = entered(recorder)
        for breast in BREASTS:
            assert len([at for at in times[breast, "rer"] if CHANGE_MIN - 20.0 < at < CHANGE_MIN]) > 3
            assert any(at > CHANGE_MIN for at in times[breast, "rer"]) is made
            assert any(at > CHANGE_MIN + 40.0 for at in times[breast, "droplet_growth"])
    assert [fact for fact in with_it.facts if isinstance(fact, LevelSample)] == [
        LevelSample(START_MIN + 60.0 * hour, "insulin", level, "mU/L")
        for hour, level in enumerate((10.0, 10.0, 0.0, 0.0))
    ]
    assert not any(isinstance(fact, LevelSample) for fact in without.facts)


def test_a_signal_alone_changes_nothing_else():
    """Without an influence all facts but its own are the same."""
    with_it, without = ran(signals=(INSULIN,)), ran()
    hormones = [[fact for fact in run.facts if isinstance(fact, HormoneSample)] for run in (with_it, without)]
    assert hormones[0] == hormones[1]
    assert len([fact for fact in with_it.facts if isinstance(fact, LevelSample)]) == 4


def test_no_signal_can_be_left_out_of_the_changes():
    """The blood changes when a declared one does, whether something reads it or not."""
    blood = blood_with(signals=(INSULIN,))
    assert blood.next_change(START_MIN) == CHANGE_MIN
    assert list(blood) == [*(row.name for row in HORMONES), "insulin"]
    assert len(blood) == 6
    assert "insulin" in blood
    assert "glucagon" not in blood


def test_columns_of_hormones_are_those_of_the_declared_rows():
    """Each once: a row without a column, or a column without a row, would fail here."""
    assert ["time_min", *(row.column for row in HORMONES)] == list(HormoneSample._fields)
    for row in HORMONES:
        unit = HormoneSample.__annotations__[row.column]
        assert f"Column({row.unit!r}".replace("'", '"') in str(unit).replace("'", '"')


def test_signals_read_each_other_in_any_order():
    """A metabolite is declared before the drug it is made from."""
    metabolite = SignalRow("nor", "mg/L", "", lambda context: Effect(context.blood["drug"], lambda x: 0.5 * x))
    drug = SignalRow("drug", "mg/L", "", lambda _: Steps(4.0))
    assert blood_with(signals=(metabolite, drug))["nor"].level(START_MIN) == 2.0


# -- influences by target ---------------------------------------------------------------------------------


def readings(influences=(), side="left", course=None):
    """What acts on each target of one breast."""
    blood = blood_with(influences=influences, course=course)
    message = Receptors(blood, Gland(), Mechanisms(), START_MIN).read_at(side, START_MIN)
    both, own = (blood.acting_on("let_down", each).level(START_MIN) for each in (None, side))
    return {
        "translation": message.translation, "fat": message.fat, "genes": message.genes,
        "junctions": message.open_junctions, "let_down": both * own,
        "fluxes": blood.acting_on_each("fluxes")[side].level(START_MIN),
        "uptake": blood.acting_on_each("uptake")[side].level(START_MIN),
        "estradiol": blood.acting_on("estradiol").level(START_MIN),
        "lactotroph": blood.prolactin.level(START_MIN) / blood_with().prolactin.level(START_MIN),
    }  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_an_influence_moves_its_target_only(target):
    """By its factor, on both breasts; two of them by both factors; by the largest of what holds junctions open, by the
    sum of concentrations, which genes answer to.
    """
    half, fifth = (Influence(f"drug {level}", target, lambda _, x=level: Steps(x)) for level in (0.5, 0.2))
    before = readings()
    assert set(before) == set(TARGETS)
    together = {"junctions": 0.5, "estradiol": 0.7}.get(target, 0.1)
    for acting, level in (((half,), 0.5), ((half, fifth), together)):
        genes = 1.0 / (1.0 + Gland().genes.estrogen_brake_ml_per_pg * level) if target == "estradiol" else None
        for side in BREASTS:
            after = readings(acting, side)
            assert after.pop(target) == pytest.approx(level, rel=1e-12)
            if genes is not None:
                assert after["genes"] == pytest.approx(genes, rel=1e-12)
                after["genes"] = before["genes"]
            assert after == {name: value for name, value in before.items() if name != target}


@pytest.mark.parametrize("target", [name for name, target in TARGETS.items() if target.one_sided])
def test_an_influence_may_be_of_one_side(target):
    """It is built for each side, and may leave one of them alone."""
    usual = 0.0 if target == "junctions" else 1.0
    left = Influence("burn", target, lambda it: Steps(0.5 if it.side == "left" else usual), one_sided=True)
    assert readings((left,), "left")[target] == pytest.approx(0.5, rel=1e-12)
    assert readings((left,), "right") == readings((), "right")


def test_mastitis_acts_on_five_targets_of_its_side():
    """By hand: a severity of 0.5 opens half of the junctions and takes half of the declared share of what is made."""
    course = Course()
    course.hold("mastitis", LevelWindow(0.0, 1e9, 0.5), "left")
    inflamed, made = readings(course=course), 1.0 - 0.5 * Gland().mastitis_slowing
    assert (inflamed["translation"], inflamed["fat"], inflamed["junctions"]) == (made, made, 0.5)
    assert inflamed["fluxes"] == 1.0 + 0.5 * (Gland().mastitis_fluxes - 1.0)
    assert inflamed["uptake"] == 0.5
    others = {**inflamed, "translation": 1.0, "fat": 1.0, "fluxes": 1.0, "uptake": 1.0, "junctions": 0.0}
    assert others == {**readings(), "junctions": 0.0}
    assert readings(course=course, side="right") == readings(side="right")


def test_mastitis_slows_translation_and_fat_of_its_breast():
    """Where full inflammation takes all of it away, nothing enters either line; the other breast goes on."""
    gland = {**SMALL["gland"], "mastitis_slowing": 1.0}
    mastitis = {"kind": "mastitis", "side": "left", "start_day": 1.0 + CHANGE_MIN / DAY_MIN}
    times = entered(ran(gland=gland, interventions=(mastitis,)))
    for station in ("rer", "droplet_growth"):
        assert max(times["left", station]) <= CHANGE_MIN + 1e-6
        assert max(times["right", station]) > CHANGE_MIN + 40.0


def test_a_lobe_feels_factors_on_each_of_its_lines():
    """Fat synthesis that is stopped from a time on lets no droplet in after it; vesicles go on."""
    stopped = Influence("starvation", "fat", lambda _: Steps(1.0, [LevelWindow(CHANGE_MIN, 1e9, 0.0)]))
    times = entered(ran(influences=(stopped,)))
    for breast in BREASTS:
        assert CHANGE_MIN - 30.0 < max(times[breast, "droplet_growth"]) <= CHANGE_MIN + 1e-6
        assert max(times[breast, "rer"]) > CHANGE_MIN + 40.0


def test_a_breast_answers_to_oxytocin_by_the_factors_on_both_and_on_its_side():
    """Nothing is ejected on the left, where the nerve is cut; on the right half as much as without a drug on both."""
    cut = Influence("cut", "let_down", lambda it: Steps(0.0 if it.side == "left" else 1.0), one_sided=True)
    halved = Influence("drug", "let_down", lambda _: Steps(0.5))
    spray = {"kind": "oxytocin", "start_day": 30.05, "dose_iu": 2.0}
    ejected_ml, gland = {}, {**SMALL["gland"], "ejection": {"duct_capacity_ml": 50.0}}
    for name, acting in (("none", ()), ("both", (cut, halved))):
        facts = ran(influences=acting, interventions=(spray,), gland=gland).facts
        ejected_ml[name] = {fact.breast: fact.ejected_ml for fact in facts if isinstance(fact, LetDown)}
    assert ejected_ml["none"]["left"] > 1.0
    assert ejected_ml["both"] == {"left": 0.0, "right": pytest.approx(0.5 * ejected_ml["none"]["right"], rel=1e-9)}


# -- what is forgotten or misspelt ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signals", "influences", "words"),
    [
        ((INSULIN, INSULIN), (), "the signal 'insulin' is declared twice"),
        ((INSULIN._replace(name="oxytocin"),), (), "the signal 'oxytocin' is declared twice"),
        ((INSULIN._replace(column="insulin_mu_per_l"),), (), "'insulin' has no column in the table hormones"),
        ((), (INSULIN_ACTS,), "there is no signal 'insulin'"),
        ((INSULIN._replace(name="insuline"),), (INSULIN_ACTS,), "no signal 'insulin' .*nearest: insuline"),
        ((INSULIN,), (INSULIN_ACTS, INSULIN_ACTS), "the influence 'insulin on translation' is declared twice"),
        ((INSULIN,), (INSULIN_ACTS._replace(target="translating"),), "'insulin'.*'translating'.*nearest: translation"),
        ((), (Influence("it", "lactotroph", lambda _: Steps(1.0), one_sided=True),), "'it' has a side"),
        ((), (Influence("it", "junctions", lambda _: Steps(1.5)),), "'it' on junctions is 1.5.*0 to 1"),
        ((), (Influence("it", "fat", lambda _: Steps(-0.5)),), "'it' on fat is -0.5"),
        ((), (Influence("it", "let_down", lambda _: Steps(float("nan"))),), "'it' on let_down is nan"),
        (
            (),
            (Influence("it", "lactotroph", lambda context: context.blood["prolactin"]),),
            "signals need one another: prolactin -> prolactin",
        ),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_an_error_before_the_run_starts(signals, influences, words):
    """By its name, and with no fact reported."""
    recorder = MemoryRecorder()
    with pytest.raises(DeclarationError, match=words):
        simulate(RunConfig.model_validate(SMALL), recorder, additions=Additions(signals=signals, influences=influences))
    assert recorder.facts == []


def test_conditions_and_drugs_that_are_not_declared():
    """Whoever writes or reads one is stopped; one may be declared beside those of the model."""
    course = Course([Condition("fever", 37.0, "C", "temperature")], [Drug("aspirin", "mg")])
    course.hold("fever", LevelWindow(5.0, 9.0, 40.0))
    course.give("aspirin", Dose(5.0, 500.0))
    for wrong in (
        lambda: course.hold("mastits", LevelWindow(5.0, 9.0, 1.0)), lambda: course.steps("mastits"),
        lambda: course.give("cabergolin", Dose(5.0, 1.0)), lambda: course.doses_of("cabergolin"),
    ):  # fmt: skip
        with pytest.raises(DeclarationError, match=r"nearest: (mastitis|cabergoline)"):
            wrong()
    with pytest.raises(DeclarationError, match="nothing in this run reads: fever, doses of aspirin"):
        course.check_read()
    assert [course.steps("fever").level(at) for at in (0.0, 5.0, 9.0)] == [37.0, 40.0, 37.0]
    with pytest.raises(DeclarationError, match="reads: doses of aspirin"):
        course.check_read()
    assert course.doses_of("aspirin") == (Dose(5.0, 500.0),)
    course.check_read()
    with pytest.raises(DeclarationError, match="the condition 'stress' is declared twice"):
        Course([Condition("stress", 0.0, "", "")])


@pytest.mark.parametrize(
    ("intervention", "words"),
    [
        ({"kind": "duct_obstruction", "side": "left", "lobe": 2, "start_day": 31.0}, "reads: obstruction of left 2"),
        ({"kind": "growth_spurt", "infant": 1, "start_day": 31.0}, "reads: demand of 1"),
    ],
)
def test_what_nothing_reads_is_an_error_before_the_run_starts(intervention, words):
    """An intervention on a lobe or an infant that is not there."""
    with pytest.raises(DeclarationError, match=words):
        ran(interventions=(intervention,))


# -- two obstructed lobes ---------------------------------------------------------------------------------


def test_two_lobes_of_a_breast_may_be_obstructed():
    """Each for its own time: the first fills on when the second is shut too, and is emptied when it opens."""
    recorder = ran(
        days=2.0, gland={"lobes_per_breast": 3, "noise": {"sd": 0.0}}, resolution={"packet_ml": 0.5},
        schedule=({"kind": "every", "hours": 3},),
        interventions=(
            {"kind": "duct_obstruction", "side": "left", "lobe": 1, "start_day": 30.0, "end_day": 31.2},
            {"kind": "duct_obstruction", "side": "left", "lobe": 2, "start_day": 30.5},
        ),
    )  # fmt: skip
    lobes = pd.DataFrame([fact for fact in recorder.facts if isinstance(fact, LobeSample)])
    lobes = lobes[lobes.breast == "left"]
    fullness = {lobe: rows.set_index("time_min").fullness for lobe, rows in lobes.groupby("lobe")}
    shut = [lobe_fullness.loc[29.7 * DAY_MIN : 30.1 * DAY_MIN].min() for lobe_fullness in fullness.values()]
    assert shut[1] > 1.0
    assert shut[0] < 0.8
    assert fullness[2].iloc[-1] > 1.0
    assert fullness[1].loc[30.3 * DAY_MIN :].min() < 0.8
    changes = [fact.action for fact in recorder.facts if isinstance(fact, InterventionChange)]
    assert changes == ["start", "start", "end"]
