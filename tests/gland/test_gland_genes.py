"""Genes, receptors and tight junctions: progesterone against prolactin, and the gate that closes before milk comes."""

from __future__ import annotations

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import FED, step

from lactflow.chance import Streams
from lactflow.config.drugs.compiled import of_drugs
from lactflow.config.model import RunConfig
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.course import Course
from lactflow.endocrine.signal import LevelWindow
from lactflow.gland.cell.genes import Genes
from lactflow.gland.cell.junctions import TightJunctions
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.genes import GeneParameters
from lactflow.parameters.gland import Gland
from lactflow.parameters.tight_junctions import JunctionParameters
from lactflow.units import DAY_MIN

ALL = Mechanisms()
HOUR_MIN = 60.0


def blood_at(time_min, *, course=None, gland=None, **endocrine):
    """Hormones of a mother whose run begins then."""
    course = course or Course()
    return Blood(
        Endocrine.model_validate(endocrine),
        gland or Gland(),
        course,
        Streams(1),
        time_min,
        influences=acting(*course.daily),
    )


def acting(*kinds):
    """What drugs do that interventions of these kinds give."""
    interventions = tuple({"kind": kind, "start_day": 1.0} for kind in kinds)
    return of_drugs(RunConfig.model_validate({"format": 1, "interventions": interventions})).influences


def held(*, drugs=(), **levels):
    """A course in which conditions have these levels from 30 to 40 days after birth, and drugs these daily doses."""
    course = Course()
    for condition, level in levels.items():
        course.hold(condition, LevelWindow(30 * DAY_MIN, 40 * DAY_MIN, level))
    for drug, daily_mg in dict(drugs).items():
        course.give_daily(drug, LevelWindow(30 * DAY_MIN, 40 * DAY_MIN, daily_mg))
    return course


def told(time_min, *, knock_outs=(), gland=None, **about):
    """What the blood says at a time."""
    receptors = Receptors(blood_at(time_min, **about), gland or Gland(), Mechanisms(knock_outs), time_min)
    return receptors.read(time_min)


def genes_in(message, knock_outs=(), **parameters):
    """Genes that have settled in this message."""
    return Genes(Gland(genes=GeneParameters(**parameters)), Mechanisms(knock_outs), message)


def transcription(message, knock_outs=()):
    """Of genes that have settled in this message."""
    return genes_in(message, knock_outs=knock_outs).mrna


# -- genes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [-30.0, -1.0, 0.0])
def test_no_dose_of_prolactin_outweighs_progesterone_at_term(day):
    """Ten times the prolactin changes transcription by less than 0.1 %: STAT5 is full, the brake is on the genes."""
    usual = told(day * DAY_MIN)
    tenfold = told(day * DAY_MIN, prolactin={"term_ng_per_ml": 1900.0, "nonlactating_ng_per_ml": 80.0})
    assert transcription(tenfold) == pytest.approx(transcription(usual), rel=1e-3)
    assert transcription(usual) < 0.05


def test_without_its_receptor_progesterone_holds_nothing_back():
    """At term transcription is then that of full lactation."""
    term = told(0.0, knock_outs=("progesterone_receptor",))
    assert term.progesterone_brake == 0.0
    assert transcription(term) == pytest.approx(transcription(FED), rel=1e-3)
    assert transcription(term) > 20.0 * transcription(told(0.0))


def test_without_prolactin_receptor_or_stat5_nothing_is_transcribed():
    """Both are needed, whatever the hormones."""
    for name in ("prolactin_receptor", "stat5"):
        message = told(30 * DAY_MIN, knock_outs=(name,))
        genes = genes_in(message, knock_outs=(name,))
        step(genes, 600.0, message)
        assert (genes.stat5, genes.mrna, genes.maturity) == (0.0, 0.0, 0.0)


def test_transcription_by_hand():
    """(1 + k) s^2 / (s + k (1 + p)), with its share that no progesterone reaches, times the factors on the genes."""
    for stat5, brake, factor in ((1.0, 0.0, 1.0), (0.5, 0.0, 1.0), (1.0, 30.0, 1.0), (0.8, 2.0, 0.3)):
        message = FED._replace(prolactin=stat5, progesterone_brake=brake, genes=factor)
        driven = 1.1 * stat5**2 / (stat5 + 0.1 * (1.0 + brake))
        by_hand = (0.02 * stat5 + 0.98 * driven) * factor
        genes = genes_in(message, stat5_demand=0.1, basal_transcription=0.02)
        assert genes.mrna == genes.maturity == pytest.approx(by_hand, rel=1e-12)
    assert transcription(FED) == pytest.approx(1.0, rel=1e-12)


@given(st.floats(1.0, 2000.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_relaxation_is_exact(elapsed_min, prolactin, allowed):
    """STAT5 reaches its target by its time constant in one step as in many; mRNA and maturity theirs."""
    message = FED._replace(prolactin=prolactin)
    parameters = {"stat5_h": 4.0, "mrna_h": 14.0, "maturity_days": 9.0, "dedifferentiation_days": 90.0}
    whole, halves = (genes_in(FED, **parameters) for _ in range(2))
    step(whole, elapsed_min, message, stat5_allowed=allowed)
    for _ in range(2):
        step(halves, 0.5 * elapsed_min, message, stat5_allowed=allowed)
    target = prolactin * allowed
    by_hand = target + (1.0 - target) * exp(-elapsed_min / (4.0 * HOUR_MIN))
    assert whole.stat5 == pytest.approx(by_hand, rel=1e-9)
    assert halves.stat5 == pytest.approx(by_hand, rel=1e-9)
    settled = genes_in(message, **parameters)
    target = settled.mrna
    settled.mrna, settled.maturity = 0.0, 1.0
    step(settled, elapsed_min, message)
    assert settled.mrna == pytest.approx(target * (1.0 - exp(-elapsed_min / (14.0 * HOUR_MIN))), rel=1e-9, abs=1e-12)
    assert settled.maturity == pytest.approx(exp(-elapsed_min / (90.0 * DAY_MIN)), rel=1e-9)  # it is lost slowly
    settled.mrna, settled.maturity = 1.0, 0.2
    step(settled, elapsed_min, message)
    assert settled.maturity == pytest.approx(1.0 - 0.8 * exp(-elapsed_min / (9.0 * DAY_MIN)), rel=1e-9)


@given(
    st.lists(
        st.tuples(st.floats(0.0, 5000.0), st.floats(0.0, 1.0), st.floats(0.0, 1e6), st.floats(0.0, 1.0)), max_size=9
    )
)
def test_signals_of_genes_stay_fractions(steps):
    """Whatever the blood says, and however long."""
    genes = genes_in(FED)
    for elapsed_min, prolactin, progesterone, allowed in steps:
        message = FED._replace(prolactin=prolactin, progesterone_brake=progesterone)
        step(genes, elapsed_min, message, stat5_allowed=allowed)
        assert all(0.0 <= signal <= 1.0 + 1e-12 for signal in (genes.stat5, genes.mrna, genes.maturity))


def test_milk_genes_come_on_two_days_after_birth():
    """Below a tenth for a day, past a half between 36 and 84 h, full in a week: set on the onset of copious milk."""
    receptors = Receptors(blood_at(0.0), Gland(), ALL, 0.0)
    genes = genes_in(receptors.read(0.0))
    course = {}
    for hour in range(1, 24 * 8):
        step(genes, HOUR_MIN, receptors.read(hour * HOUR_MIN))
        course[hour] = genes.mrna
    assert course[24] < 0.1
    assert 36 < next(hour for hour, mrna in course.items() if mrna > 0.5) < 84
    assert course[24 * 7] > 0.9


# -- receptors --------------------------------------------------------------------------------------------


def test_what_is_told_by_hand():
    """Hill curves of prolactin and progesterone, the estrogen of a pill, the power of substrate."""
    gland, day = Gland(), 30 * DAY_MIN
    blood = blood_at(day, course=held(drugs={"combined_pill": 0.03}, substrate=0.49))
    message = Receptors(blood, gland, ALL, day).read(day)
    genes, junctions = gland.genes, gland.tight_junctions
    prolactin, progesterone = blood.prolactin.level(day), blood["progesterone"].level(day)
    half = (prolactin / genes.prolactin_half_effect_ng_per_ml) ** genes.prolactin_steepness
    assert message.prolactin == pytest.approx(half / (1.0 + half), rel=1e-9)
    ratio = progesterone / genes.progesterone_half_effect_ng_per_ml
    assert message.progesterone_brake == pytest.approx(ratio**genes.progesterone_steepness, rel=1e-9)
    gate = (progesterone / junctions.progesterone_half_effect_ng_per_ml) ** junctions.progesterone_steepness
    assert message.open_junctions == pytest.approx(gate / (1.0 + gate), rel=1e-9)
    estrogen = 30.0 * Endocrine().drugs.combined_pill.estrogen_pg_per_ml_per_ug
    assert message.genes == pytest.approx(1.0 / (1.0 + genes.estrogen_brake_ml_per_pg * estrogen), rel=1e-12)
    made = pytest.approx(0.49**gland.composition.substrate_exponent, rel=1e-12)
    assert (message.substrate, message.translation, message.fat) == (0.49, made, made)


def test_cells_average_prolactin():
    """A surge of an hour counts as far as it is averaged; the mean lags by its time constant."""
    gland = Gland.model_validate({"genes": {"prolactin_averaging_min": 180.0, "prolactin_steepness": 1.0}})
    start_min = 30 * DAY_MIN - 1e-6
    blood = blood_at(start_min, course=held(drugs={"domperidone": 1e9}), drugs={"domperidone": {"largest_rise": 3.0}})
    receptors = Receptors(blood, gland, ALL, start_min)
    before = blood.prolactin.level(start_min)
    assert blood.prolactin.level(30 * DAY_MIN) == pytest.approx(4.0 * before, rel=1e-6)
    receptors.read(30 * DAY_MIN)
    message = receptors.read(30 * DAY_MIN + 180.0)
    after = blood.prolactin.level(30 * DAY_MIN + 180.0)
    averaged = after + (before - after) * exp(-1.0)
    half = gland.genes.prolactin_half_effect_ng_per_ml
    assert message.prolactin == pytest.approx(averaged / (averaged + half), rel=1e-6)


def test_reading_twice_is_reading_once():
    """At one instant both breasts are told the same; more reads between two times change nothing but rounding."""
    often, seldom = (Receptors(blood_at(0.0), Gland(), ALL, 0.0) for _ in range(2))
    assert often.read(0.0) is often.read(0.0)
    for hour in range(1, 7):
        often.read(hour * HOUR_MIN)
    assert often.read(6 * HOUR_MIN).open_junctions == pytest.approx(seldom.read(6 * HOUR_MIN).open_junctions, rel=1e-12)


def test_growth_needs_bouts_and_fades():
    """None without bouts; early growth has gone by half after its time, and a little remains."""
    gland = Gland()
    plasticity = gland.plasticity
    assert told(-DAY_MIN).growth_per_day == 0.0
    receptors = {}
    for day in (1.0, 15.0, 300.0):
        blood = blood_at(day * DAY_MIN, prolactin={"established_bouts_per_day": 1e-9 if day == 1.0 else 14.0})
        receptors[day] = Receptors(blood, gland, ALL, day * DAY_MIN).read(day * DAY_MIN).growth_per_day
    assert receptors[1.0] == pytest.approx(0.0, abs=1e-12)
    share = 14.0**2 / (14.0**2 + plasticity.growth_bouts_per_day**2)
    for day in (15.0, 300.0):
        early = plasticity.early_growth_per_day * exp(-day / plasticity.early_growth_days)
        assert receptors[day] == pytest.approx((early + plasticity.late_growth_per_day) * share, rel=1e-9)


# -- tight junctions --------------------------------------------------------------------------------------

PLAIN = {
    "lag_h": 7.0, "healthy_leak": 0.004, "stasis_fullness": 0.8, "stasis_h": 12.0, "stasis_threshold": 0.7,
    "stasis_leak": 0.25, "opening_h": 7.0, "rest_leak": 0.3,
}  # fmt: skip


def junctions(open_junctions=0.0, knock_outs=()):
    """Junctions that have settled, with numbers to work by hand."""
    message = FED._replace(open_junctions=open_junctions)
    return TightJunctions(Gland(tight_junctions=JunctionParameters(**PLAIN)), Mechanisms(knock_outs), message)


def test_junctions_are_open_in_pregnancy_and_close_after_it():
    """By their lag, exactly, in one step or many; to the leak of healthy ones."""
    for steps in (1, 7):
        gate = junctions(1.0)
        assert gate.leak == 1.0
        for _ in range(steps):
            step(gate, 14.0 * HOUR_MIN / steps, fullness=0.5, mrna=1.0)
        assert gate.leak == pytest.approx(0.004 + 0.996 * exp(-2.0), rel=1e-9)
    assert told(-DAY_MIN).open_junctions > 0.99
    assert told(3 * DAY_MIN).open_junctions < 0.05


def test_junctions_close_before_the_genes_come_on():
    """They are half closed no later than mRNA is half of what it will be."""
    receptors = Receptors(blood_at(0.0), Gland(), ALL, 0.0)
    genes = genes_in(receptors.read(0.0))
    gate = TightJunctions(Gland(), ALL, receptors.read(0.0))
    hours = {}
    for hour in range(1, 24 * 5):
        message = receptors.read(hour * HOUR_MIN)
        step(genes, HOUR_MIN, message)
        step(gate, HOUR_MIN, message, fullness=0.3, mrna=genes.mrna)
        if gate.leak < 0.5:
            hours.setdefault("closed", hour)
        if genes.mrna > 0.5:
            hours.setdefault("on", hour)
    assert hours["closed"] <= hours["on"]


def test_stasis_opens_junctions_after_its_time():
    """Nothing for the first fourteen hours above four fifths full, then by and by; emptying closes them again."""
    gate = junctions()
    felt_h = -12.0 * log(0.3)
    for hour in range(1, 97):
        step(gate, HOUR_MIN, fullness=0.81, mrna=1.0)
        assert gate.stasis == pytest.approx(1.0 - exp(-hour / 12.0), rel=1e-9)
        if hour < felt_h:
            assert gate.leak == pytest.approx(0.004, rel=1e-9)
    assert gate.leak == pytest.approx(0.25, rel=0.02)
    for _ in range(72):
        step(gate, HOUR_MIN, fullness=0.79, mrna=1.0)
    assert gate.leak == pytest.approx(0.004, rel=0.05)


@pytest.mark.parametrize(
    ("knock_outs", "open_junctions", "held_open", "mrna", "leak"),
    [
        ((), 0.0, 0.18, 1.0, 0.18), ((), 0.6, 0.0, 1.0, 0.6), ((), 0.1, 0.18, 1.0, 0.18),
        (("tight_junction",), 0.0, 0.0, 1.0, 1.0), ((), 0.1, 0.05, 0.0, 0.3), ((), 0.0, 0.0, 0.5, 0.075),
    ],
)  # fmt: skip
def test_what_holds_junctions_open(knock_outs, open_junctions, held_open, mrna, leak):
    """Other mechanisms, what acts from outside, rest, their absence: the largest of them counts."""
    gate = junctions(knock_outs=knock_outs)
    message = FED._replace(open_junctions=open_junctions)
    step(gate, 100.0 * HOUR_MIN, message, fullness=0.3, held_open=held_open, mrna=mrna)
    assert gate.leak == pytest.approx(leak, rel=1e-5)


@given(st.lists(st.tuples(st.floats(0.0, 5000.0), *[st.floats(0.0, 1.0)] * 2, st.floats(0.0, 3.0)), max_size=9))
def test_leak_stays_a_fraction(steps):
    """Whatever happens to it."""
    gate = junctions(0.5)
    for elapsed_min, open_junctions, held_open, fullness in steps:
        message = FED._replace(open_junctions=open_junctions)
        step(gate, elapsed_min, message, fullness=fullness, held_open=held_open)
        assert 0.004 - 1e-12 <= gate.leak <= 1.0
        assert 0.0 <= gate.stasis <= 1.0
