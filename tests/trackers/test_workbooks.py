"""Sheets of a workbook: dates and times in cells of their own."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import pytest

from lactflow.errors import ConfigError

openpyxl = pytest.importorskip("openpyxl")
MAPPING = """\
format: 1
name: study
clock: {start: ["{Date} {Time}"]}
volume_unit: mL
rows:
  - take:
      - {kind: pump, minutes: [{column: Minutes}], volume: [{column: Milk}]}
"""


@pytest.fixture
def mapping(tmp_path):
    """A mapping whose start stands in two columns."""
    path = tmp_path / "study.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return str(path)


def book(*rows, date_format=None):
    """Bytes of a workbook."""
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=2, max_col=1):
        if date_format is not None:
            cells[0].number_format = date_format
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("date_format", [None, "dd.mm.yyyy", "yyyy-mm-dd h:mm:ss"])
def test_a_date_and_a_time_in_two_cells(read, mapping, date_format):
    """Whatever the format of the cells of dates; a time can be text too."""
    raw = book(
        ["Date", "Time", "Minutes", "Milk"],
        [date(2031, 5, 1), time(6, 5), 15, 60],
        [datetime(2031, 5, 1), time(18, 0, 30), 15, 70],  # noqa: DTZ001 - a sheet knows no zone
        [date(2031, 5, 2), "7:15 PM", 12, 50],
        [date(2031, 5, 3), time(0, 0), 12, 40],
        date_format=date_format,
    )
    imported = read({"study.xlsx": raw}, mapping=mapping)
    starts = ["2031-05-01 06:05", "2031-05-01 18:00:30", "2031-05-02 19:15", "2031-05-03 00:00"]
    assert [row.start for row in imported.rows] == starts


def test_midnight_in_a_cell_with_a_time_is_a_time(read):
    """A date alone is none."""
    header = ["start", "kind", "left_min", "right_min", "volume_ml"]
    midnight = [datetime(2031, 5, 1), "pump", 15, 15, 60]  # noqa: DTZ001 - a sheet knows no zone
    imported = read({"own.xlsx": book(header, midnight, date_format="yyyy-mm-dd h:mm")})
    assert [row.start for row in imported.rows] == ["2031-05-01 00:00"]
    with pytest.raises(ConfigError, match=r"the start has no time of day .needed: such as 2031-05-03 08:10"):
        read({"own.xlsx": book(header, midnight, date_format="yyyy-mm-dd")})


def test_many_starts_that_cannot_be_read_are_one_line(read, mapping):
    """With their number, their lines and the form that is expected."""
    rows = [["some day", "6:05", 15, 60 + number] for number in range(30)]
    with pytest.raises(ConfigError) as error:
        read({"study.xlsx": book(["Date", "Time", "Minutes", "Milk"], *rows)}, mapping=mapping)
    unreadable, nothing = error.value.problems
    assert unreadable.message.startswith(
        "the start cannot be read (needed: such as 2031-05-03 08:10): 30 rows (lines 2, 3"
    )
    assert unreadable.line == 2
    assert nothing.file == unreadable.file
