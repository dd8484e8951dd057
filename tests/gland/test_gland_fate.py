"""What becomes of cells: involution and its latch, plasticity and its settling point."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import FED, emitted, step

from lactflow.gland.cell.involution import Involution
from lactflow.gland.cell.plasticity import Plasticity
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.gland import Gland
from lactflow.parameters.involution import InvolutionParameters
from lactflow.parameters.plasticity import PlasticityParameters
from lactflow.parameters.resting import RestingGland
from lactflow.units import DAY_MIN, HOUR_MIN

ALL = Mechanisms()

# -- involution -------------------------------------------------------------------------------------------


def involution(*knock_outs, **parameters):
    """Of a lobe that has been fed from."""
    return Involution(Gland(involution=InvolutionParameters(**parameters)), Mechanisms(knock_outs), FED)


def allowed(some):
    """Share of STAT5 that it leaves."""
    return emitted(some).stat5_allowed


def hold(some, hours, *, fullness, filled=None, terminal=0.0):
    """An hour after the other at one fullness; the course of LIF, its effect on STAT5, STAT3 and commitment."""
    course = []
    for _ in range(hours):
        step(some, HOUR_MIN, fullness=fullness, filled=fullness if filled is None else filled, terminal=terminal)
        course.append((some.lif, allowed(some), some.stat3, some.commitment))
    return course


def test_lif_comes_first_then_stat5_falls_then_stat3_is_on():
    """In an overfull lobe, in this order; commitment only with terminal stress."""
    course = hold(involution(), 72, fullness=1.2)
    lif_h = next(hour for hour, (lif, _, _, _) in enumerate(course) if lif > 0.4)
    stat5_h = next(hour for hour, (_, allowed, _, _) in enumerate(course) if allowed < 0.6)
    stat3_h = next(hour for hour, (_, _, stat3, _) in enumerate(course) if stat3 > 0.5)
    assert lif_h <= stat5_h < stat3_h
    assert course[-1][1] == pytest.approx(1.0 - 0.8, abs=0.03)
    assert [signals[0] for signals in course] == sorted(signals[0] for signals in course)
    assert max(commitment for *_, commitment in course) == 0.0
    assert hold(involution(), 72, fullness=1.2, terminal=0.9)[-1][3] > 0.5


def test_a_fed_breast_does_not_begin():
    """Up to four fifths full next to no LIF is released, and STAT5 is left alone."""
    course = hold(involution(), 24 * 30, fullness=0.8)
    assert max(lif for lif, *_ in course) < 0.06
    assert min(allowed for _, allowed, _, _ in course) > 0.99
    assert max(stat3 for _, _, stat3, _ in course) < 1e-3


def committed(hours):
    """A lobe that has been overfull and under stress for so long."""
    some = involution(commitment_h=24.0)
    hold(some, hours, fullness=1.3, terminal=0.9)
    return some


def test_early_involution_is_reversible():
    """Emptied after a day, with STAT3 on and commitment under way, everything goes back within a week."""
    some = committed(24)
    assert some.stat3 > 0.5
    assert 0.1 < some.commitment < 0.5
    hold(some, 24 * 7, fullness=0.4, filled=0.6)
    assert max(some.lif, some.stat3, some.commitment) < 0.01


def test_late_involution_is_a_latch_while_milk_stays():
    """Once committed, LIF and STAT3 stay up at a fullness that began nothing; drained, they go down."""
    latched, drained = committed(96), committed(96)
    assert latched.commitment > 0.5
    hold(latched, 24 * 14, fullness=0.6, filled=0.6)
    hold(drained, 24 * 14, fullness=0.4, filled=0.4)
    assert latched.stat3 > 0.9
    assert latched.commitment > 0.9
    assert latched.lif == pytest.approx(0.9 * latched.stat3, abs=0.02)
    assert drained.stat3 < 0.01
    assert drained.commitment < 0.01


def test_each_signal_needs_the_one_before():
    """Without LIF nothing happens; without STAT3 STAT5 is shut off all the same (Chapman 1999), but nobody dies."""
    no_lif, no_stat3 = involution("lif"), involution("stat3")
    for some in (no_lif, no_stat3):
        hold(some, 120, fullness=1.3, terminal=0.9)
    assert (no_lif.lif, no_lif.stat3, no_lif.commitment) == (0.0, 0.0, 0.0)
    assert allowed(no_lif) == 1.0
    assert (no_stat3.stat3, no_stat3.commitment) == (0.0, 0.0)
    assert allowed(no_stat3) < 0.25


def test_lif_relaxes_by_its_time_constant():
    """To a Hill function of fullness, in one step as in many."""
    target = 1.0 / (1.0 + (0.98 / 1.1) ** 14.0)
    for steps in (1, 5):
        some = involution(distension_half_effect=0.98, distension_steepness=14.0, lif_h=10.0)
        for _ in range(steps):
            step(some, 600.0 / steps, fullness=1.1, filled=1.1)
        assert some.lif == pytest.approx(target * (1.0 - exp(-1.0)), rel=1e-9)


EXTREMES = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from([*field.json_schema_extra["quantity"].within, field.default])
        for name, field in InvolutionParameters.model_fields.items()
    },
)


@given(
    EXTREMES,
    st.lists(
        st.tuples(st.floats(1.0, 2000.0), st.one_of(st.just(0.0), st.floats(1e-12, 4.0)), st.floats(0.0, 1.0)),
        max_size=9,
    ),
)
def test_signals_of_involution_stay_fractions(parameters, steps):
    """At any fullness, of a lobe that is nearly empty too, and with any declared number at an end of its bounds."""
    some = involution(**parameters)
    for elapsed_min, fullness, terminal in steps:
        step(some, elapsed_min, fullness=fullness, filled=fullness, terminal=terminal)
        assert all(0.0 <= signal <= 1.0 for signal in (some.lif, some.stat3, some.commitment))
        assert 0.0 <= allowed(some) <= 1.0


# -- plasticity -------------------------------------------------------------------------------------------


def plasticity(*knock_outs, **parameters):
    """Cells of a gland at term."""
    return Plasticity(Gland(plasticity=PlasticityParameters(**parameters)), Mechanisms(knock_outs), FED)


def live(some, days, inhibitor, *, growth=0.0, mrna=1.0, stat5=1.0, dying=0.0, step_min=HOUR_MIN):
    """So many days at one level of the inhibitor."""
    message = FED._replace(growth_per_day=growth)
    for _ in range(round(days * DAY_MIN / step_min)):
        step(some, step_min, message, inhibitor=inhibitor, mrna=mrna, stat5=stat5, dying_per_day=dying)


@pytest.mark.parametrize("over", [0.3, 0.9, 1.0, 1.3, 2.0, 9.0])
def test_active_cells_settle_where_quiescence_balances_return(over):
    """At 1 / (1 + rest^2), where rest is the inhibitor over its set point to a power, within its limits."""
    for active_at_term in (0.2, 0.9):
        some = plasticity(
            rate_per_day=0.5, set_point=0.5, steepness=1.25, most_emptied=0.78, most_full=3.0, turnover_per_day=0.0,
            active_at_term=active_at_term,
        )  # fmt: skip
        live(some, 60, 0.5 * over)
        rest = min(3.0, max(0.78, over**1.25))
        assert some.active_fraction == pytest.approx(1.0 / (1.0 + rest * rest), rel=1e-6)
        assert some.active == pytest.approx(some.cells * some.active_fraction, rel=1e-12)


@given(st.floats(0.05, 3.0), st.integers(2, 12), st.floats(1.0, 3000.0))
def test_a_step_may_be_split(inhibitor, parts, elapsed_min):
    """Held at one level, active cells and the averaged inhibitor do not depend on how often they are brought up."""
    whole, split = plasticity(), plasticity()
    for some in (whole, split):
        some.averaged = inhibitor
    live(whole, elapsed_min / DAY_MIN, inhibitor, step_min=elapsed_min)
    live(split, elapsed_min / DAY_MIN, inhibitor, step_min=elapsed_min / parts)
    assert split.active_fraction == pytest.approx(whole.active_fraction, rel=1e-9)
    assert split.averaged == pytest.approx(inhibitor, rel=1e-9)
    assert split.cells == pytest.approx(whole.cells, rel=1e-9)


def test_sixty_minutes_are_twice_thirty():
    """The case of a checkpoint, with the memory still moving: only the means within the step differ."""
    one, two = plasticity(), plasticity()
    live(one, 1.0 / 24.0, 0.9, step_min=60.0)
    live(two, 1.0 / 24.0, 0.9, step_min=30.0)
    assert two.averaged == pytest.approx(one.averaged, rel=1e-12)
    assert two.active_fraction == pytest.approx(one.active_fraction, rel=1e-4)


def test_the_memory_relaxes():
    """By its time constant."""
    some = plasticity(memory_h=12.0, set_point=0.5)
    live(some, 0.5, 1.0)
    assert some.averaged == pytest.approx(1.0 - 0.5 * exp(-1.0), rel=1e-9)


@pytest.mark.parametrize("inhibitor", [0.53, 0.6, 2.0])
def test_a_full_gland_does_not_grow(inhibitor):
    """However much the blood asks for it; above the set point turnover takes cells, twice above it all it can."""
    some = plasticity(set_point=0.53, turnover_per_day=0.01)
    live(some, 20, inhibitor, growth=0.09)
    assert some.cells <= 1.0
    assert some.cells + some.lost == pytest.approx(1.0, rel=1e-12)
    if inhibitor == 2.0:
        assert some.cells == pytest.approx(exp(-0.01 * 20), rel=0.01)


@pytest.mark.parametrize(("over", "share"), [(1.4, 0.4), (2.0, 1.0), (2.5, 1.0)])
def test_turnover_is_complete_at_twice_the_set_point(over, share):
    """Of 1 % a day in proportion to what is above the set point, and never more."""
    some = plasticity(set_point=0.5, turnover_per_day=0.01)
    some.averaged = 0.5 * over
    live(some, 20, 0.5 * over)
    assert some.cells == pytest.approx(exp(-share * 0.01 * 20), rel=1e-9)


def test_an_emptied_gland_grows_as_far_as_it_can():
    """By what the blood asks for, as far as it is emptied and STAT5 lets it; never beyond the largest gland."""
    grown = {}
    for share in (0.0, 0.5, 0.9):
        some = plasticity(set_point=0.5, largest_gland=2.2)
        some.averaged = 0.5 * share
        live(some, 1, 0.5 * share, growth=0.02)
        grown[share] = some.cells
        assert some.lost == 0.0
    by_hand = {share: exp((1.0 - share) * 0.02 * (1.0 - 1.0 / 2.2)) for share in grown}
    assert grown == pytest.approx(by_hand, rel=1e-3)
    unmoved = plasticity()
    live(unmoved, 5, 0.0, growth=0.5, stat5=0.0)
    assert unmoved.cells == 1.0
    giant = plasticity(largest_gland=2.2)
    live(giant, 300, 0.0, growth=0.5)
    assert giant.cells == pytest.approx(2.2, rel=0.02)
    assert giant.cells <= 2.2 * 1.001


def test_steroids_bring_the_gland_to_its_size_of_term_and_no_further():
    """Whatever it begins with, full or emptied; its cells become able to secrete."""
    message = FED._replace(steroid_growth_per_day=0.05)
    for cells, inhibitor in ((0.14, 0.0), (0.14, 2.0), (0.8, 0.2)):
        some = plasticity(regrowth_per_day=0.0, turnover_per_day=0.0)
        some.rest(RestingGland(cells=cells, had=cells))
        sizes = []
        for _ in range(250 * 24):
            step(some, HOUR_MIN, message, inhibitor=inhibitor, stat5=0.0)
            sizes.append(some.cells)
        assert sizes == sorted(sizes)
        assert some.cells == pytest.approx(1.0, abs=1e-3)
        assert some.active_fraction == pytest.approx(PlasticityParameters().active_at_term, abs=1e-3)
    grown = plasticity()
    grown.cells = 1.4
    step(grown, DAY_MIN, message, inhibitor=0.53)
    assert grown.cells == 1.4


def test_a_resting_gland_has_few_cells_none_of_them_primed():
    """As declared; it has had no more than it has unless that is said."""
    some = plasticity()
    some.rest(RestingGland())
    declared = RestingGland()
    assert some.cells == some.capacity == some.had == declared.cells
    assert (some.active_fraction, some.unprimed, some.lost) == (declared.active, 1.0, 0.0)
    some.rest(RestingGland(cells=0.2, had=0.9))
    assert some.had == 0.9
    some.rest(RestingGland(cells=0.2, had=0.1))
    assert some.had == 0.2


def test_cells_that_die_are_counted():
    """Exactly, with plasticity or without it; capacity follows with its time constant."""
    for knock_outs in ((), ("plasticity",)):
        some = plasticity(*knock_outs, set_point=0.5, capacity_days=10.0)
        live(some, 10, 0.5, dying=0.1)
        assert some.cells == pytest.approx(exp(-1.0), rel=1e-9)
        assert some.cells + some.lost == pytest.approx(1.0, rel=1e-12)
        # Capacity relaxes towards cells, which fall at the same rate of 0.1 a day: 1 + t/10 times e^(-t/10).
        assert some.capacity == pytest.approx(2.0 * exp(-1.0), rel=0.01)


def test_without_plasticity_nothing_turns_or_grows():
    """The mechanism is a factor on all three: turning, growing, turnover."""
    some = plasticity("plasticity")
    for inhibitor in (0.0, 3.0):
        live(some, 30, inhibitor, growth=0.5)
        assert (some.active_fraction, some.cells, some.lost) == (PlasticityParameters().active_at_term, 1.0, 0.0)


def test_cells_turn_only_as_far_as_they_lactate():
    """Without milk-gene mRNA none falls quiescent, as in pregnancy."""
    some = plasticity()
    live(some, 30, 3.0, mrna=0.0)
    assert some.active_fraction == PlasticityParameters().active_at_term


PLASTIC_EXTREMES = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from([*field.json_schema_extra["quantity"].within, field.default])
        for name, field in PlasticityParameters.model_fields.items()
    },
)


@given(
    PLASTIC_EXTREMES,
    st.lists(
        st.tuples(st.floats(0.0, 2000.0), st.floats(0.0, 5.0), st.floats(0.0, 2.0), *[st.floats(0.0, 1.0)] * 2),
        max_size=9,
    ),
)
def test_numbers_of_cells_stay_numbers_of_cells(parameters, steps):
    """Shares in 0 to 1, cells and capacity above 0, losses that only grow, with any number at an end of its bounds."""
    some = plasticity(**parameters)
    lost = 0.0
    for elapsed_min, inhibitor, growth, signal, dying in steps:
        live(some, elapsed_min / DAY_MIN, inhibitor, growth=growth, mrna=signal, stat5=signal, dying=dying,
             step_min=max(1e-6, elapsed_min))  # fmt: skip
        assert 0.0 <= some.active_fraction <= 1.0
        assert some.cells > 0.0
        assert some.capacity > 0.0
        assert some.lost >= lost
        lost = some.lost
