"""A clinical record: times since birth, values in the units of their kinds, and nothing done without a line."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from records import BIRTH, HEADER, read, remarks

from lactflow.diagnosis.record import LATEST_DAY, read_record

HOUR = 60.0
DAY = 24 * HOUR


def facts(record, kind="sodium"):
    """Hour, breast and value of the facts of a kind."""
    return [(fact.time_min / HOUR, fact.breast, fact.value) for fact in record.of(kind)]


def test_facts_are_in_order_of_time_whatever_the_order_of_rows(tmp_path):
    """Time counts from the birth; the birth is a fact of its own; what is the same is in the order of lines."""
    record = read(
        tmp_path,
        "2031-05-05 20:00,sodium,right,20,mmol/L,late",
        "2031-05-04 08:30,weight,,3200,g,",
        "2031-05-04 08:30,feed,L,12,,",
    )
    assert [(fact.time_min, fact.kind, fact.breast, fact.value, fact.unit, fact.line) for fact in record.facts] == [
        (0.0, "birth", "", 3.41, "kg", 2),
        (DAY + 30.0, "weight", "", 3.2, "kg", 4),
        (DAY + 30.0, "feed", "left", 12.0, "min", 5),
        (2.5 * DAY, "sodium", "right", 20.0, "mmol/L", 3),
    ]
    assert record.facts[-1].note == "late"
    assert record.warnings == ()


def test_readings_below_and_above_a_limit(tmp_path):
    """The limit is the value, and the flag says on which side the truth is."""
    record = read(
        tmp_path,
        "2031-05-04 09:00,sodium,,<5,mmol/L,",
        "2031-05-04 10:00,sodium,,\u2264 115 mg/L,,",
        "2031-05-04 11:00,prolactin,,>200,ng/mL,",
        "2031-05-04 12:00,pump,,<1,mL,",
    )
    assert [(fact.value, fact.below, fact.above) for fact in record.facts[1:]] == [
        (5.0, True, False),
        (pytest.approx(5.0, abs=0.01), True, False),
        (200.0, False, True),
        (1.0, True, False),
    ]


def test_summary_counts_what_was_read_and_converted(tmp_path):
    """By kind, in the order in which kinds are declared; the warnings come last."""
    record = read(
        tmp_path,
        "2031-05-06 08:00,sodium,left,12,mmol/L,",
        "2031-05-04 08:00,sodium,left,<5,mmol/L,",
        "2031-05-05 08:00,sodium,right,40,mg/dL,",
        "2031-05-05 08:00,feed,,,,",
        "2031-05-05 09:00,feed,,12,,",
        "2031-05-06 08:00,glucose,,9,mmol/L,",
    )
    name = record.file
    assert record.summary() == (
        f"{name}: 7 facts from 7 rows",
        "birth: 2031-05-03 08:00, 3.410 kg",
        "feed: 2 in min, day 2.0, 1 without a value",
        "sodium: 3 in mmol/L, days 1.0 to 3.0, 1 below a limit, 1 converted from mg/dL",
        "glucose: 1 in mmol/L, day 3.0",
        f"{name}: glucose outside of what is plausible, 0.05 to 4 mmol/L: 1 row (line 8)",
    )


def test_a_day_without_a_time(tmp_path):
    """Noon; on the day of birth, halfway to midnight; feeds a day are of a whole day, and draw no remark."""
    record = read(
        tmp_path,
        "2031-05-03,sodium,,60,mmol/L,",
        "2031-05-04,sodium,,40,mmol/L,",
        "2031-05-04,feeds_per_day,,9,,",
    )
    assert facts(record) == [(8.0, "both", 60.0), (28.0, "both", 40.0)]
    assert facts(record, "feeds_per_day") == [(28.0, "", 9.0)]
    noon = "facts without a time of day are taken as of noon, on the day of birth as of halfway to midnight"
    assert remarks(record) == [f"{noon}: 2 rows (lines 3, 4)"]


@pytest.mark.parametrize(
    ("written", "options"),
    [
        ("2031-05-04 3:30 PM", {}),
        ("2031-05-04T15:30:00", {}),
        ("4 May 2031 15:30", {}),
        ("04.05.2031 15:30", {}),
        ("04/05/2031 15:30", {"day_first": True}),
        ("05/04/2031 15:30", {"day_first": False}),
    ],
)
def test_times_as_people_write_them(tmp_path, written, options):
    """The same instant, 31.5 h after birth."""
    record = read(tmp_path, f"{written},weight,,3.3,kg,", **options)
    assert record.facts[1].time_min == 31.5 * HOUR


def test_a_day_above_12_decides_for_the_whole_file(tmp_path):
    """As it does for logs, and it is reported."""
    rows = ("04/05/2031 08:00,weight,,3.3,kg,", "13/05/2031 08:00,weight,,3.5,kg,")
    record = read(tmp_path, *rows, birth="03/05/2031 08:00,birth,,,,")
    assert [fact.time_min for fact in record.facts] == [0.0, DAY, 10 * DAY]
    assert remarks(record) == ["the day is first in dates, by a day above 12: 1 row (line 4)"]


def test_a_column_of_its_own_for_the_date(tmp_path):
    """As many clinics write; other columns are ignored, and named."""
    record = read(
        tmp_path,
        "2031-05-04,10:00,weight,3.3 kg,A",
        header="Date,Time,Kind,Value,Nurse",
        birth="2031-05-03,08:00,Birth,,B",
    )
    assert facts(record, "weight") == [(26.0, "", 3.3)]
    assert record.birth.weight_kg is None
    assert remarks(record) == ["columns that lactflow does not know are ignored: 'Nurse'"]


def test_offsets_count(tmp_path):
    """The birth at 08:00 in UTC-4 is 12:00 in UTC; the clock of the record is that of its first row."""
    record = read(tmp_path, "2031-05-04 12:00Z,weight,,3.3,kg,", birth="2031-05-03 08:00-04:00,birth,,,,")
    assert record.facts[1].time_min == DAY
    assert f"{record.birth.time:%Y-%m-%d %H:%M}" == "2031-05-03 08:00"
    assert remarks(record) == [
        "the file's clock changes; every row is on the clock of the first row (UTC-04:00): 1 row (line 3)"
    ]


def test_a_zone_counts_the_hour_that_the_clock_skips(tmp_path):
    """30 March 2031 has 23 hours in Berlin; without a zone a day has 24."""
    rows, birth = ("2031-03-30 12:00,weight,,3.3,kg,",), "2031-03-29 12:00,birth,,,,"
    assert read(tmp_path, *rows, birth=birth).facts[1].time_min == DAY
    assert read(tmp_path, *rows, birth=birth, zone="Europe/Berlin").facts[1].time_min == 23 * HOUR


def test_semicolons_bring_decimal_commas(tmp_path):
    """Reported, with the lines."""
    record = read(
        tmp_path,
        "2031-05-04 09:00;sodium;;12,5;mmol/L;",
        header=HEADER.replace(",", ";"),
        birth=BIRTH.replace(",", ";"),
    )
    assert facts(record) == [(25.0, "both", 12.5)]
    assert remarks(record) == ["the comma is read as the decimal sign: 1 row (line 3)"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_ends_of_lines(tmp_path, encoding, end):
    """As programs save them; lines count as in the file, comments among them."""
    path = tmp_path / "record.csv"
    rows = [
        "sep=,",
        '# a comment, "in" part',
        HEADER,
        BIRTH,
        '"# one, more",,',
        "2031-05-04 09:00,prolactin,,90,\u00b5g/L,\u00e9",
    ]
    path.write_bytes(end.join(rows).encode(encoding))
    record = read_record(path)
    assert [(fact.kind, fact.value, fact.line) for fact in record.facts] == [("birth", 3.41, 4), ("prolactin", 90.0, 6)]
    assert record.facts[1].note == "\u00e9"


def test_json_and_workbooks(tmp_path):
    """The same facts from both; a workbook has dates of its own."""
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "record.json"
    rows = [("2031-05-03 08:00", "birth", 3410, "g"), ("2031-05-04 09:00", "sodium", 12.5, "mmol/L")]
    path.write_text(json.dumps([dict(zip(("time", "kind", "value", "unit"), row, strict=True)) for row in rows]))
    plain = read_record(path).facts
    book = openpyxl.Workbook()
    book.active.append(["time", "kind", "value", "unit"])
    book.active.append(["# a comment"])
    for time, *rest in rows:
        book.active.append([datetime.fromisoformat(time), *rest])
    book.save(tmp_path / "record.xlsx")
    sheet = read_record(tmp_path / "record.xlsx").facts
    assert [fact[:7] for fact in sheet] == [fact[:7] for fact in plain]
    assert [(fact.time_min, fact.value) for fact in plain] == [(0.0, 3.41), (25 * HOUR, 12.5)]


def test_repeated_rows_count_once_and_two_values_are_kept(tmp_path):
    """A copied row is dropped; another value of the same breast and time stays, with a remark."""
    row = "2031-05-04 09:00,sodium,left,20,mmol/L,"
    record = read(tmp_path, row, row, row.replace(",20,", ",25,"), row.replace("left", "right"))
    assert facts(record) == [(25.0, "left", 20.0), (25.0, "left", 25.0), (25.0, "right", 20.0)]
    assert remarks(record) == [
        "repeated rows are dropped: 1 row (line 4)",
        "another fact of the same kind, breast and time stands before; both are kept: 1 row (line 5)",
    ]


def test_facts_outside_the_days_of_a_record(tmp_path):
    """The mother's of before the birth, and all of after day 200."""
    record = read(
        tmp_path,
        "2031-05-01 09:00,pump,left,4,mL,",
        "2031-04-02,prolactin,,210,ng/mL,",
        "2031-05-04 09:00,weight,,3.3,kg,",
        "2031-12-01 09:00,weight,,8.3,kg,",
    )
    assert [fact.kind for fact in record.facts] == ["birth", "weight"]
    assert remarks(record) == [
        "facts of the mother from before the birth are set aside: 2 rows (lines 3, 4)",
        f"facts from later than {LATEST_DAY:g} days after the birth are set aside: 1 row (line 6)",
    ]


def test_what_a_bottle_held(tmp_path):
    """By the kind, or by the note of a `bottle`."""
    record = read(
        tmp_path,
        "2031-05-04 09:00,bottle,,30,mL,Formula",
        "2031-05-04 10:00,bottle,,1,oz,expressed by pump",
        "2031-05-04 11:00,Bottle formula,,20,mL,",
    )
    assert facts(record, "bottle_formula") == [(25.0, "", 30.0), (27.0, "", 20.0)]
    assert facts(record, "bottle_own_milk") == [(26.0, "", pytest.approx(29.57, abs=0.01))]


def test_other_words_for_kinds(tmp_path):
    """Those of laboratories and of feeding logs."""
    record = read(
        tmp_path, "2031-05-04 09:00,Na+,,20,mM,", "2031-05-04 09:00,K,,15,mM,", "2031-05-04 09:00,breast,,5,,"
    )
    assert [fact.kind for fact in record.facts[1:]] == ["sodium", "potassium", "feed"]


@pytest.mark.parametrize(
    ("note", "wanted"),
    [
        ("mode: caesarean; gestation: 39+2; parity: 1", ("caesarean", 39 + 2 / 7, 1, None)),
        ("Gestation=36.5, C-section, twins", ("caesarean", 36.5, None, 2)),
        ("gestation: 36,5; vaginal", ("vaginal", 36.5, None, None)),
        ("parity: 3; plurality: triplets; gestation: 31w4d", (None, 31 + 4 / 7, 3, 3)),
        ("gestation: 40 weeks", (None, 40.0, None, None)),
        ("", (None, None, None, None)),
    ],
)
def test_the_note_of_a_birth(tmp_path, note, wanted):
    """As midwives write it."""
    birth = read(tmp_path, birth=f'2031-05-03 08:00,birth,,3410,g,"{note}"').birth
    mode, weeks, parity, plurality = wanted
    assert (birth.mode, birth.parity, birth.plurality, birth.others) == (mode, parity, plurality, False)
    assert birth.gestation_weeks == (weeks if weeks is None else pytest.approx(weeks))


def test_words_of_a_birth_that_are_not_read(tmp_path):
    """Counted; and several infants are pointed out, since the record has no column for which."""
    record = read(tmp_path, birth=f"{BIRTH}twins; born at 08:10: a long night")
    assert remarks(record) == [
        "words of the note of the birth are not read: 1 row (line 2)",
        "2 infants: weights, feeds and bottles are taken to be of one and the same",
        "there is nothing but the birth",
    ]
