"""Times as phones, spreadsheets and servers write them."""

from __future__ import annotations

import pytest

from lactflow.trackers import stamps


@pytest.mark.parametrize(
    ("text", "options", "shown", "offset"),
    [
        ("2031-05-03 09:20", {}, "2031-05-03 09:20:00", None),
        ("2031-05-03T09:20:11.250", {}, "2031-05-03 09:20:11", None),
        ("2031-05-03T09:20:00Z", {}, "2031-05-03 09:20:00", 0),
        ("2031-05-03 09:20:00 -0430", {}, "2031-05-03 09:20:00", -270),
        ("2031/5/3 9:05 PM", {}, "2031-05-03 21:05:00", None),
        ("3.5.2031 07:01", {}, "2031-05-03 07:01:00", None),
        ("3.5.31, 07:01", {}, "2031-05-03 07:01:00", None),
        ("3.5.31, 07:01", {"day_first": False}, "2031-03-05 07:01:00", None),
        ("3-5-31 07:01", {"day_first": False}, "2031-03-05 07:01:00", None),
        ("3.13.31 07:01", {}, "2031-03-13 07:01:00", None),
        ("5/3/31 12:10 AM", {"day_first": False}, "2031-05-03 00:10:00", None),
        ("5/3/31 12:10 PM", {"day_first": True}, "2031-03-05 12:10:00", None),
        ("13/5/2031 8:00", {}, "2031-05-13 08:00:00", None),
        ("05/21/2031 14:44 PM", {}, "2031-05-21 14:44:00", None),
        ("05/21/2031 0:56 AM", {}, "2031-05-21 00:56:00", None),
        ("5/13/31, 8:12\u202fPM", {}, "2031-05-13 20:12:00", None),
        ("08-févr.-2031 13:03", {}, "2031-02-08 13:03:00", None),
        ("8 août 2031 13:03", {}, "2031-08-08 13:03:00", None),
        ("08-Mär-2031 13:03", {}, "2031-03-08 13:03:00", None),
        ("Jun 14, 2031 7:00 AM", {}, "2031-06-14 07:00:00", None),
        ("Sat, 14 Jun 2031 07:00", {}, "2031-06-14 07:00:00", None),
        ("2031-05-03 24:00", {}, "2031-05-04 00:00:00", None),
        ("1904040000", {"number": "epoch_s"}, "2030-05-03 12:00:00", 0),
        ("1904040000000", {"number": "epoch_ms"}, "2030-05-03 12:00:00", 0),
        ("47606.527777777781", {"serial": True}, "2030-05-03 12:40:00", None),
    ],
)
def test_a_time_is_read(text, options, shown, offset):
    """Twelve hours, offsets, months by name, seconds since 1970, days of a spreadsheet."""
    stamp = stamps.read(stamps.tidy(text), **options)
    assert f"{stamp.local:%Y-%m-%d %H:%M:%S}" == shown
    assert stamp.offset_min == offset


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2031-02-30 10:00",
        "2031-05-03 25:00",
        "5/32/31 10:00",
        "2031-05-03 10:61",
        "1889-01-01 10:00",
        "47606.5",
    ],
)
def test_what_is_no_time_is_refused(text):
    """The row is reported; nothing is guessed."""
    with pytest.raises(ValueError, match=r"."):
        stamps.read(text)


@pytest.mark.parametrize(
    ("text", "ambiguous"),
    [("5/3/31 8:00", True), ("5/5/31 8:00", False), ("13/5/31 8:00", False), ("5.3.31 8:00", False)],
)
def test_day_and_month_are_open_where_both_could_be(text, ambiguous):
    """Not with a day above 12, not with dots, and not where both are the same."""
    assert stamps.read(text).ambiguous == ambiguous


def test_a_date_that_contradicts_the_order_is_refused():
    """13 is no month."""
    with pytest.raises(ValueError, match="month"):
        stamps.read("13/5/31 8:00", day_first=False)
    assert stamps.day_above_12("13/5/31 8:00") is True
    assert stamps.day_above_12("5/13/31 8:00") is False
    assert stamps.day_above_12("5/3/31 8:00") is None
