"""Prolactin: surges with suckling, a baseline that suckling keeps up; levels in published bands."""

from __future__ import annotations

from math import inf

import pytest

from lactflow.endocrine.prolactin import Prolactin
from lactflow.endocrine.signal import LevelWindow, Steps
from lactflow.parameters.prolactin import ProlactinParameters

DAY_MIN = 1440.0


def undrugged(parameters, time_min):
    """Prolactin of a mother who takes nothing that acts on it."""
    return Prolactin(parameters, Steps(1.0), time_min)


def suckled(days, bouts_per_day, start_day=0.0, minutes=15.0):
    """Prolactin after so many days of evenly spaced bouts, and the time at which the next would begin."""
    prolactin = undrugged(ProlactinParameters(), start_day * DAY_MIN)
    interval_min = DAY_MIN / bouts_per_day
    count = int((days - start_day) * bouts_per_day)
    for number in range(count):
        begin_min = start_day * DAY_MIN + number * interval_min
        prolactin.begin_bout(begin_min)
        prolactin.end_bout(begin_min + minutes)
    return prolactin, start_day * DAY_MIN + count * interval_min


def peak_after_bout(prolactin, begin_min):
    """Highest level in the two hours after a bout, and when."""
    prolactin.begin_bout(begin_min)
    prolactin.end_bout(begin_min + 15.0)
    return max((prolactin.level(begin_min + minute), minute) for minute in range(120))


def test_a_surge_peaks_after_45_minutes_and_halves_in_37():
    """Time of the peak and half-life of one surge, the baseline taken off."""
    parameters = ProlactinParameters(suckled_ng_per_ml=0.0)  # so that the bout moves no baseline
    prolactin, base = undrugged(parameters, 0.0), undrugged(parameters, 0.0)
    _, minute = peak_after_bout(prolactin, 30 * DAY_MIN)
    assert minute == pytest.approx(45, abs=2)
    surge = [prolactin.level(30 * DAY_MIN + at) - base.level(30 * DAY_MIN + at) for at in (700.0, 737.0)]
    assert surge[1] / surge[0] == pytest.approx(0.5, rel=0.03)


@pytest.mark.parametrize(
    ("day", "basal", "basal_sd", "peak", "peak_sd"),
    [(30, 119.0, 93.0, 286.0, 109.0), (180, 59.0, 29.0, 91.0, 44.0)],
)
def test_levels_of_one_and_six_months(day, basal, basal_sd, peak, peak_sd):
    """Cox 1996, Exp Physiol 81:1007: basal and suckling peak, calibrated on."""
    prolactin, before_min = suckled(day, 8)
    assert prolactin.level(before_min) == pytest.approx(basal, abs=basal_sd)
    level, _ = peak_after_bout(prolactin, before_min)
    assert level == pytest.approx(peak, abs=peak_sd)


def test_without_suckling_it_is_back_in_three_weeks():
    """Bonnar 1975: in the range of the cycle, below 25 ng/mL, three weeks after delivery."""
    prolactin = undrugged(ProlactinParameters(), -DAY_MIN)
    assert prolactin.level(0.0) == pytest.approx(198.0, abs=5.0)
    assert prolactin.level(21 * DAY_MIN) < 25.0


def test_frequency_keeps_the_baseline():
    """Delvoye 1977: at ten bouts a day the baseline is high at six months, at two it is near that of no suckling."""
    often, often_min = suckled(180, 10)
    seldom, seldom_min = suckled(180, 2)
    assert often.level(often_min) > 45.0
    assert seldom.level(seldom_min) < 25.0


def test_bouts_per_day_settles_at_the_frequency():
    """The memory counts bouts a day."""
    prolactin, now_min = suckled(60, 8)
    assert prolactin.bouts_per_day(now_min) == pytest.approx(8.0, rel=0.05)


def test_an_established_mother_has_been_suckled():
    """A run that begins on day 30 begins with the baseline of a mother who has nursed since birth."""
    from_birth, now_min = suckled(30, 8)
    established = undrugged(ProlactinParameters(), now_min)
    bare = [each.level(now_min + 2 * DAY_MIN) for each in (from_birth, established)]
    assert bare[1] == pytest.approx(bare[0], rel=0.05)


def test_a_newborns_mother_has_not_been_suckled():
    """A run that begins in pregnancy or at birth has no bouts behind it; one of day 31 has eight a day."""
    bouts = [undrugged(ProlactinParameters(), day * DAY_MIN) for day in (-20, 0, 30)]
    assert [each.bouts_before for each in bouts] == [0.0, 0.0, 240.0]
    assert [each.bouts_per_day(30 * DAY_MIN) for each in bouts] == [0.0, 0.0, 8.0]


def test_drugs_act_on_baseline_and_surges():
    """An antagonist raises both alike; an agonist takes the square of its factor from the surges."""
    plain = undrugged(ProlactinParameters(), 30 * DAY_MIN)
    base_ng, now_min = plain.level(30 * DAY_MIN), 30 * DAY_MIN
    plain.begin_bout(now_min)
    plain.end_bout(now_min + 15.0)
    baseline_ng = undrugged(ProlactinParameters(), now_min)._baseline(now_min)
    assert base_ng == pytest.approx(baseline_ng, rel=1e-12)
    for factor, of_surge in ((2.0, 2.0), (0.5, 0.25)):
        drugged = Prolactin(ProlactinParameters(), Steps(factor), now_min)
        assert drugged.level(now_min) == pytest.approx(factor * base_ng, rel=1e-12)
        drugged.begin_bout(now_min)
        drugged.end_bout(now_min + 15.0)
        at_min = now_min + 45.0
        surges = [
            each.level(at_min) - share * plain._baseline(at_min) for each, share in ((plain, 1.0), (drugged, factor))
        ]
        assert surges[1] == pytest.approx(of_surge * surges[0], rel=1e-9)


def test_it_changes_by_itself_when_a_drug_does():
    """The next change is that of the drug."""
    release = Steps(1.0, [LevelWindow(100.0, 200.0, 3.0)])
    prolactin = Prolactin(ProlactinParameters(), release, 0.0)
    assert [prolactin.next_change(at) for at in (0.0, 100.0, 150.0, 200.0)] == [100.0, 200.0, 200.0, inf]
    assert prolactin.level(150.0) > 2.5 * prolactin.level(99.0)


def test_close_bouts_do_not_pile_up():
    """A second bout after ten minutes releases a twelfth of what the first did."""
    alone, twice = undrugged(ProlactinParameters(), 0.0), undrugged(ProlactinParameters(), 0.0)
    first, _ = peak_after_bout(alone, 10 * DAY_MIN)
    twice.begin_bout(10 * DAY_MIN - 10.0)
    twice.end_bout(10 * DAY_MIN)
    second, _ = peak_after_bout(twice, 10 * DAY_MIN)
    assert second < 1.15 * first


def test_a_short_bout_releases_in_proportion():
    """Two of eight minutes release a quarter."""
    full, short = undrugged(ProlactinParameters(), 0.0), undrugged(ProlactinParameters(), 0.0)
    base = undrugged(ProlactinParameters(), 0.0)
    for prolactin, minutes in ((full, 8.0), (short, 2.0)):
        prolactin.begin_bout(0.0)
        prolactin.end_bout(minutes)
    # Both counted as one bout: only the surges differ.
    gain = [each.level(60.0) - base.level(60.0) for each in (full, short)]
    assert gain[1] / gain[0] == pytest.approx(0.25, abs=0.02)


def test_equal_rates_of_rise_and_fall_have_a_course_too():
    """No division by zero where a surge enters as fast as it leaves."""
    parameters = ProlactinParameters(half_life_min=37.0, rise_per_min=0.6931471805599453 / 37.0)
    level, minute = peak_after_bout(undrugged(parameters, 0.0), DAY_MIN)
    assert 100.0 < level < 500.0
    assert minute == pytest.approx(37.0 / 0.693, abs=2)


def test_long_surges_are_not_forgotten_early():
    """With a half-life of ten hours, yesterday's surge still counts when the next bout begins."""
    parameters = ProlactinParameters(half_life_min=600.0, suckled_ng_per_ml=0.0)
    prolactin = undrugged(parameters, 0.0)
    peak_after_bout(prolactin, 0.0)
    before = prolactin.level(1500.0)
    prolactin.begin_bout(1500.0)
    assert prolactin.level(1500.0) == pytest.approx(before, rel=1e-9)
