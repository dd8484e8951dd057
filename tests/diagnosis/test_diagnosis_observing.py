"""What a clinic would read of virtual mothers, on small tables made by hand; and what a record has observed."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from records import read

from lactflow.chance import Streams
from lactflow.diagnosis.files import shipped
from lactflow.diagnosis.kinds import KINDS
from lactflow.diagnosis.observing import Observation, Readings, observations_of
from lactflow.diagnosis.truth import NEAREST_MIN
from lactflow.diagnosis.virtual import Cohort

HOUR, DAY = 60.0, 1440.0
MILK = ("sodium", "potassium", "lactose", "citrate", "protein")
MILK_COLUMNS = tuple(
    f"{name}_{unit}"
    for name, unit in zip(MILK, ("mmol_per_l", "mmol_per_l", "g_per_l", "mmol_per_l", "g_per_l"), strict=True)
)


def removal(session, kind, breast, start_min, removed_ml, *milk):
    """A row of removals of mother 3: sodium, potassium, lactose, citrate, protein; usual ones where none is given."""
    values = milk or (10.0, 15.0, 70.0, 4.0, 12.0)
    row = {"mother": 3, "session": session, "kind": kind, "breast": breast, "start_min": start_min}
    return row | {"removed_ml": removed_ml} | dict(zip(MILK_COLUMNS, values, strict=True))


def session(mother, number, kind, start_min, intake_ml):
    """A row of sessions, of the first infant where it is a feed."""
    infant = 0 if kind == "feed" else None
    row = {"mother": mother, "session": number, "kind": kind, "infant": infant}
    return row | {"start_min": start_min, "intake_ml": intake_ml}


def cohort(**tables):
    """Virtual mothers 3 and 5; the second has neither infants nor removals."""
    usual = {
        "removals": [
            removal(1, "feed", "left", 2 * DAY, 20.0, 30.0, 15.0, 60.0, 4.0, 12.0),
            removal(1, "feed", "right", 2 * DAY + 10.0, 30.0, 40.0, 16.0, 62.0, 5.0, 13.0),
            removal(2, "pump", "left", 3 * DAY, 5.0, 20.0, 14.0, 65.0, 3.0, 11.0),
            removal(2, "pump", "right", 3 * DAY, 7.0, 10.0, 13.0, 66.0, 2.0, 10.0),
            removal(3, "hand", "left", 4 * DAY, 3.0, np.nan, np.nan, np.nan, np.nan, np.nan),
        ],
        "sessions": [
            session(3, 1, "feed", 2 * DAY, 50.0),
            session(3, 2, "pump", 3 * DAY, 0.0),
            session(3, 4, "feed", 2 * DAY + 11 * HOUR, 60.0),
            session(3, 5, "feed", 2 * DAY + 12 * HOUR, 70.0),
            session(3, 6, "feed", 2 * DAY + HOUR, 35.0) | {"infant": 1},
            session(5, 1, "pump", 2 * DAY, 0.0),
        ],
        "infants": [
            {"mother": 3, "time_min": 0.0, "infant": 0, "weight_kg": 3.4},
            {"mother": 3, "time_min": DAY, "infant": 0, "weight_kg": 3.2},
            {"mother": 3, "time_min": DAY, "infant": 1, "weight_kg": 2.2},
        ],
        "hormones": [
            {"mother": mother, "time_min": 180.0 * step, "prolactin_ng_per_ml": 100.0 * mother + step}
            for mother in (3, 5)
            for step in range(33)
        ],
        "breasts": [
            {"mother": mother, "time_min": 180.0 * step, "breast": breast, "secretion_ml_per_h": mother * step / 10.0}
            for mother in (3, 5)
            for step in range(33)
            for breast in ("left", "right")
        ],
    } | tables
    frames = {name: pd.DataFrame(rows) for name, rows in usual.items()}
    return Cohort(shipped("none"), (3, 5), ({}, {}), frames)


def true(observation, **tables):
    """What was true of it in mothers 3 and 5."""
    return list(Readings([observation], None).true(cohort(**tables))[:, 0])


def seen(kind, time_min, breast="", **more):
    """Mother 3's."""
    return true(Observation(kind, breast, time_min, None, **more))[0]


def test_weights_are_interpolated_and_those_of_the_first_infant():
    """Halfway between birth and day 2 it weighs what lies halfway; there is none where there is no infant."""
    assert seen("weight", DAY / 2) == pytest.approx(3.3)
    assert np.isnan(true(Observation("weight", "", DAY, None))[1])


def test_milk_of_the_removal_nearest_to_a_time():
    """By breast; of both, the mean of one and the other; removals without milk are passed over."""
    assert seen("sodium", 2 * DAY + HOUR, "left") == 30.0
    assert seen("sodium", 2 * DAY + HOUR, "right") == 40.0
    assert seen("sodium", 2 * DAY + HOUR) == pytest.approx(35.0)
    assert seen("potassium", 3 * DAY - HOUR, "right") == 13.0
    assert seen("citrate", 3 * DAY - HOUR, "left") == 3.0
    assert seen("protein", 3 * DAY - HOUR, "right") == 10.0
    assert seen("lactose", 3 * DAY - HOUR, "left") == pytest.approx(65.0 / 0.3423)
    assert seen("sodium", 3 * DAY + NEAREST_MIN, "left") == 20.0
    assert np.isnan(seen("sodium", 4 * DAY, "left"))


def test_where_there_is_no_milk_near_a_time_there_is_nothing_to_read():
    """Neither is there in a mother without a removal."""
    assert np.isnan(seen("sodium", 4 * DAY, "right"))
    assert np.isnan(seen("pump", 2 * DAY))
    assert np.isnan(seen("test_weigh", 4 * DAY))
    for kind in ("sodium", "pump", "test_weigh"):
        assert np.isnan(true(Observation(kind, "left", 2 * DAY, None))[1])


def test_a_feed_is_weighed_and_a_pumping_is_the_sum_of_the_breasts():
    """The nearest one; of one breast, what came from it."""
    assert seen("test_weigh", 2 * DAY + HOUR) == 50.0
    assert seen("test_weigh", 2 * DAY + 11.4 * HOUR) == 60.0
    assert seen("test_weigh", 2 * DAY + HOUR, "right") == 30.0
    assert seen("pump", 3 * DAY + HOUR) == 12.0
    assert seen("pump", 3 * DAY + HOUR, "left") == 5.0
    assert seen("pump", 4 * DAY, "left") == 3.0


def test_a_feed_of_one_breast_is_one_of_the_first_infant():
    """What its twin took from that breast, nearer in time, was not weighed."""
    of_twins = {
        "removals": [
            removal(1, "feed", "left", 2 * DAY, 20.0),
            removal(6, "feed", "left", 2 * DAY + HOUR, 11.0),
            removal(7, "feed", "left", 3 * DAY, 9.0) | {"mother": 5},
            removal(2, "pump", "left", 2 * DAY + HOUR, 5.0),
        ]
    }
    assert true(Observation("test_weigh", "left", 2 * DAY + HOUR, None), **of_twins)[0] == 20.0
    assert np.isnan(true(Observation("test_weigh", "left", 3 * DAY, None), **of_twins)[1])


def test_feeds_of_the_day_around_a_time_are_counted():
    """From 12 h before to 12 h after, without the end; a mother who never fed has none; a twin's are its own."""
    assert true(Observation("feeds_per_day", "", 2 * DAY, None)) == [2.0, 0.0]
    assert seen("feeds_per_day", 2 * DAY + 1.0) == 3.0
    assert seen("feeds_per_day", 2 * DAY + 12 * HOUR + 1.0) == 2.0


def test_prolactin_and_onset():
    """Prolactin of the nearest sample; no onset within the run is as late as its end."""
    assert true(Observation("prolactin", "", 170.0, None)) == [301.0, 501.0]
    never = [
        {"mother": mother, "time_min": 180.0 * step, "breast": breast, "secretion_ml_per_h": 0.1}
        for mother in (3, 5)
        for step in range(33)
        for breast in ("left", "right")
    ]
    assert true(Observation("felt_onset", "", 0.0, 50.0), breasts=never) == [96.0, 96.0]
    early, late = true(Observation("felt_onset", "", 0.0, 50.0))[::-1]
    assert 0.0 < early < late < 96.0


def test_what_a_run_was_not_asked_for_is_not_there_and_else_is_of_its_removal():
    """Glucose by session and breast."""
    assert np.isnan(seen_contents({})[0])
    row = {"session": 2, "breast": "left", "analyte": "glucose", "mean_per_l": 1.5}
    rows = [{"mother": 3, **row}, {"mother": 3, **row, "analyte": "albumin", "mean_per_l": 0.4}]
    found = seen_contents({"removal_contents": rows})
    assert found[0] == 1.5
    assert np.isnan(found[1])


def seen_contents(tables):
    """Glucose of the left breast on day 4, of mothers 3 and 5."""
    empty = {
        "removal_contents": [{"mother": 99, "session": 0, "breast": "left", "analyte": "glucose", "mean_per_l": 1}]
    }
    return true(Observation("glucose", "left", 3 * DAY, None), **(tables or empty))


def test_the_mean_of_several_is_over_those_that_can_be_read():
    """Two weights in one; a time without milk is left out; none at all is nothing."""
    assert seen("weight", 0.0, times_min=(0.0, DAY)) == pytest.approx(3.3)
    assert seen("sodium", 0.0, "right", times_min=(2 * DAY, 9 * DAY)) == 40.0
    assert np.isnan(seen("sodium", 0.0, "right", times_min=(8 * DAY, 9 * DAY)))


@pytest.mark.parametrize(
    ("kind", "value", "scaled"),
    [
        ("weight", 3.4, 3.4 / 3.2),
        ("sodium", 20.0, log(20.0)),
        ("prolactin", 90.0, log(90.0)),
        ("pump", 49.0, 7.0),
        ("test_weigh", -4.0, -2.0),
        ("felt_onset", 60.0, 60.0),
        ("feeds_per_day", 9.0, 9.0),
    ],
)
def test_scales(kind, value, scaled):
    """On which women spread evenly: over birth weight, logarithms, roots with their sign."""
    readings = Readings([Observation(kind, "", DAY, value)], 3.2)
    assert readings.hers() == pytest.approx([scaled])


def test_weights_are_themselves_where_birth_weight_is_not_known():
    """There is nothing to divide by."""
    assert Readings([Observation("weight", "", DAY, 3.4)], None).hers() == pytest.approx([3.4])


def noisy(observation, value, repeats=20_000):
    """One true value, read many times, back from the scale."""
    readings = Readings([observation], None)
    read_ = readings.read(np.array([[value]]), lambda _: Streams(5, 0), repeats)[:, 0, 0]
    return {"log": np.exp, "root": lambda x: np.sign(x) * x**2, "even": lambda x: x}[observation.scale](read_)


@pytest.mark.parametrize(
    ("kind", "note", "value", "sd"),
    [
        ("weight", "", 3.3, 0.020),
        ("test_weigh", "", 60.0, 2.5),
        ("test_weigh", "untrained", 60.0, 7.0),
        ("pump", "", 60.0, 3.0),
        ("feeds_per_day", "", 9.0, None),
        ("felt_onset", "", 60.0, 8.0),
    ],
)
def test_instruments_err_as_is_declared(kind, note, value, sd):
    """Without bias; 20,000 readings give the standard deviation within 2 %."""
    declared = KINDS[kind].error(note).value / (1000.0 if kind == "weight" else 1.0)
    assert sd is None or declared == pytest.approx(sd)
    found = noisy(Observation(kind, "", DAY, value, note), value)
    assert found.std() == pytest.approx(declared, rel=0.02)
    assert found.mean() == pytest.approx(value, abs=4.0 * declared / sqrt(20_000))


@pytest.mark.parametrize("kind", ["sodium", "prolactin", "citrate"])
def test_instruments_of_concentrations_err_by_a_factor(kind):
    """The logarithm is what has the declared standard deviation."""
    found = np.log(noisy(Observation(kind, "", DAY, 20.0), 20.0))
    assert found.std() == pytest.approx(KINDS[kind].error().value, rel=0.02)
    assert found.mean() == pytest.approx(log(20.0), abs=0.01)


def test_a_mean_of_many_readings_errs_less():
    """By the root of their number."""
    one, four = (noisy(Observation("weight", "", DAY, 3.3, times_min=(DAY,) * n), 3.3).std() for n in (1, 4))
    assert four == pytest.approx(one / 2.0, rel=1e-6)


def test_what_is_beyond_a_limit_reads_as_the_limit():
    """As it does for her; what is on the other side of it reads as it is."""
    below, above = (Observation("sodium", "left", DAY, 5.0, **side) for side in ({"below": True}, {"above": True}))
    for observation, pick in ((below, np.maximum), (above, np.minimum)):
        plain = noisy(Observation("sodium", "left", DAY, 5.0), 5.0)
        assert noisy(observation, 5.0) == pytest.approx(pick(plain, 5.0))
        assert Readings([observation], None).hers() == pytest.approx([log(5.0)])
    assert noisy(below, 1.0, 100) == pytest.approx(np.full(100, 5.0))


def test_errors_are_addressed():
    """By kind, breast and time: those of one do not depend on what else is read; mothers and repeats have others."""
    one, other = Observation("sodium", "left", DAY, 5.0), Observation("sodium", "right", DAY, 5.0)
    later = Observation("sodium", "left", 2 * DAY, 5.0)
    values = np.full((2, 3), 10.0)
    whole = Readings([one, other, later], None).read(values, lambda row: Streams(1, row), 3)
    alone = Readings([later], None).read(values[:, :1], lambda row: Streams(1, row), 3)
    assert np.array_equal(whole[:, :, 2], alone[:, :, 0])
    assert len(set(whole.ravel())) == whole.size


def test_what_could_not_be_read_stays_unread():
    """Also where the reading has a limit."""
    observation = Observation("sodium", "left", DAY, 5.0, below=True)
    assert np.isnan(Readings([observation], None).read(np.array([[np.nan]]), lambda _: Streams(1, 0), 2)).all()


def found(folder, *rows):
    """Observations of a record, and what of it is not used."""
    return observations_of(read(folder, *rows))


def test_facts_are_observed_in_the_breast_that_they_name(tmp_path):
    """Both breasts are no breast of their own: virtual mothers have a left and a right one."""
    each, unused = found(
        tmp_path,
        "2031-05-04 08:00,sodium,left,20,mmol/L,",
        "2031-05-05 08:00,sodium,both,18,mmol/L,",
        "2031-05-06 08:00,pump,,30,mL,",
        "2031-05-06 09:00,test_weigh,right,40,g,untrained",
    )
    assert [(one.kind, one.breast, one.value) for one in each] == [
        ("sodium", "left", 20.0),
        ("sodium", "", 18.0),
        ("pump", "", 30.0),
        ("test_weigh", "right", 40.0),
    ]
    assert unused == ()
    assert not np.isnan(true(Observation("sodium", each[1].breast, 2 * DAY, None))[0])
    assert each[0].name == "sodium, left breast, day 2"
    assert each[1].name == "sodium, day 3"


def test_what_was_done_is_not_observed_and_the_onset_is_an_hour(tmp_path):
    """Birth, bottles and feeds; the felt onset has no value of its own."""
    each, _ = found(tmp_path, "2031-05-04 08:00,bottle_formula,,20,mL,", "2031-05-05 20:00,felt_onset,,,,")
    assert [(one.kind, one.value, one.name) for one in each] == [("felt_onset", 60.0, "felt_onset")]


def test_a_limit_is_that_of_its_reading(tmp_path):
    """On its side."""
    each, _ = found(tmp_path, "2031-05-04 08:00,sodium,left,<5,mmol/L,", "2031-05-05 08:00,prolactin,,>200,ng/mL,")
    assert [(one.below, one.above) for one in each] == [(True, False), (False, True)]


def feeds(*hours, day=5, breast="", minutes=""):
    """Rows of single feeds on one day after birth, by hours since its begin at 08:00."""
    stamps = [pd.Timestamp("2031-05-03 08:00") + pd.Timedelta(days=day - 1, hours=hour) for hour in hours]
    return [f"{stamp:%Y-%m-%d %H:%M},feed,{breast},{minutes},," for stamp in stamps]


def test_single_feeds_are_counted_on_whole_days(tmp_path):
    """Not on the first and the last day that has some, nor where there are hardly any; that is said."""
    rows = [*feeds(1, day=3), *feeds(1, 4, 7, 10, 13, day=4), *feeds(2, 9, 15, day=5), *feeds(1, 2, 3, 4, 5, day=6)]
    each, unused = found(tmp_path, *rows)
    assert [(one.kind, one.value, one.time_min) for one in each] == [("feeds_per_day", 5.0, 3.5 * DAY)]
    (line,) = unused
    assert line.startswith("feeds of single rows, 9 of 14: they are of the first or the last day")


def test_single_feeds_are_left_where_the_record_says_how_many_there_were(tmp_path):
    """It is no doubt about them, and says so."""
    rows = [*feeds(1, day=3), *feeds(1, 4, 7, 10, 13, day=4), *feeds(2, day=5), "2031-05-06,feeds_per_day,,9,,"]
    each, unused = found(tmp_path, *rows)
    assert [(one.kind, one.value) for one in each] == [("feeds_per_day", 9.0)]
    assert unused == ("feeds of single rows, 7 of 7: the record says how many there were a day",)


def test_two_breasts_one_after_the_other_are_one_feed(tmp_path):
    """As in a feeding log; the same breast again, or the other one an hour later, is another feed."""
    whole = [
        row
        for hour in (1, 4, 7, 10)
        for row in (*feeds(hour, breast="left", minutes="12"), *feeds(hour + 0.25, breast="right", minutes="8"))
    ]
    apart = [*feeds(14, 15, breast="left"), *feeds(16.5, breast="right")]
    each, _ = found(tmp_path, *feeds(1, day=4), *whole, *apart, *feeds(1, day=6))
    assert [one.value for one in each] == [7.0]
    assert len(each[0].lines) == 11


@pytest.mark.parametrize("scale", ["log", "root", "even"])
def test_scales_keep_the_order(scale):
    """More is more on every one of them."""
    kind = {"log": "sodium", "root": "pump", "even": "feeds_per_day"}[scale]
    values = [Readings([Observation(kind, "", DAY, value)], None).hers()[0] for value in (0.5, 1.0, 30.0)]
    assert values == sorted(values)
    assert Observation(kind, "", DAY, 1.0).scale == scale
