"""The order of day and month, and dates that are far from all others."""

from __future__ import annotations

import pytest

from lactflow.errors import ConfigError

OWN = "start,kind,left_min,right_min,volume_ml\n"


def rows(*starts):
    """A log with a pumping at each of these times."""
    return OWN + "".join(f"{start},pump,15,15,80\n" for start in starts)


def assumed(imported):
    """What was assumed, with its lines."""
    return {one.what: lines for one, lines in imported.account.assumed.items()}


def test_dates_with_dots_are_day_first_as_a_stated_assumption(read):
    """Once, with its lines; a date that reads the same both ways needs none."""
    imported = read(rows("3.5.2031 08:00", "4.5.2031 08:00", "5.5.2031 08:00"))
    assert [row.start for row in imported.rows] == ["2031-05-03 08:00", "2031-05-04 08:00", "2031-05-05 08:00"]
    assert [lines for what, lines in assumed(imported).items() if "dots" in what] == [[2, 3]]


@pytest.mark.parametrize("mark", [".", "/", "-"])
def test_the_option_applies_to_every_date_of_three_numbers(read, mark):
    """Dots, slashes and hyphens."""
    text = rows(f"3{mark}5{mark}2031 08:00", f"4{mark}5{mark}31 08:00")
    late = read(text, day_first=True)
    assert [row.start[:10] for row in late.rows] == ["2031-05-03", "2031-05-04"]
    early = read(text, day_first=False)
    assert [row.start[:10] for row in early.rows] == ["2031-03-05", "2031-04-05"]
    assert not any("dots" in what for what in [*assumed(late), *assumed(early)])


def test_a_month_first_with_dots_is_seen_by_a_day_above_12(read):
    """And an option that contradicts it is an error."""
    text = rows("3.5.2031 08:00", "3.14.2031 08:00")
    imported = read(text)
    assert [row.start[:10] for row in imported.rows] == ["2031-03-05", "2031-03-14"]
    assert any("the month is first" in what for what in assumed(imported))
    with pytest.raises(ConfigError, match="nearest: --month-first"):
        read(text, day_first=True)


@pytest.mark.parametrize("year", [2013, 2081])
def test_a_mistyped_year_is_named_and_does_not_move_the_first_day(read, year):
    """Backward and forward: the row stays in the log, the days go by the others."""
    starts = [f"2031-03-{day:02} {hour:02}:00" for day in range(1, 9) for hour in (8, 12, 16)]
    starts[7] = f"{year}-03-03 12:00"
    imported = read(rows(*starts), birth="2031-02-10")
    account = imported.account
    assert len(imported.rows) == 24
    assert (account.first_day, account.first.isoformat(), account.last.isoformat()) == (20, "2031-03-01", "2031-03-08")
    assert account.warnings == [
        f"{account.warnings[0].split(':')[0]}: far from all other rows (is {year}-03-03 right?): 1 row (line 9)"
    ]


def test_a_log_far_from_the_birth_is_still_doubted(read):
    """All rows are: nothing is set aside."""
    account = read(rows("2031-03-01 08:00", "2031-03-01 12:00"), birth="2011-02-10").account
    assert account.warnings == ["the first row is on day 7325 after birth: is the date of birth right?"]
