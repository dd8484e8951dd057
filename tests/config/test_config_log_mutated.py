"""
Damaged logs: read or refused, and no minute and no millilitre lost without a line that says so.

What is in a file is counted by a second reader, below, which shares no code with lactflow.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator

import pytest

from lactflow.config.logs.feeding_log import FeedingLog, read_feeding_log
from lactflow.errors import ConfigError, Problem

PLAIN = re.compile(r"\d+(\.\d+)?")
HOURS = range(0, 24, 3)
LOGS = (
    [
        "start,kind,left_min,right_min,volume_ml",
        *(
            f"2030-05-{1 + hour // 24:02} {hour % 24:02}:15,breast,{7 + hour % 5},{hour % 3 * 4},"
            for hour in range(0, 72, 3)
        ),
    ],
    [
        "start,kind,left_min,right_min,volume_ml,left_ml,right_ml",
        *(f"2030-05-{1 + hour // 24:02} {hour % 24:02}:40,pump,15,15,{60 + hour},," for hour in range(0, 48, 4)),
        *(f"2030-05-03 {hour:02}:40,pump,15,12,,{30 + hour},{40 - hour}" for hour in HOURS),
    ],
    [
        "start,kind,left_min,right_min,volume_ml,first,child",
        "2030-05-01 01:00,breast,10,8,,left,1",
        "2030-05-01 01:30,pump,0,12,45,,",
        "2030-05-01 04:00,breast,9,0,,,1",
        "2030-05-01 04:03,pump,0,9,20,,",
        "2030-05-01 07:00,bottle_formula,,,60,,1",
        "2030-05-01 09:00,hand,10,10,30,,",
        "2030-05-01 12:00,breast,10,0,,,1",
        "2030-05-01 12:10,breast,0,9,,,1",
        "2030-05-01 15:00,bottle_own_milk,,,70.5,,1",
        "2030-05-01 18:00,breast,22,0.2,,right,1",
        "2030-05-01 21:00,breast,75,0,,,1",
    ],
    [
        "start;kind;left_min;right_min;volume_ml",
        *(f"2030-05-01 {hour:02}:00;pump;15;14,5;{80 + hour},5" for hour in HOURS),
    ],
    [
        "start,end,kind,volume_ml",
        *(f"2030-05-01 {hour:02}:00,2030-05-01 {hour:02}:20,breast,{hour}" for hour in HOURS),
    ],
)
LOSS = ("dropped", "cut to", "joined", "overlap", "set aside", "without minutes", "are known", "the sum is taken")
"""What a line says when minutes or volumes of the file are not simulated as they stand there."""
JUNK = (
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "1e308",
    "nan",
    "x",
    "12:30",
    "0:10:00",
    "3 oz",
    "80ml",
    "99999",
    "0.2",
    '"',
    "\x00",
    "é",
    "2030-05-01",
)


def mutated(rng: random.Random) -> str:
    """One of the logs with a few accidents."""
    lines = list(rng.choice(LOGS))
    delimiter = ";" if ";" in lines[0] else ","
    for _ in range(rng.randint(1, 4)):
        number = rng.randrange(len(lines))
        accident = rng.randrange(9)
        if accident == 0:
            lines.insert(rng.randrange(1, len(lines) + 1), lines[number])
        elif accident == 1 and len(lines) > 2:
            del lines[number]
        elif accident == 2:
            other = rng.randrange(len(lines))
            lines[number], lines[other] = lines[other], lines[number]
        elif accident == 3:
            cells = lines[number].split(delimiter)
            cells[rng.randrange(len(cells))] = rng.choice(JUNK)
            lines[number] = delimiter.join(cells)
        elif accident == 4 and lines[number]:
            at = rng.randrange(len(lines[number]))
            lines[number] = lines[number][:at] + chr(rng.randrange(32, 127)) + lines[number][at + 1 :]
        elif accident == 5:
            lines[number] = lines[number].replace("2030-05-0", rng.choice(("2033-05-0", "2030-05-1", "2030-04-0")))
        elif accident == 6:
            lines[number] = re.sub(r" (\d\d):", lambda match: f" {rng.randrange(24):02}:", lines[number], count=1)
        elif accident == 7:
            lines[number] = lines[number][: rng.randrange(len(lines[number]) + 1)]
        else:
            lines[number] = lines[number] + delimiter * rng.randint(0, 1)
    return "\n".join(lines) + "\n"


def sums(text: str) -> tuple[float, float] | None:
    """Minutes at breasts and millilitres in a file; None where a cell is more than a plain number."""
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    minutes = volume = 0.0
    rows = list(csv.DictReader(text.splitlines(), delimiter=delimiter))
    for row in rows:
        cells = {key.casefold(): (value or "").strip().replace(",", ".") for key, value in row.items() if key}
        numbers = {}
        for name in ("left_min", "right_min", "volume_ml", "left_ml", "right_ml"):
            value = cells.get(name, "")
            if value and not PLAIN.fullmatch(value):
                return None
            numbers[name] = float(value or 0.0)
        minutes += numbers["left_min"] + numbers["right_min"]
        sides = numbers["left_ml"] + numbers["right_ml"]
        volume += sides or numbers["volume_ml"]
    return minutes, volume


def taken(log: FeedingLog) -> tuple[float, float]:
    """The same of what is simulated."""
    minutes = sum(limit or 0.0 for session in log.sessions for _, limit in session.sides)
    volume = sum(session.volume_ml or session.recorded_ml or 0.0 for session in log.sessions)
    return minutes, volume


def accidents(count: int) -> Iterator[str]:
    """As many damaged logs."""
    rng = random.Random(20300501)
    for _ in range(count):
        yield mutated(rng)


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.slow)])
def test_damaged_logs_are_read_or_refused_and_nothing_is_lost_in_silence(count):
    """A sum that differs has a line; a file that cannot be read has its place."""
    read = refused = compared = 0
    wrong: list[Problem] = []
    for text in accidents(count):
        try:
            log = read_feeding_log(text.encode(), "log.csv")
        except ConfigError as error:
            refused += 1
            wrong += [each for each in error.problems if each.file != "log.csv" or not str(each).isprintable()]
            continue
        read += 1
        inside = sums(text)
        if inside is None:
            continue
        compared += 1
        reported = any(word in warning for word in LOSS for warning in log.warnings)
        assert taken(log) == pytest.approx(inside) or reported, text
        times = [session.planned_min for session in log.sessions]
        assert times == sorted(times)
    assert not wrong
    assert min(read, refused, compared) > count // 20
