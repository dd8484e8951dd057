"""A feeding log becomes sessions: what is repaired is reported, what cannot be read is an error."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import lactflow
from lactflow.config.logs import table
from lactflow.config.logs.feeding_log import FeedingLog, read_feeding_log
from lactflow.config.logs.table import MOST_PROBLEMS
from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import ConfigError

HEADER = "start,kind,left_min,right_min,volume_ml\n"
REAL = Path(lactflow.__file__).parent.parent / "configs" / "feeding-log.csv"


def read(*rows: str, header: str = HEADER) -> FeedingLog:
    """A log of the first of January; rows begin with the clock time."""
    return read_feeding_log((header + "\n".join(f"2001-01-01 {row}" for row in rows)).encode(), "log.csv")


def logged(planned_min: float, kind: str, *sides: tuple[str, float], **more: object) -> PlannedSession:
    """A session that lasts as it was logged."""
    return PlannedSession(planned_min, kind, sides, kept=True, source="log", **more)


def problems(text: str | bytes) -> list[str]:
    """All problems of a text."""
    with pytest.raises(ConfigError) as caught:
        read_feeding_log(text if isinstance(text, bytes) else text.encode(), "log.csv")
    return [str(problem) for problem in caught.value.problems]


def warning_with(log: FeedingLog, words: str) -> str:
    """The one warning with `words` in it."""
    (warning,) = [warning for warning in log.warnings if words in warning]
    return warning


def test_a_clean_log_draws_no_warning():
    """Times count from 00:00 of the first date; a pump takes both at once."""
    log = read("01:30,breast,10,0,", "06:00:30,pump,12,15,120", "23:00,hand,0,5,")
    assert log.first_date == date(2001, 1, 1)
    assert log.warnings == ()
    assert list(log.sessions) == [
        logged(90.0, "feed", ("left", 10.0)),
        logged(360.5, "pump", ("left", 12.0), ("right", 15.0), recorded_ml=120.0),
        logged(1380.0, "hand", ("right", 5.0)),
    ]


def test_form_of_the_file_is_free():
    """Byte order mark, CRLF, quotes, blank lines and rows, another order of columns, the optional columns."""
    text = (
        '\ufeffkind,start,"volume_ml",right_min,left_min,left_ml,right_ml\r\n\r\n'
        'breast,"2001-01-01T01:00",,,7,30,\r\n,,,,,,\r\n'
    )
    log = read_feeding_log(text.encode(), "log.csv")
    assert list(log.sessions) == [
        logged(60.0, "feed", ("left", 7.0), recorded_ml=30.0, recorded_sides_ml=(("left", 30.0),))
    ]


def test_rows_out_of_order_are_sorted():
    """The first date is that of the earliest row; a file with the newest rows first is no mistake."""
    days = [f"2001-01-{day:02} 01:00,breast,5,0,\n" for day in (1, 3, 2, 4)]
    log = read_feeding_log((HEADER + "".join(days)).encode(), "log.csv")
    assert [session.planned_min for session in log.sessions] == [60.0, 1500.0, 2940.0, 4380.0]
    assert log.lines == (2, 4, 3, 5)
    assert "1 row (line 4)" in warning_with(log, "put in order")
    log = read_feeding_log((HEADER + "".join(sorted(days, reverse=True))).encode(), "log.csv")
    assert [session.planned_min for session in log.sessions] == [60.0, 1500.0, 2940.0, 4380.0]
    assert log.warnings == ("log.csv: the newest rows come first; they are put in order of time",)


def test_repeated_rows_are_dropped():
    """Exact duplicates only."""
    log = read("01:00,breast,5,0,", "01:00,breast,5,0,", "02:00,breast,5,0,")
    assert len(log.sessions) == 2
    assert "1 row (line 3)" in warning_with(log, "repeated")


def test_a_forgotten_timer_is_cut():
    """At each breast by itself."""
    log = read("01:00,breast,300.5,20,")
    assert log.sessions[0].sides == (("left", 60.0), ("right", 20.0))
    assert "(line 2)" in warning_with(log, "forgotten timer")


def test_brief_and_empty_sessions_are_dropped():
    """Half a minute in all is kept."""
    log = read(
        "01:00,breast,0.2,0.2,", "02:00,breast,0.25,0.25,", "03:00,breast,0,,", "04:00,pump,,,", "05:00,breast,0.3,0,"
    )
    assert [session.planned_min for session in log.sessions] == [120.0]
    assert "2 rows (lines 2, 6)" in warning_with(log, "shorter than 0.5 min")
    assert "2 rows (lines 4, 5)" in warning_with(log, "without minutes")


def test_overlapping_sessions_end_where_the_next_begins():
    """The breast taken last is cut first."""
    log = read("01:00,breast,20,20,", "01:25,breast,5,0,")
    assert log.sessions[0].sides == (("left", 20.0), ("right", 5.0))
    assert "(line 2)" in warning_with(log, "overlap")
    log = read("01:00,breast,20,20,", "01:15,breast,5,0,")
    assert log.sessions[0].sides == (("left", 15.0),)
    log = read("01:00,pump,20,10,", "01:15,breast,5,0,")
    assert log.sessions[0].sides == (("left", 15.0), ("right", 10.0))
    log = read("01:00,hand,10,10,", "01:15,hand,5,0,")  # one breast after the other
    assert log.sessions[0].sides == (("left", 10.0), ("right", 5.0))


def test_what_is_left_of_an_overlap_may_be_too_little():
    """Then the earlier session is dropped."""
    log = read("01:00:00,breast,20,0,", "01:00:20,hand,5,0,")
    assert [session.sides for session in log.sessions] == [(("left", 5.0),)]
    assert "(line 2)" in warning_with(log, "too little")


def test_bottles_are_kept_and_reported():
    """They overlap with nothing; those without a volume cannot be simulated."""
    log = read(
        "01:00,breast,20,0,", "01:10,bottle_formula,,,60", "03:00,bottle_own_milk,0,0,30.5", "04:00,bottle_formula,,,"
    )
    assert [(session.kind, session.volume_ml) for session in log.sessions] == [
        ("feed", None),
        ("bottle", 60.0),
        ("bottle", 30.5),
    ]
    assert log.sessions[0].sides == (("left", 20.0),)
    assert [session.content for session in log.sessions] == [None, "formula", "own_milk"]
    assert "2 rows (lines 3, 4)" in warning_with(log, "take no milk from the breast")
    assert "1 row (line 5)" in warning_with(log, "without a volume")


def test_sides_alternate_where_both_were_taken():
    """Left first, then right first; reported once."""
    log = read("01:00,breast,5,6,", "02:00,breast,5,0,", "03:00,breast,5,6,", "04:00,breast,5,6,")
    assert [session.sides[0][0] for session in log.sessions] == ["left", "left", "right", "left"]
    assert "3 rows (lines 2, 4, 5)" in warning_with(log, "left first")


def test_long_lists_of_lines_are_cut():
    """Eight numbers are enough to find the place."""
    log = read(*(f"{hour:02}:00,breast,5,5," for hour in range(12)))
    assert "12 rows (lines 2, 3, 4, 5, 6, 7, 8, 9, ...)" in warning_with(log, "left first")


def test_the_real_log_loads():
    """829 rows, seven bottles, a few forgotten timers."""
    log = read_feeding_log(REAL.read_bytes(), REAL.name)
    assert len(log.sessions) == 811
    assert "28 rows" in warning_with(log, "rows of one feed")
    assert log.first_date == date(2001, 1, 1)
    assert "19 rows" in warning_with(log, "forgotten timer")
    assert "7 rows" in warning_with(log, "bottles")
    times = [session.planned_min for session in log.sessions]
    assert times == sorted(times)
    ends = [session.planned_min + sum(minutes for _, minutes in session.sides) for session in log.sessions]
    feeds = [number for number, session in enumerate(log.sessions) if session.kind == "feed"]
    assert all(ends[a] <= times[b] + 1e-9 for a, b in pairwise(feeds))


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        ("yesterday,breast,5,0,", 1, "'yesterday' is no time"),
        ("2001-02-30 01:00,breast,5,0,", 1, "no time"),
        ("2001-01-01 25:00,breast,5,0,", 1, "no time"),
        ("2001-01-01 01:00+25:00,breast,5,0,", 1, "no time"),
        ("2001-01-01 13:00 AM,breast,5,0,", 1, "no time"),
        ("01/02/2001 01:00,breast,5,0,", 1, "no time"),
        (",breast,5,0,", 1, "no time"),
        ("2001-01-01 01:00,breats,5,0,", 2, "nearest: breast"),
        ("2001-01-01 01:00,,5,0,", 2, "unknown"),
        ("2001-01-01 01:00,breast,five,0,", 3, "'five' is no number"),
        ("2001-01-01 01:00,breast,5,-1,", 4, "negative"),
        ("2001-01-01 01:00,breast,nan,0,", 3, "no number"),
        ("2001-01-01 01:00,breast,inf,0,", 3, "no number"),
        ("2001-01-01 01:00,breast,1e999,0,", 3, "no number"),
        ("2001-01-01 01:00,breast,1_0,0,", 3, "no number"),
        ("2001-01-01 01:00,breast,٣,0,", 3, "no number"),
        ('2001-01-01 01:00,breast,"1,5",0,', 3, "no number"),
        ("2001-01-01 01:00,bottle_formula,,,5000", 5, "5000 mL is outside 0 to 1000 mL"),
        ("2001-01-01 01:00,pump,15,15,5000", 5, "5000 mL is outside 0 to 2000 mL"),
        ("2001-01-01 01:00,pump,15,15,1e308", 5, "1e+308 mL is outside 0 to 2000 mL"),
        ("2001-01-01 01:00,breast,99999,0,", 3, "99999 min is outside 0 to 10000 min"),
        ("2001-01-01 01:00,pump,15,15,3 gallons", 5, "no number"),
        ("2001-01-01 01:00,bottle_formula,5,,60", 3, "bottle has no minutes"),
        ("2001-01-01 01:00,breast,5,0", 1, "4 cells (allowed: 5"),
        ("2001-01-01 01:00,breast,5,0,,", 1, "6 cells (allowed: 5"),
        ("2001-01-01 01:00,breast,\x1b[31m,0,", 0, "control character"),
    ],
)
def test_unreadable_rows_are_reported_with_their_place(row, cell, words):
    """File, line and number of the cell."""
    (problem,) = problems(HEADER + row + "\n")
    assert problem.startswith(f"log.csv:2:{cell or ''}")
    assert words in problem
    assert problem.isprintable()


def test_all_unreadable_rows_are_reported_at_once():
    """Up to a number, the rest counted."""
    lines = problems(HEADER + "x,breast,5,0,\n" * (MOST_PROBLEMS + 7))
    assert len(lines) == MOST_PROBLEMS + 1
    assert lines[-1] == "log.csv: ... and 7 more problems"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (HEADER, "no rows"),
        ("start,kind\n", "no column says how long"),
        ("start,left_min,right_min\n", "kind is missing"),
        ("Type,Start,End,Duration,Start Condition,End Condition\n", "`lactflow import`"),
        ("start,kind,left_mins,right_min,volume_ml\n", "nearest: left_min"),
        ("start,kind,left_min,left_min,right_min,volume_ml\n", "twice"),
        (HEADER + "2001-01-01 01:00,weight,,,\n", "a weight has none"),
        (HEADER + "2001-01-01 01:00,breast,0,0,\n", "no session is left"),
        (HEADER + '2001-01-01 01:00,"breast,5,0,\n', "not CSV"),
        (b"start\xff", "UTF-8"),
        (b"PK\x03\x04xl/workbook.xml", "this is an Excel workbook, not a feeding log (`lactflow import log.csv`"),
        (HEADER.encode("utf-16"), "has no rows"),
        (b"x" * 20_000_001, "larger than 20 MB"),
    ],
)
def test_files_that_are_no_logs_are_refused(text, words):
    """With the line where that shows."""
    found = problems(text)
    assert any(words in problem for problem in found)
    assert all(problem.startswith("log.csv:") for problem in found)


def test_a_log_without_end_is_refused(monkeypatch):
    """Memory and patience are bounded."""
    assert table.MOST_ROWS == 200_000
    monkeypatch.setattr(table, "MOST_ROWS", 2000)
    assert problems(HEADER + "2001-01-01 01:00,breast,5,0,\n" * 2001) == ["log.csv:2002:1: more than 2,000 rows"]


# -- volumes ----------------------------------------------------------------------------------------------

VOLUMES = "start,kind,left_min,right_min,volume_ml,left_ml,right_ml\n"


def test_volumes_are_kept_beside_the_plan():
    """Of a session, or of each breast, whose sum is then that of the session; a weighed feed is one too."""
    log = read(
        "01:00,pump,15,15,,60,45",
        "04:00,pump,15,15,90,,",
        "07:00,breast,9,0,70,,",
        "10:00,breast,9,0,,,",
        header=VOLUMES,
    )
    assert [session.recorded_ml for session in log.sessions] == [105.0, 90.0, 70.0, None]
    assert log.sessions[0].recorded_sides_ml == (("left", 60.0), ("right", 45.0))
    assert all(session.recorded_sides_ml == () for session in log.sessions[1:])
    assert log.warnings == ()


def test_milk_without_minutes_is_a_session_all_the_same():
    """A pump runs its usual time at the breasts that gave milk; a feed lasts as long as the infant likes."""
    log = read("01:00,pump,,,80,,", "05:00,hand,,,,0,30", "09:00,breast,,,75,,", header=VOLUMES)
    assert not any(session.kept for session in log.sessions)
    assert [session.sides for session in log.sessions] == [
        (("left", None), ("right", None)),
        (("right", None),),
        (("left", None), ("right", None)),
    ]
    assert "take `dyad.pump.longest_min`: 1 row (line 2)" in warning_with(log, "pump.longest_min")
    assert "take `dyad.hand.longest_min` a breast: 1 row (line 3)" in warning_with(log, "hand.longest_min")
    assert "left first, then alternating: 1 row (line 4)" in warning_with(log, "in turn")
    assert "as long as the infant likes: 1 row (line 4)" in warning_with(log, "infant likes")


def test_hands_alternate_as_infants_do():
    """One breast after the other, the order is unknown; a pump is at both at once."""
    log = read("01:00,hand,10,5,", "03:00,pump,10,10,", "05:00,hand,10,5,", "07:00,hand,0,5,")
    assert [session.sides for session in log.sessions] == [
        (("left", 10.0), ("right", 5.0)),
        (("left", 10.0), ("right", 10.0)),
        (("right", 5.0), ("left", 10.0)),
        (("right", 5.0),),
    ]
    assert "2 rows (lines 2, 4)" in warning_with(log, "in turn")


def test_milk_from_a_breast_without_minutes_had_some():
    """Those of the other one; a breast that gave nothing gets none."""
    log = read("01:00,pump,15,0,,60,45", "04:00,pump,0,12,,0,45", header=VOLUMES)
    assert [session.sides for session in log.sessions] == [(("left", 15.0), ("right", 15.0)), (("right", 12.0),)]
    assert "it gets those of the other one: 1 row (line 2)" in warning_with(log, "without minutes")


def test_volumes_that_do_not_add_up_are_reported():
    """Those of the breasts count."""
    log = read("01:00,pump,15,15,200,60,45", header=VOLUMES)
    assert log.sessions[0].recorded_ml == 105.0
    assert "the sum is taken: 1 row (line 2)" in warning_with(log, "sum")


def test_a_bottle_has_no_breasts():
    """Nor volumes of them."""
    assert problems(VOLUMES + "2001-01-01 01:00,bottle_formula,,,60,30,30") == [
        "log.csv:2:6: left_ml: a bottle has no breasts (allowed: volume_ml)"
    ]
