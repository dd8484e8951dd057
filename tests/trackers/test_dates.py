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
