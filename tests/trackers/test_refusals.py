"""What is no log that can be read is named in one line; a cell's text is in none of them."""

from __future__ import annotations

import io
import json
import sys
import zipfile

import pytest
from tracker_samples import SAMPLES, wanted

from lactflow.errors import ConfigError
from lactflow.trackers import containers, convert, sheet
from lactflow.trackers.convert import import_logs
from lactflow.trackers.formats import named_formats

COWS = "Animal Number,Days In Milk,Lactation Number,Date,Begin Time,Yield,Yield LF,Yield LR,Yield RF,Yield RR\n"


def message(read, *args, **options):
    with pytest.raises(ConfigError) as error:
        read(*args, **options)
    assert len(error.value.problems) == 1
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("cows.csv", COWS + "7,20,2,1/2/2031,8:00,24,6,6,6,6\n", "milkings of cows; lactflow simulates women"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 99, "old Excel workbook"),
        ("a.pdf", b"%PDF-1.4 x", "PDF"),
        ("a.png", b"\x89PNG x", "image"),
        ("a.gz", b"\x1f\x8b x", "compressed"),
        ("a.csv", b"\x00\x01\x02\x03", "no text file"),
        ("a.csv", b"  \n ", "empty"),
        ("a.json", b'{"title": "notes"}', "JSON of another kind"),
        ("a.json", b"[1, 2]", "JSON of another kind"),
        ("a.json", b'[{"a": 1}', "not JSON"),
        ("a.json", b"[" * 100_000, "not JSON"),
        ("a.json", b'[{"a": NaN}]', "not JSON"),
        ("a.csv", b"Datum,Uhrzeit,Was\n1,2,3\n", "no known header"),
        (
            "a.csv",
            b"Type,Start,End,Duration,Start Condition,Notes\nFeed,,,,,\n",
            "nearest: Huckleberry, of which it lacks End",
        ),
        ("a.csv", b"Type,Start,End,Start Condition,End Condition\nDiaper,2031-05-03 08:00,,,\n", "1 diaper"),
        ("a.csv", b'start,kind\n2031-05-03 08:00,"breast\n', "not a table"),
    ],
)
def test_it_is_named_in_one_line(read, name, content, words):
    """With what to do about it."""
    assert words in message(read, {name: content})


def test_a_zip_archive_and_a_bomb(read):
    """An archive that is no workbook; a workbook that unpacks to hundreds of megabytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("log.csv", "start,kind\n")
    assert "unpack it" in message(read, {"a.zip": archive.getvalue()})
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", "<a/>")
        file.writestr("xl/worksheets/sheet1.xml", b"0" * (containers.LARGEST_UNPACKED_BYTES + 1))
    assert len(bomb.getvalue()) < 1_000_000
    assert "larger than 150 MB" in message(read, {"a.xlsx": bomb.getvalue()})


def test_a_workbook_without_openpyxl(read, monkeypatch):
    """One line says what to do."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("xl/workbook.xml", "<a/>")
    said = message(read, {"a.xlsx": archive.getvalue()})
    assert said.endswith("this is an Excel workbook: save it as CSV, or pip install 'lactflow[excel]'")


def test_a_quotation_mark_that_is_not_closed_swallows_nothing(read):
    """The rows after it would be lost in one cell."""
    text = (
        "start,kind,left_min,right_min,volume_ml,note\n"
        '2031-05-03 08:00,pump,15,15,80,"a\n2031-05-03 11:00,pump,15,15,75,b\n2031-05-03 14:00,pump,15,15,70,c"\n'
    )
    assert "quotation mark is not closed" in message(read, text)


def test_sizes_are_bounded(read, monkeypatch):
    """Rows, bytes, files."""
    text = "start,kind,left_min,right_min,volume_ml\n"
    monkeypatch.setattr(sheet, "MOST_ROWS", 5)
    assert "more than 5 rows" in message(read, text + "2031-05-03 08:00,pump,1,1,1\n" * 6)
    monkeypatch.setattr(containers, "LARGEST_BYTES", 1000)
    assert "larger than" in message(read, text + "x" * 1000)
    monkeypatch.setattr(convert, "MOST_FILES", 1)
    assert "files" in message(read, {"a.csv": text, "b.csv": text})


def test_what_is_no_file(tmp_path):
    """A folder, nothing, a name that is none."""
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / ("x" * 300)):
        with pytest.raises(ConfigError):
            import_logs([path], wanted())


def test_a_format_that_does_not_exist_gets_the_nearest():
    """And a tracker's name alone is all its files."""
    with pytest.raises(ConfigError, match="nearest: huckleberry"):
        named_formats("hukleberry")
    assert {found.name for found in named_formats("baby-buddy")} > {"baby-buddy-feedings", "baby-buddy-pumpings"}


def test_rows_that_cannot_be_read_are_dropped_with_their_line(read):
    """Where none is left, each is an error; the text of a cell is never shown."""
    text = "start,kind,left_min,right_min,volume_ml\n2031-05-03 08:00,pump,Anna,15,80\n2031-05-03 11:00,pump,15,15,75\n"
    account = read(text).account
    assert [(one.line, one.dropped) for one in account.repaired] == [(2, True)]
    assert (account.left_out_minutes, account.left_out_ml) == (15.0, 80.0)
    with pytest.raises(ConfigError, match="minutes of the left breast are no duration") as error:
        read(text.rsplit("\n", 2)[0] + "\n")
    assert "Anna" not in str(error.value)


def test_a_broken_view_of_a_database_is_not_run(tmp_path):
    """Only ordinary tables are read."""
    import sqlite3
    from contextlib import closing

    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE other (a)")
        database.execute("CREATE VIEW daily_actions AS SELECT 1 AS type, 1 AS start_millis")
        database.commit()
    with pytest.raises(ConfigError, match="database of another kind"):
        import_logs([path], wanted())


def test_a_workbook_is_read_as_a_table(tmp_path):
    """Dates as dates, as numbers and as text; times for durations; a title above the header; the second sheet."""
    openpyxl = pytest.importorskip("openpyxl")
    from datetime import datetime, time

    book = openpyxl.Workbook()
    book.active.append(["What we kept"])
    sheet = book.create_sheet("log")
    sheet.append(["Our log"])
    sheet.append(["Type", "Start", "End", "Duration", "Start Condition", "Start Location", "End Condition", "Notes"])
    sheet.append(["Pump", datetime(2031, 5, 3, 12, 40), None, time(0, 17), "60ml", None, "2oz", "x"])  # noqa: DTZ001
    sheet.append(["Pump", 47971.5, None, "0:12", "50ml", None, None, "x"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    rows = import_logs([path], wanted()).csv().splitlines()[1:]
    assert rows == ["2031-05-03 12:00,pump,12,,,50,,,", "2031-05-03 12:40,pump,17,17,,60,59.1,,"]


def test_other_encodings_and_separators(read):
    """UTF-16, Windows-1252, semicolons, tabs, a line that says the separator, and lines of a Macintosh."""
    text = "start;kind;left_min;right_min;volume_ml;note\n2031-05-03 08:00;pump;15;15;80,5;müde\n"
    for content in (
        text.encode("utf-16"),
        text.encode("cp1252"),
        b"\xef\xbb\xbf" + text.encode(),
        ("sep=;\n" + text).encode(),
        text.replace(";", "\t").encode(),
        text.replace("\n", "\r").encode(),
    ):
        imported = read({"a.csv": content})
        assert imported.csv().splitlines()[1] == "2031-05-03 08:00,pump,15,15,80.5,,,,"
        assert "commas in numbers are decimal signs" in {one.what for one in imported.account.assumed}


def test_json_of_a_list_is_read(tmp_path):
    """Not only that of an API's page."""
    sample = next(sample for sample in SAMPLES if sample.file == "feedings.json")
    path = sample.write(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))["results"]), encoding="utf-8")
    assert len(import_logs([path], wanted(**sample.options)).rows) == 2
