"""What a file leaves open is read, asked for, or stated: unit, order of day and month, zone, content, child."""

from __future__ import annotations

import pytest

from lactflow.errors import ConfigError

NURSING = "Baby,Time,Start Side,Left duration (min),Right duration (min),Total Duration (min),Note\n"
FEEDINGS = "child,start,end,type,method,amount\n"
OWN = "start,kind,left_min,right_min,volume_ml\n"


def problems(error):
    return [str(problem) for problem in error.value.problems]


def test_every_option_that_is_needed_is_named_at_once(read):
    """Three of them in one go."""
    text = "#, time, Left, Right, Bottle, Bottle Amount\n1, 05/03/31 00:48, 0:0, 0:0, 10:0, 60\n"
    with pytest.raises(ConfigError) as error:
        read(text)
    said = "\n".join(problems(error))
    assert all(option in said for option in ("--unit oz", "--day-first or --month-first", "--bottle own"))
    assert all("log.csv:2" in problem for problem in problems(error))


def test_a_day_above_12_decides_for_the_whole_file(read):
    """Of any row, also one that is left out."""
    text = NURSING + "a,05/03/31 08:00,,9,,9,\na,13/03/31 08:00,,9,,9,\n"
    imported = read(text)
    assert [row.start for row in imported.rows] == ["2031-03-05 08:00", "2031-03-13 08:00"]
    assert any("day is first" in one.what for one in imported.account.assumed)


def test_dates_that_contradict_each_other_are_asked_about(read):
    """Both orders in one file."""
    text = NURSING + "a,13/03/31 08:00,,9,,9,\na,03/14/31 08:00,,9,,9,\n"
    with pytest.raises(ConfigError, match="--day-first or --month-first"):
        read(text)
    imported = read(text, day_first=True)
    assert len(imported.rows) == 1
    assert imported.account.repaired[0].dropped


def test_an_order_that_cannot_be_is_an_error(read):
    """13 is no month."""
    with pytest.raises(ConfigError, match="--day-first"):
        read(NURSING + "a,13/03/31 08:00,,9,,9,\n", day_first=False)


@pytest.mark.parametrize(("unit", "ml"), [("oz", "88.7"), ("mL", "3")])
def test_the_unit_is_asked_for(read, unit, ml):
    """Ounces or millilitres."""
    text = FEEDINGS + "1,2031-05-03 08:00,2031-05-03 08:10,formula,bottle,3\n"
    with pytest.raises(ConfigError, match="--unit"):
        read(text)
    assert read(text, unit=unit).rows[0].cells(weights=False)[4] == ml


def test_utc_needs_a_zone(read):
    """A server writes its own clock; the zone is hers."""
    text = FEEDINGS + "1,2031-05-03T12:00:00Z,2031-05-03T12:10:00Z,breast milk,left breast,\n"
    with pytest.raises(ConfigError, match="--zone"):
        read(text)
    assert read(text, zone="America/New_York").rows[0].start == "2031-05-03 08:00-04:00"
    with pytest.raises(ConfigError, match="nearest: Europe/Berlin"):
        read(text, zone="Europe/Berlim")


def test_london_in_winter_is_known_by_its_summer(read):
    """Offsets of zero beside others are a local clock."""
    text = FEEDINGS + (
        "1,2031-03-29T12:00:00+00:00,2031-03-29T12:10:00+00:00,breast milk,left breast,\n"
        "1,2031-04-01T12:00:00+01:00,2031-04-01T12:10:00+01:00,breast milk,left breast,\n"
    )
    imported = read(text)
    assert [row.start for row in imported.rows] == ["2031-03-29 12:00", "2031-04-01 11:00"]
    assert any("clock changes" in one.what and lines == [3] for one, lines in imported.account.assumed.items())


def test_an_end_after_midnight_or_before_the_start(read):
    """The same date twice around midnight; an end hours before its start is left out and reported."""
    text = FEEDINGS + (
        "1,2031-05-03 23:50:00,2031-05-03 00:05:00,breast milk,left breast,\n"
        "1,2031-05-03 12:00:00,2031-05-03 08:00:00,breast milk,right breast,\n"
        "1,2031-05-03 13:00:00,not yet,breast milk,right breast,\n"
    )
    imported = read(text)
    assert [row.draft.minutes for row in imported.rows] == [0.0, 0.0, 15.0]
    assert [repair.line for repair in imported.account.repaired] == [2, 3, 4]


def test_children_are_numbered_by_their_first_rows_and_pumpings_belong_to_none(read):
    """Names do not come out; one child can be taken by name, id or number."""
    feedings = (
        "id,child_id,child_first_name,start,end,type,method,amount\n"
        "1,7,Ann,2031-05-03 09:00,2031-05-03 09:10,breast milk,left breast,\n"
        "2,3,Bea,2031-05-03 08:00,2031-05-03 08:10,breast milk,left breast,\n"
        "3,7,Ann,2031-05-03 11:00,2031-05-03 11:10,breast milk,left breast,\n"
    )
    pumpings = "child_id,start,end,amount\n7,2031-05-03 12:00,2031-05-03 12:10,50\n"
    files = {"feedings.csv": feedings, "pumpings.csv": pumpings}
    imported = read(files, unit="mL")
    assert [row.child for row in imported.rows] == ["1", "2", "2", ""]
    for name in ("ann", "7", "2"):
        one = read(files, unit="mL", child=name)
        assert [row.start[-5:] for row in one.rows] == ["09:00", "11:00", "12:00"]
        assert {row.child for row in one.rows} == {""}
        assert one.account.skipped == {"another child": 1}
        assert one.account.left_out_minutes == pytest.approx(10.0)
    with pytest.raises(ConfigError, match="of 2 children") as error:
        read(files, unit="mL", child="Ann-Marie")
    assert "Ann" not in str(error.value)


def test_rows_of_two_files_are_counted_once(read):
    """Last month's export and this month's."""
    first = OWN + "2031-05-03 08:00,pump,15,15,80\n2031-05-03 11:00,pump,15,15,75\n"
    second = OWN + "2031-05-03 11:00,pump,15,15,75\n2031-05-03 14:00,pump,15,15,70\n"
    account = read({"a.csv": first, "b.csv": second}).account
    assert (account.rows, account.taken, account.dropped) == (4, 3, 1)
    assert account.repaired[0].what == "a row that another file has too"
    assert account.left_out_ml == 75.0


def test_what_a_bottle_held_by_the_name_of_the_file(read):
    """As the app names its files; else it is asked for."""
    text = "Baby,Time,Amount (oz.),Note\na,5/14/31 8:00 AM,2,\n"
    assert read({"baby_formula.csv": text}).rows[0].draft.kind == "bottle_formula"
    assert read({"baby_expressed.csv": text}).rows[0].draft.kind == "bottle_own_milk"
    with pytest.raises(ConfigError, match="--bottle own or --bottle formula"):
        read({"baby.csv": text})
    assert read({"baby.csv": text}, bottle="formula").rows[0].draft.kind == "bottle_formula"


def test_the_breast_of_a_single_volume_of_a_pump_is_stated(read):
    """Huckleberry has two cells for them, and names neither: the first is left."""
    text = (
        "Type,Start,End,Duration,Start Condition,Start Location,End Condition\n"
        "Pump,2031-05-03 08:00,,0:12,60ml,,\nPump,2031-05-03 11:00,,0:12,60ml,,55ml\n"
        "Pump,2031-05-03 14:00,,0:12,,,50ml\nPump,2031-05-03 17:00,,0:12,40ml,,\n"
    )
    imported = read(text)
    assert [(row.draft.left_ml, row.draft.right_ml) for row in imported.rows] == [
        (60.0, None),
        (60.0, 55.0),
        (None, 50.0),
        (40.0, None),
    ]
    assert [(row.draft.left_min, row.draft.right_min) for row in imported.rows][0::2] == [(12.0, None), (None, 12.0)]
    said = {one.what: lines for one, lines in imported.account.assumed.items()}
    assert said["a single volume is taken as that of the left breast, and the other one as at rest"] == [2, 5]
    assert said["a single volume is taken as that of the right breast, and the other one as at rest"] == [4]


def test_durations_longer_than_from_start_to_end_are_doubted(read):
    """Minutes and seconds read as hours and minutes."""
    text = (
        "Type,Start,End,Duration,Start Condition,Start Location,End Condition\n"
        "Feed,2031-05-03 08:00,2031-05-03 08:20,00:20,10:00R,Breast,09:30L\n"
    )
    assert "more than from the start to the end" in "".join(read(text).account.warnings)
