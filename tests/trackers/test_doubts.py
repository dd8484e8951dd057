"""What the whole log shows to be doubtful: its unit, and a date of birth after its first row."""

from __future__ import annotations

import pytest

from lactflow.config.logs.ounces import in_words, look_like_millilitres, look_like_ounces, ounces_among
from lactflow.errors import ConfigError

OWN = "start,kind,left_min,right_min,volume_ml\n"
OUNCES = (2.5, 3, 3.5, 2, 2.5, 3, 3.5, 2.5)
UNIT_OPEN = "child,start,end,type,method,amount\n"


def pumped(volumes, kind="pump", day=3):
    """A log of lactflow with a row every four hours."""
    clock = [(day + number // 6, 4 * (number % 6)) for number in range(len(volumes))]
    cells = "15,15" if kind == "pump" else ","
    lines = [
        f"2031-05-{day:02} {hour:02}:00,{kind},{cells},{ml}\n" for (day, hour), ml in zip(clock, volumes, strict=True)
    ]
    return OWN + "".join(lines)


def bottles(*amounts):
    """A sheet of Baby Buddy, whose amounts have no unit."""
    rows = [
        f"1,2031-05-{day:02} 08:00,2031-05-{day:02} 08:10,formula,bottle,{ml}\n" for day, ml in enumerate(amounts, 3)
    ]
    return {"feedings.csv": UNIT_OPEN + "".join(rows)}


@pytest.mark.parametrize("odd", [16.6, 33, 120])
def test_one_volume_that_is_out_of_line_hides_no_ounces(odd):
    """The sum of a day, a digit too many, one in millilitres."""
    assert look_like_ounces([*OUNCES, odd])
    assert look_like_ounces([*OUNCES, *OUNCES, *OUNCES, odd, odd])
    assert not look_like_ounces([*OUNCES, odd, odd, odd])


def test_little_milk_is_no_ounces():
    """Half of the sessions of a mother with little milk, or too few volumes to say."""
    assert not look_like_ounces([5, 8, 12, 17, 25, 6, 30, 7, 8])
    assert not look_like_ounces([12.0] * 9)
    assert not look_like_ounces([3.0] * 3)


def test_what_makes_volumes_look_like_ounces_is_said_in_their_own_numbers():
    """By hand: the fifth of nine in their order is 3, and the eighth 3.5."""
    assert in_words([*OUNCES, 16.6]) == "half are 3 or less, all but 1 of 9 are 3.5 or less"
    assert in_words([3.0] * 9) == "half are 3 or less, none is above 3"


def test_ounces_among_millilitres_are_found_beside_a_volume_between_them():
    """80 mL and 2.7 oz in turn; one of 20 mL and one of 11 oz are a bad session and a good one."""
    mixed = [80.0, 2.7] * 8
    assert ounces_among(mixed) == {2.7}
    assert ounces_among([*mixed, 20.0, 11.0]) == {2.7, 11.0}
    assert ounces_among([80.0, 60.0, 100.0, 40.0, 12.0, 90.0, 70.0, 30.0, 20.0, 14.0]) == set()


def test_an_import_of_ounces_read_as_millilitres_is_warned_about(read):
    """By the rule by which a fit refuses them; not where milk has not come in, and not where it is right."""
    expected = "the bottles, read as mL, look like ounces: half are 3 or less, all but 1 of 5 are 3.5 or less"
    ounces = bottles(2.5, 3, 3.5, 16.6, 3)
    assert read(ounces, unit="mL").account.warnings == [f"{expected} (is --unit oz meant?)"]
    assert read(ounces, unit="oz").account.warnings == []
    assert read(ounces, unit="mL", birth="2031-05-02").account.warnings == []
    assert read(bottles(60, 80, 90, 110), unit="mL").account.warnings == []
    own = read(pumped([*OUNCES, 16.6])).account.warnings
    expected = "the volumes, read as mL, look like ounces: half are 3 or less, all but 1 of 9 are 3.5 or less"
    assert own == [f"{expected} (in a cell, `3 oz` is read as ounces)"]


def test_an_import_of_millilitres_read_as_ounces_is_warned_about(read):
    """30 mL become 887."""
    assert read(bottles(30, 25, 30, 33), unit="oz").account.warnings == [
        "the bottles, read as ounces, look like mL: half are 887 mL or more (is --unit mL meant?)"
    ]
    assert look_like_millilitres([887.0] * 4)
    assert not look_like_millilitres([240.0] * 4)
    assert not look_like_millilitres([])


def test_a_unit_that_nothing_needs_is_said(read):
    """A log of lactflow says its unit by itself."""
    warnings = read(pumped([80] * 5), unit="oz").account.warnings
    assert warnings == ["--unit oz changes nothing: the files or their format say the unit of each volume"]


def test_a_date_of_birth_after_a_feed_is_refused_with_the_row(read):
    """And up to which date it may be; the first row itself may be of that date."""
    text = pumped([""] * 8, "breast")
    expected = (
        r"--birth: 6 rows are before 2031-05-04, the date of birth; the first is of "
        r"2031-05-03 00:00, in line 2 of .*log.csv \(allowed: 2031-05-03 or earlier\)"
    )
    with pytest.raises(ConfigError, match=expected):
        read(text, birth="2031-05-04")
    assert read(text, birth="2031-05-03").account.first_day == 1


def test_milk_expressed_before_birth_is_dropped_with_its_lines(read):
    """Nobody is fed before birth, but colostrum is collected; not where no row is left."""
    account = read(pumped([5] * 8), birth="2031-05-04").account
    assert (account.taken, account.dropped, account.first_day, account.left_out_ml) == (2, 6, 1, 30.0)
    assert [one.line for one in account.repaired] == [2, 3, 4, 5, 6, 7]
    assert {one.what for one in account.repaired} == {
        "milk expressed before birth, with which a log of lactation does not begin"
    }
    with pytest.raises(ConfigError, match=r"8 rows are before 2031-06-01.*line 2 of .*allowed: 2031-05-03 or earlier"):
        read(pumped([5] * 8), birth="2031-06-01")


def test_a_row_with_a_mistyped_year_is_no_birth_that_is_wrong(read):
    """It is far from all others, which is said already."""
    rows = pumped([80] * 40).replace("2031-05-06 08:00", "2013-05-06 08:00")
    account = read(rows, birth="2031-05-01").account
    assert (account.taken, account.first_day) == (40, 3)
    assert ["far from all other rows" in warning for warning in account.warnings] == [True]
