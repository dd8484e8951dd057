"""Whatever an import accepts, the reader of logs reads: both have the same bounds."""

from __future__ import annotations

import random
import re

import pytest
from readable import assert_readable, read_again
from tracker_samples import SAMPLES, wanted

from lactflow.config.logs.rows import (
    HEAVIEST_KG,
    LARGEST_BOTTLE_ML,
    LARGEST_SESSION_ML,
    LIGHTEST_KG,
    LONGEST_TIMER_MIN,
    MOST_CHILDREN,
)
from lactflow.errors import ConfigError
from lactflow.trackers import convert
from lactflow.trackers.convert import import_logs

OWN = "start,kind,left_min,right_min,volume_ml,left_ml,right_ml,first,child,value\n"
GOOD = "2031-05-03 08:00,pump,15,15,80,,,,,\n"


def own(*rows):
    return OWN + GOOD + "".join(f"2031-05-03 {9 + number:02}:00,{row}\n" for number, row in enumerate(rows))


@pytest.mark.parametrize(
    ("row", "what", "minutes", "ml"),
    [
        (f"breast,{LONGEST_TIMER_MIN + 1:.0f},5,,,,,,", "10,000 min at one breast", 10_006.0, 0.0),
        (f"pump,,{LONGEST_TIMER_MIN + 1:.0f},70,,,,,", "10,000 min at one breast", 10_001.0, 70.0),
        (f"pump,,,{LARGEST_SESSION_ML + 1:.0f},,,,,", "more than 2000 mL in one session", 0.0, 2001.0),
        (f"pump,0.2,0.2,{LARGEST_SESSION_ML + 1:.0f},,,,,", "more than 2000 mL in one session", 0.2, 2001.0),
        (f"bottle_formula,,,{LARGEST_BOTTLE_ML + 1:.0f},,,,,", "a bottle of more than 1000 mL", 0.0, 1001.0),
        (f"bottle_own_milk,,,{999_999_999},,,,,", "a bottle of more than 1000 mL", 0.0, 999_999_999.0),
        (f"weight,,,,,,,,{LIGHTEST_KG - 0.01:g}", "a weight outside 0.2 to 40 kg", 0.0, 0.0),
        (f"weight,,,,,,,,{HEAVIEST_KG + 0.01:g}", "a weight outside 0.2 to 40 kg", 0.0, 0.0),
    ],
)
def test_an_amount_outside_drops_its_row(read, row, what, minutes, ml):
    """With its line, and what the row had."""
    imported = read(own(row))
    account = imported.account
    (dropped,) = account.repaired
    assert (dropped.line, dropped.dropped) == (3, True)
    assert what in dropped.what
    assert (account.left_out_minutes, account.left_out_ml) == pytest.approx((minutes, ml))
    assert (account.rows, account.taken, account.dropped) == (2, 1, 1)
    assert len(read_again(imported).sessions) == 1


@pytest.mark.parametrize(
    "row",
    [
        f"breast,{LONGEST_TIMER_MIN:.0f},,,,,,,",
        f"hand,5,5,{LARGEST_SESSION_ML:.0f},,,,,",
        f"pump,15,15,,{LARGEST_SESSION_ML / 2.0:.0f},{LARGEST_SESSION_ML / 2.0:.0f},,,",
        f"bottle_formula,,,{LARGEST_BOTTLE_ML:.0f},,,,,",
        f"weight,,,,,,,,{LIGHTEST_KG:g}",
        f"weight,,,,,,,,{HEAVIEST_KG:g}",
    ],
)
def test_an_amount_on_the_bound_is_read_by_both(read, row):
    """And changed by neither."""
    imported = read(own(row))
    assert imported.account.repaired == []
    assert imported.csv().splitlines()[2].startswith(f"2031-05-03 09:00,{row[:4]}")
    assert_readable(imported)


@pytest.mark.parametrize("row", ["pump,15,15,5000,,,,,", "breast,15,,5000,,,,,", "pump,15,15,,4900,100,,,"])
def test_a_volume_outside_beside_good_minutes_is_left_out(read, row):
    """The row is kept as one without a volume."""
    imported = read(own(row))
    account = imported.account
    assert [(one.line, one.what, one.dropped) for one in account.repaired] == [
        (3, "more than 2000 mL in one session: the volume is left out", False)
    ]
    assert (account.taken, account.left_out_ml, account.ml) == (2, 5000.0, 80.0)
    assert imported.rows[1].draft.minutes == 15.0
    assert len(read_again(imported).sessions) == 2


def test_a_dropped_part_of_a_row_is_counted(read):
    """A feed with a bottle of five litres stays a feed."""
    header = (
        "Type,Start Date/time,Time Zone,[Breastfeed] Begin Side,[Breastfeed] End Side,"
        "[Breastfeed] Left Duration (Seconds),[Breastfeed] Right Duration (Seconds),[Pump] Duration (Seconds),"
        "[Bottle Feed] Type,[Bottle Feed] Formula Volume,[Bottle Feed] Formula Volume Unit,_profileKey,_activityKey\n"
    )
    text = header + "Combo Feed,2031-02-10 08:30:00,Europe/Berlin,RIGHT,RIGHT,,540,,Formula,5000,ML,p1,a2\n"
    account = read(text, format_name="nara").account
    assert account.kinds == {"breast": 1}
    assert (account.minutes, account.left_out_ml) == (9.0, 5000.0)
    assert [one.what for one in account.repaired] == ["a bottle of more than 1000 mL"]


def test_more_children_than_a_log_can_have(read):
    """One is asked for; each alone is read, and has no number then."""
    rows = "".join(
        f"{number},name{number},2031-05-03 {8 + number:02}:00,2031-05-03 {8 + number:02}:10,breast milk,left breast,\n"
        for number in range(MOST_CHILDREN + 1)
    )
    text = "child_id,child_first_name,start,end,type,method,amount\n" + rows
    with pytest.raises(ConfigError, match=r"rows of 5 children .*--child NAME takes one"):
        read(text, unit="mL")
    for child in ("name4", "4", "5"):
        imported = read(text, unit="mL", child=child)
        assert {row.child for row in imported.rows} == {""}
        assert_readable(imported)
    imported = read("\n".join(text.splitlines()[:-1]), unit="mL")
    assert [row.child for row in imported.rows] == ["1", "2", "3", "4"]
    assert read_again(imported).children == MOST_CHILDREN


def test_rows_of_the_log_are_bounded(read, monkeypatch):
    """A row of a file can become two."""
    monkeypatch.setattr(convert, "MOST_ROWS", 1)
    with pytest.raises(ConfigError, match="more than 1 rows in the log"):
        read(own("pump,15,15,80,,,,,"))


def _grown(cell, chance):
    """A cell with one of its numbers many times as large."""
    numbers = list(re.finditer(r"\d+", cell))
    if not numbers:
        return cell
    at = chance.choice(numbers)
    return cell[: at.end()] + "0" * chance.randint(1, 6) + cell[at.end() :]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_a_log_of_a_sample_is_read(tmp_path, sample):
    """By the reader of logs, for as many children as it has rows of."""
    assert read_again(import_logs([sample.write(tmp_path)], wanted(**sample.options))).sessions


def test_logs_of_two_hundred_samples_with_larger_numbers_are_read(tmp_path):
    """Zeros added to one to four numbers of each; most are imported."""
    chance, imported = random.Random(5), 0
    for turn in range(200):
        sample = SAMPLES[turn % len(SAMPLES)]
        rows = [list(row) for row in sample.rows]
        for _ in range(chance.randint(1, 4)):
            row = chance.choice(rows)
            place = chance.randrange(len(row))
            row[place] = _grown(row[place], chance)
        try:
            found = import_logs([sample.write(tmp_path, rows=rows)], wanted(**sample.options))
        except ConfigError:
            continue
        imported += 1
        assert_readable(found)
    assert imported > 150
