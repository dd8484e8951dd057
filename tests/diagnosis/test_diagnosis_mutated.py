"""Damaged clinical records: read or refused in lines of text, never another exception, and no row lost in silence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lactflow.config.logs.table import MOST_PROBLEMS
from lactflow.diagnosis.kinds import KINDS
from lactflow.diagnosis.record import LATEST_DAY, Record, read_record
from lactflow.diagnosis.template import template_text
from lactflow.errors import ConfigError
from lactflow.units import DAY_MIN

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "record.md"
EUROPEAN = """\
sep=;
date;time;kind;breast;value;unit;note
03/05/2031;08:10;birth;;3,41;kg;mode: vaginal, gestation: 36,5
13/05/2031;;sodium;left;8,5;mmol/L;
13/05/2031;09:15 PM;bottle;;60;mL;formula
14/05/2031;10:00;albumin;both;<0,4;g/L;
"""
ZONED = """\
time\tkind\tvalue\tunit\tnote
2031-10-25T08:10:00+02:00\tbirth\t7 lb 3 oz\t\ttwins
2031-10-26T08:10:00+01:00\tweight\t7 lb\t\t
2031-10-26T12:10:00Z\tprolactin\t4000\tmIU/L\t
"""
WHOLE = (
    PAGE.read_text(encoding="utf-8").split("```text\n")[1].partition("```")[0],
    template_text().replace(",birth,,,", "2031-05-03 08:10,birth,,3.4,"),
    EUROPEAN,
    ZONED,
)
JUNK = (
    *[
        "0",
        "-1",
        "1e9",
        "nan",
        "x",
        "12:30",
        "3 oz",
        "80ml",
        "99999999",
        "0.2",
        '"',
        "\x00",
        "é",
        "<",
        "<3",
        ">> 5",
        "7 lb 8 oz",
        "7 lb .. oz",
        "1.2.3",
        "lb oz",
    ],
    *[
        ",,,",
        ";",
        "\t",
        "#",
        "# no",
        "birth",
        "sodium",
        "felt_onset",
        "hand",
        "mode:",
        "gestation: 99",
        "both",
        "right",
        "mg/dL",
        "%",
        "{}",
        "∞",
        "٣",
    ],
    *[
        "2031-05-01",
        "2100-12-31 24:00",
        "1990-01-01 00:00",
        "0000-00-00",
        "31/31/2031",
        "05/06/31",
        "2031-05-03 08:10-18:30",
    ],
    "",
    " ",
    "9" * 400,
    "{" * 2000,
)
GONE = ("repeated rows", "facts of the mother from before", "facts from later", "rows that are not filled in")
"""How remarks begin, of rows that are no fact of a record."""


def mutated(text: str, chance: random.Random) -> bytes:
    """A record with one to four changes: of cells, of rows, of letters, of bytes."""
    for _ in range(chance.randint(1, 4)):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        mark = next((each for each in ",;\t" if each in lines[at]), ",")
        cells = lines[at].split(mark)
        what = chance.randrange(8)
        if what < 3:
            cells[chance.randrange(len(cells))] = chance.choice(JUNK)
            lines[at] = mark.join(cells)
        elif what == 3:
            lines.insert(chance.randrange(len(lines)), lines[at])
        elif what == 4:
            del lines[at]
        elif what == 5:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif what == 6:
            lines[at] = mark.join(cells[: chance.randrange(len(cells) + 1)] + cells[chance.randrange(len(cells)) :])
        else:
            place = chance.randrange(len(text) + 1)
            lines = (text[:place] + chance.choice('0123456789:/-.,; <>"\n\t#+\u03bcmgL') + text[place + 1 :]).split(
                "\n"
            )
        text = "\n".join(lines)
    raw = text.encode(chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1")), errors="replace")
    if chance.random() < 0.1:
        at = chance.randrange(len(raw) + 1)
        raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at:]
    return raw


def assert_whole(record: Record) -> None:
    """Facts are in order, possible, and with those that are counted as gone they are all rows of the file."""
    gone = sum(len(places) for what, places in record.notes.places.items() if what.startswith(GONE))
    assert record.rows == len(record.facts) + gone
    assert list(record.facts) == sorted(record.facts, key=lambda fact: (fact.time_min, fact.line))
    assert [fact.time_min for fact in record.of("birth")] == [0.0]
    for fact in record.facts:
        kind = KINDS[fact.kind]
        assert 0.0 <= fact.time_min <= LATEST_DAY * DAY_MIN
        assert fact.unit == kind.unit
        assert fact.breast in (("left", "right", "both") if kind.sided else ("",))
        assert fact.value is not None or kind.value != "needed"
        assert fact.value is None or kind.within[0] <= fact.value <= kind.within[1]
        assert not (fact.below and fact.above)
    assert all(line.isprintable() for line in record.summary())


def check(path: Path, raw: bytes) -> bool:
    """Whether a record is read; what it gives is whole, or what is wrong with it is said in lines."""
    path.write_bytes(raw)
    try:
        record = read_record(path)
    except ConfigError as error:
        problems = error.problems
    else:
        assert_whole(record)
        return True
    assert 1 <= len(problems) <= MOST_PROBLEMS + 1
    assert all(str(problem).isprintable() for problem in problems)
    return False


@pytest.mark.parametrize("text", [pytest.param(text, id=str(number)) for number, text in enumerate(WHOLE)])
def test_records_before_they_are_damaged(tmp_path, text):
    """They are read."""
    assert check(tmp_path / "record.csv", text.encode())


@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_damaged_records_are_read_or_refused(tmp_path, number):
    """Some of each, so that both ways are tried."""
    chance = random.Random(f"record {number}")
    read = [check(tmp_path / "record.csv", mutated(WHOLE[number], chance)) for _ in range(150)]
    assert 15 < sum(read) < 135


@pytest.mark.slow
def test_many_damaged_records(tmp_path):
    """Two thousand."""
    chance = random.Random("records")
    for _ in range(2000):
        check(tmp_path / "record.csv", mutated(chance.choice(WHOLE), chance))
