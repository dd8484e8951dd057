"""What a clinical record may not have: one line each, with its place, what was found, and what is allowed."""

from __future__ import annotations

import re

import pytest
from records import BIRTH, HEADER, problems, read

from lactflow.config.logs.table import MOST_PROBLEMS
from lactflow.diagnosis.record import read_record
from lactflow.errors import ConfigError


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (
            "2031-05-04 09:00,weighs,,3.3,kg,",
            r"3:2: kind: 'weighs' is unknown \(allowed: birth, .*; nearest: weight\)",
        ),
        ("2031-05-04 09:00,,,3.3,kg,", r"3:2: kind: the kind is missing \(allowed: birth, .*\)"),
        ("2031-05-04 09:00,conductivity,,4,mS/cm,", r"3:2: kind: conductivity is not read: .*; sodium can be read"),
        ("2031-05-04 09:00,hand,,4,mL,", r"3:2: kind: hand is not read: .* is a row of kind pump"),
        ("2031-05-04 09:00,bottle,,40,mL,at noon", r"3:2: kind: what was in the bottle is not known \(allowed: .*\)"),
        ("2031-05-04 09:00,bottle,,40,mL,formula and own milk", r"3:2: kind: what was in the bottle is not known .*"),
        (",weight,,3.3,kg,", r"3:1: time: the time is missing \(needed: such as 2031-05-03 08:10\)"),
        ("09:00,weight,,3.3,kg,", r"3:1: time: '09:00' is no time \(allowed: such as 2031-05-03 08:10\)"),
        ("2031-02-30 09:00,weight,,3.3,kg,", r"3:1: time: '2031-02-30 09:00' is no time \(allowed: .*\)"),
        ("2031-05-04,pump,,3,mL,", r"3:1: time: pump needs its time of day \(needed: such as .*\)"),
        ("2031-05-04,felt_onset,,,,", r"3:1: time: felt_onset needs its time of day \(needed: such as .*\)"),
        ("2031-05-04 09:00,weight,left,3.3,kg,", r"3:3: breast: weight is of no breast \(allowed: empty\)"),
        (
            "2031-05-04 09:00,sodium,middle,9,mM,",
            r"3:3: breast: 'middle' is no breast \(allowed: left, right, both, or .*",
        ),
        ("2031-05-04 09:00,sodium,,,mM,", r"3:4: value: sodium without a value \(needed: a number in mmol/L, .*\)"),
        ("2031-05-04 09:00,sodium,,normal,mM,", r"3:4: value: 'normal' is no number \(allowed: such as 14.2 or <3\)"),
        ("2031-05-04 09:00,weight,,3-4,kg,", r"3:4: value: '3-4' is no number \(allowed: such as 14.2\)"),
        ("2031-05-04 09:00,weight,,3.3.3,kg,", r"3:4: value: '3.3.3' is no number \(allowed: such as 14.2\)"),
        ("2031-05-04 09:00,weight,,<3,kg,", r"3:4: value: '<3' is a limit \(allowed: a number\)"),
        ("2031-05-04 09:00,pump,,<0,mL,", r"3:4: value: '<0' is no limit \(allowed: more than 0\)"),
        ("2031-05-04 09:00,sodium,,12,,", r"3:4: value: sodium has no unit \(needed: mmol/L, mM, .*\)"),
        (
            "2031-05-04 09:00,sodium,,12,mmol/dl,",
            r"3:4: value: sodium has an unknown unit 'mmol/dl' .*nearest: mmol/L\)",
        ),
        ("2031-05-04 09:00,weight,,3.3 kg,g,", r"3:4: value: weight has the unit 'kg', and 'g' is another one .*"),
        ("2031-05-04 09:00,weight,,7 lb 8 oz,kg,", r"3:4: value: '7 lb 8 oz' has units, and 'kg' is another one .*"),
        ("2031-05-04 09:00,weight,,3.3,kg,slept, well", r"3:7: more cells than the header has, 6 \(allowed: .*\)"),
        ("2031-05-04 09:00,felt_onset,,1,,", r"3:4: value: felt_onset has no value, its time says it all .*"),
        ("2031-05-04 09:00,sodium,,-12,mM,", r"3:4: value: sodium: -12 mmol/L is outside 0.5 to 200 mmol/L"),
        (
            "2031-05-04 09:00,sodium,,276,mmol/L,",
            r"3:4: value: sodium: 276 mmol/L is outside 0.5 to 200 mmol/L; mg/L would be plausible",
        ),
        (
            "2031-05-04 09:00,weight,,3300,kg,",
            r"3:4: value: weight: 3300 kg is outside 0.2 to 20 kg; g would be plausible",
        ),
        (
            "2031-05-04 09:00,weight,,3.3,g,",
            r"3:4: value: weight: 0.0033 kg, from 3.3 g is outside 0.2 to 20 kg; kg would be plausible",
        ),
        (
            "2031-05-02 09:00,weight,,3.3,kg,",
            r"3:1: time: weight before the birth at 2031-05-03 08:00 \(allowed: later\)",
        ),
        ("2031-05-03 07:59,felt_onset,,,,", r"3:1: time: felt_onset before the birth at 2031-05-03 08:00 .*"),
        (
            "2031-05-05 09:00,birth,,3.3,kg,",
            r"3:2: kind: another birth stands in line 2 \(allowed: one; twins are .*\)",
        ),
        (
            "2032-05-04 09:00,weight,,3.3,kg,",
            r"2:1: time: every fact is from later than 200 days after the birth \(is its date right\?\)",
        ),
    ],
)
def test_a_row_that_cannot_be_read(tmp_path, row, line):
    """One line, where the record is right but for it."""
    (found,) = problems(tmp_path, row)
    assert re.fullmatch(line, found), found


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("mode: home", r"its mode 'home' is unknown \(allowed: vaginal, caesarean\)"),
        ("gestation: term", r"its gestation 'term' is no number of weeks \(allowed: such as 39\+2 or 39.3\)"),
        ("gestation: 39+9", r"its gestation '39\+9' is no number of weeks .*"),
        ("gestation: 12", r"its gestation of 12 weeks is outside 22 to 44 weeks"),
        ("parity: 0", r"its parity '0' is no number from 1 to 20; this birth counts"),
        ("plurality: 9", r"its plurality '9' is no number from 1 to 4"),
        ("gestaton: 39", r"its note has an unknown 'gestaton' \(allowed: .*; nearest: gestation\)"),
        ("vaginal; mode: caesarean", r"its note has two words for mode \(allowed: one\)"),
    ],
)
def test_a_note_of_a_birth_that_cannot_be_read(tmp_path, note, message):
    """With its place."""
    (found,) = problems(tmp_path, birth=BIRTH + note)
    assert re.fullmatch(f"2:6: note: {message}", found), found


def test_all_problems_are_reported_at_once(tmp_path):
    """In the order of lines, several of one row; a few more than are printed are counted."""
    rows = ["2031-05-04,pump,middle,4000,mL,", "2031-05-04 09:00,felt_onset,,,,", "2031-05-05 09:00,felt_onset,,,,"]
    found = problems(tmp_path, *rows, birth=f"{BIRTH}parity: 0")
    assert [line.partition(" ")[0] for line in found] == ["2:6:", "3:3:", "3:4:", "3:1:", "5:2:"]
    found = problems(tmp_path, *["2031-05-04 09:00,sodium,,x,mM,"] * (MOST_PROBLEMS + 3))
    assert len(found) == MOST_PROBLEMS + 1


def test_a_birth_is_needed(tmp_path):
    """One that is wrong is reported as such, and not as missing."""
    with pytest.raises(ConfigError, match=r"no birth \(needed: a row of kind birth with its date and time\)$"):
        read(tmp_path, "2031-05-04 09:00,weight,,3.3,kg,", birth=None)
    assert len(problems(tmp_path, birth="2031-05-03,birth,,3410,g,")) == 1


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("when,kind,value", "1:1: column time is missing (needed: time, kind and value)"),
        ("id,notes,amount", "1:1: columns time, kind, value are missing (needed: time, kind and value)"),
        ("start,kind,left_min", "1: this is a feeding log (needed: a record"),
        ("time,sort,value", "1:1: column kind is missing"),
        ("time,kind", "1:1: column value is missing"),
        ("time,kind,value,kind", "1:4: column kind stands here twice"),
        ("time,kind,value,notes", "1:4: unknown column 'notes' (nearest: note)"),
        ("time", "1: is no table"),
    ],
)
def test_headers_that_are_none_of_a_record(tmp_path, header, message):
    """What is missing, or what an unknown column is like."""
    (found,) = problems(tmp_path, header=header, birth=None)
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ("04/05/2031 08:00,weight,,3.3,kg,",),
            "the day or the month may be first in dates of 1 row (line 3) (needed: ",
        ),
        (
            ("04/13/2031 08:00,weight,,3,kg,", "14/04/2031 08:00,weight,,3,kg,"),
            "the day is first in line 4 and the month ",
        ),
    ],
)
def test_days_and_months_that_are_open(tmp_path, rows, message):
    """Nothing is guessed."""
    (found,) = problems(tmp_path, *rows)
    assert message in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"PK\x03\x04 no workbook", "a damaged zip archive or workbook"),
        (b"SQLite format 3\x00" + bytes(90), "is no table"),
        (b"\x00\x01\x02", "is no text file"),
        (b"just a line of words", "is no table"),
        (b'{"a": 1}', "JSON of another kind"),
        (HEADER.encode() + b'\n2031-05-03 08:00,birth,,,,"open', "not a table"),
    ],
)
def test_files_that_are_no_record(tmp_path, content, message):
    """By what they are."""
    path = tmp_path / "record.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_record(path)


def test_what_is_not_there(tmp_path):
    """A file and a zone."""
    with pytest.raises(ConfigError, match="there is no such file"):
        read_record(tmp_path / "none.csv")
    with pytest.raises(ConfigError, match=r"'Europe/Berln' is no time zone .*nearest: Europe/Berlin"):
        read(tmp_path, zone="Europe/Berln")


def test_several_sheets_of_a_workbook(tmp_path):
    """One is read beside sheets of something else; two are two records."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in ("Mother,of 2031", "time,kind,value", "2031-05-03 08:00,birth,3.4 kg"):
        book.active.append(row.split(","))
    book.create_sheet().append(["other", "table"])
    path = tmp_path / "record.xlsx"
    book.save(path)
    record = read_record(path)
    assert record.birth.weight_kg == 3.4
    assert f"{record.file}: rows above the header are not read: 1" in record.warnings
    for row in ("time,kind,value", "2031-05-04 08:00,weight,3.3 kg"):
        book[book.sheetnames[1]].append(row.split(","))
    book.save(path)
    with pytest.raises(ConfigError, match="has several sheets with the columns of a record"):
        read_record(path)


def test_the_first_header_counts(tmp_path):
    """A wider one below is no row, and is not taken in its place; a title above is passed over."""
    header = "Record of a mother\ntime,kind,value\n2031-05-03 08:00,birth,"
    found = problems(tmp_path, HEADER, header=header, birth=None)
    assert [line.partition(" (")[0] for line in found] == [
        "4:4: more cells than the header has, 3",
        "4:2: kind: 'kind' is unknown",
        "4:1: time: 'time' is no time",
    ]
