"""What a row states about sides, minutes and volumes is kept, or named."""

from __future__ import annotations

import pytest

from lactflow.errors import ConfigError
from lactflow.trackers.account import Account

CONNECT = "Date and Time,End Time,Duration (min),Activity,Quantity,Extra data,Text,Notes,Caregiver\n"
FEEDINGS = "child,start,end,type,method,amount\n"
DAYBOOK = "uid,type,startMillis,endMillis,duration,leftDuration,rightDuration,side,volume\n"
AMILA = "RecordCategory,RecordSubCategory,StartDate,FinishDate,Details\n"
NIGHP = (
    "Time,Start side,Left duration (min),Right Duration (min),Total duration (min),"
    "Left Amount ({0}),Right Amount ({0}),Total amount ({0})\n"
)


def cells(imported):
    """Rows of the log without their starts."""
    return [",".join(row.cells(weights=False)[1:]) for row in imported.rows]


def assumed(imported):
    """What was assumed, with its lines."""
    return {one.what: lines for one, lines in imported.account.assumed.items()}


def repaired(imported):
    """What was repaired, with its lines."""
    return [(one.line, one.what) for one in imported.account.repaired]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (
            "[PiyoLog]Mar 2031\n\n----------\nSat, Mar 1, 2031\n",
            ("Nursing 20min", "Nursing 1h5m", "Nursing 20min (30ml)"),
        ),
        ("【ぴよログ】2031年3月\n\n----------\n2031/3/1(土)\n", ("母乳 20分", "母乳 1時間5分", "母乳 20分 (30ml)")),
    ],
)
def test_minutes_in_all_without_a_side_are_split(read, head, words):
    """As a stated assumption."""
    lines = [f"{hour:02}:00   {what}" for hour, what in zip((1, 4, 7), words, strict=True)]
    imported = read({"piyo.txt": head + "\n".join(lines) + "\n"})
    assert cells(imported) == ["breast,10,10,,,,,", "breast,32.5,32.5,,,,,", "breast,10,10,30,,,,"]
    assert assumed(imported)["minutes of both breasts in all are split evenly"] == [5, 6, 7]
    assert not imported.account.warnings


def test_a_number_that_is_not_read_is_named_with_its_line(read):
    """A volume without brackets, minutes of a pumping; not numbers without a unit."""
    head = "[PiyoLog]Mar 2031\n\n----------\nSat, Mar 1, 2031\n"
    text = head + (
        "01:00   Nursing Left 10min / Right 5min\n02:00   Nursing Left 60ml\n03:00   Pumping 95ml 15min\n"
        "04:00   Pumping 95ml   no 2 of today\n05:00   Baby food   carrots, 20ml\n"
    )
    imported = read({"piyo.txt": text})
    assert [line.split(": ", 1)[1] for line in imported.account.warnings] == [
        "a number with its unit is not read (a note, perhaps): 2 rows (lines 6, 7)"
    ]


def test_a_side_without_minutes_in_the_sentence(read):
    """The duration is at that breast."""
    text = CONNECT + (
        "3/16/31 6:00 PM,,12,Nursing,,,Mia nursed (right),,\n3/16/31 7:00 PM,,9,Nursing,,,Mia nursed (left),,\n"
        '3/16/31 8:00 PM,,10,Nursing,,,"Mia nursed (left, right)",,\n3/16/31 9:00 PM,,,Nursing,,,Mia nursed (right),,\n'
    )
    assert cells(read(text)) == ["breast,,12,,,,,", "breast,9,,,,,,", "breast,5,5,,,,,", "breast,,,,,,right,"]


def test_a_volume_at_one_breast_without_minutes_keeps_its_side(read):
    """A feed that was weighed."""
    text = FEEDINGS + (
        "1,2031-05-03 08:00,2031-05-03 08:00,breast milk,left breast,60\n"
        "1,2031-05-03 10:00,2031-05-03 10:00,breast milk,right breast,50\n"
        "1,2031-05-03 12:00,2031-05-03 12:00,breast milk,both breasts,70\n"
    )
    assert cells(read(text, unit="mL")) == ["breast,,,,60,,,", "breast,,,,,50,,", "breast,,,70,,,,"]


def test_the_sides_of_a_pumping_count_where_they_add_up(read):
    """One breast after the other; else the duration is that of the pump."""
    text = DAYBOOK + (
        "1,pump,1935576000000,,1800000,1200000,600000,both,140\n2,pump,1935586000000,,900000,0,0,both,120\n"
        "3,pump,1935596000000,,900000,900000,900000,both,110\n4,pump,1935606000000,,600000,600000,0,,50\n"
    )
    imported = read(text, zone="Europe/Berlin")
    assert cells(imported) == ["pump,20,10,140,,,,", "pump,15,15,120,,,,", "pump,15,15,110,,,,", "pump,10,0,50,,,,"]
    assert repaired(imported) == [(4, "the minutes of the breasts are not those in all; those in all are taken")]


@pytest.mark.parametrize(("unit", "total", "lines"), [("oz.", "2.6", []), ("oz.", "2.7", [2]), ("ml", "4.2", [2])])
def test_sums_of_ounces_may_differ_by_a_tenth(read, unit, total, lines):
    """Three decimals of an ounce are rounded away; of millilitres, one."""
    text = NIGHP.format(unit) + f"14/5/31 08:00,,10,10,,1.3,1.2,{total}\n"
    assert [line for line, _ in repaired(read(text))] == lines


def test_a_pumping_is_known_by_its_category(read):
    """Also without a subcategory."""
    imported = read(AMILA + "Pumping,,2031-05-08 14:26,2031-05-08 14:46,4.5 oz\n")
    assert cells(imported) == ["pump,20,20,133.1,,,,"]


def test_what_rows_of_unknown_kinds_hold_is_counted(read):
    """At most: in the sums of what was left out."""
    text = AMILA + (
        "Feeding,Left Breast,2031-05-08 12:00,2031-05-08 12:10,\nMystery,,2031-05-08 14:26,2031-05-08 14:46,90 ml\n"
    )
    account = read(text).account
    assert account.skipped == {"unknown": 1}
    assert account.as_object(None)["left_out"] == {"minutes": 20.0, "ml": 90.0}
    assert (account.left_out_minutes, account.unknown_minutes, account.unknown_ml) == (0.0, 20.0, 90.0)


def test_extracted_parts_can_be_the_time(read, tmp_path):
    """Day and month too."""
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "format: 1\nname: mine\nclock: {start: ['{day} {hour}']}\nvolume_unit: mL\n"
        "extract:\n  - {column: When, matches: '^(?P<day>[\\d/]+) at (?P<hour>[\\d:]+)'}\n"
        "rows:\n  - take: [{kind: pump, minutes: [{column: Minutes}]}]\n",
        encoding="utf-8",
    )
    imported = read("When,Minutes\n3/5/2031 at 08:10,15\n14/5/2031 at 08:20,10\n", mapping=str(mapping))
    assert [row.start for row in imported.rows] == ["2031-05-03 08:10", "2031-05-14 08:20"]


def test_only_what_is_kept_of_a_child_asks_for_options(read):
    """Another child's bottle has no unit and no content; pumpings are kept and ask."""
    feedings = (
        "child,start,end,type,method,amount\n"
        "Ann,2031-05-03 09:00,2031-05-03 09:10,breast milk,left breast,\n"
        "Bea,2031-05-03 08:00,2031-05-03 08:10,formula,bottle,3\n"
    )
    imported = read(feedings, child="ann")
    assert cells(imported) == ["breast,10,,,,,,"]
    assert imported.account.skipped == {"another child": 1}
    files = {
        "feedings.csv": feedings,
        "pumpings.csv": "child,start,end,amount\nBea,2031-05-03 12:00,2031-05-03 12:10,50\n",
    }
    with pytest.raises(ConfigError, match=r"pumpings\.csv:2:1: volumes have no unit"):
        read(files, child="ann")
    assert [lines for what, lines in assumed(read(files, child="ann", unit="mL")).items() if "pumpings" in what] == [
        [2]
    ]


def test_an_age_that_contradicts_the_date_of_birth_is_remarked(read):
    """What the user says is used."""
    text = "[PiyoLog]Mar 2031\n\n----------\nSat, Mar 1, 2031\nMia (0m 19d)\n\n12:05 AM   Nursing Left 10min\n"
    account = read({"piyo.txt": text}, birth="2031-02-01").account
    assert account.birth.isoformat() == "2031-02-01"
    assert len(account.remarks) == 1
    assert "2031-02-10 by the age in the file is not the date of birth that is used: 2031-02-01" in account.remarks[0]
    assert read({"piyo.txt": text}, birth="2031-02-10").account.remarks == []


def test_a_line_stands_once_in_what_was_assumed():
    """Two parts of a row can share an assumption."""
    account = Account()
    for line in (3, 3, 4):
        account.assume("something", line, file="a.csv")
    assert account.as_object(None)["assumed"] == [{"what": "something", "lines": [3, 4], "file": "a.csv"}]
    assert list(account.assumed.values()) == [[3, 4]]
