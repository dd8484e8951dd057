"""Printed tables and sentences: as wide as the terminal, plain elsewhere."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

import lactflow
from lactflow.cli import tables
from lactflow.cli.tables import PLUS_MINUS, STUCK_SPACE, TIMES, Printed, folded, in_blocks, sentences, table

CHECKOUT = Path(lactflow.__file__).parent.parent
LABELS = Printed("", ["milk removed from both breasts", "fat"])
UNITS = Printed("", ["mL/day", "g/L"])
MEANS = [
    Printed("often\nall day", ["1,234.5", "41"], number=True),
    Printed("seldom", ["-", "39"], number=True),
]
GAPS = [Printed("difference", ["-3.2", "+2"], number=True)]
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(columns, *args, **environment):
    """What a command prints on a terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    code = "from lactflow.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *args],
        cwd=CHECKOUT,
        stdout=slave,
        stderr=subprocess.DEVNULL,
        env={**kept, "TERM": "xterm-256color", **environment},
    ) as process:
        os.close(slave)
        written = b""
        while True:
            try:
                read = os.read(master, 65_536)
            except OSError:  # the other end is closed
                break
            if not read:
                break
            written += read
        assert process.wait() == 0
    os.close(master)
    return written.decode().replace("\r\n", "\n")


def test_a_table_is_as_wide_as_it_needs():
    """Numbers to the right, text to the left, headings down to their columns, nothing behind the last letter."""
    assert in_blocks(LABELS, [MEANS, GAPS], [UNITS]) == [
        "                                  often",
        "                                all day  seldom  difference",
        "milk removed from both breasts  1,234.5       -        -3.2  mL/day",
        "fat                                  41      39          +2  g/L",
    ]


def test_a_table_that_is_too_wide_goes_on_below():
    """With its labels and units again; what belongs together stays together."""
    lines = in_blocks(LABELS, [MEANS, GAPS], [UNITS], width=60)
    assert lines == [
        "                                  often",
        "                                all day  seldom",
        "milk removed from both breasts  1,234.5       -  mL/day",
        "fat                                  41      39  g/L",
        "",
        "                                difference",
        "milk removed from both breasts        -3.2  mL/day",
        "fat                                     +2  g/L",
    ]


@pytest.mark.parametrize("width", [30, 36, 40, 50, 55])
def test_numbers_never_break_from_their_units(width):
    """Labels wrap in their cells; the first line of a row has the label, all its numbers and its unit."""
    lines = in_blocks(LABELS, [MEANS, GAPS], [UNITS], width=width)
    assert max(map(len, lines)) <= width
    assert any(re.match(r"milk .*1,234\.5 +- +mL/day$", line) for line in lines)
    assert any(re.match(r"milk .*-3\.2 +mL/day$", line) for line in lines)


def test_text_is_printed_as_it_is():
    """Brackets are no markup, names between colons no pictures."""
    cells = ["[bold]x[/bold] :smiley: {a}", "[{}]", "/tmp/[x]"]
    assert table([Printed("", cells)]) == cells


def test_sentences_wrap_but_not_before_a_unit():
    """Nor at a space that is to stay."""
    text = f"about 20 mL/day of milk, 80 % of {TIMES} and lobes{STUCK_SPACE}2,610 more"
    assert sentences([text], width=None) == [text.replace(STUCK_SPACE, " ")]
    for width in range(20, 60):
        lines = sentences([text, ""], width=width)
        assert " ".join(lines[:-1]) == text.replace(STUCK_SPACE, " ")
        assert lines[-1] == ""
        assert max(map(len, lines)) <= width
        assert not any(re.search(r"(\d|lobes)$", line) for line in lines)


@pytest.mark.parametrize(
    ("name", "width", "lines"),
    [
        ("on-demand", 12, ["on-demand"]),
        ("every-two-hours", 12, ["every-two-", "hours"]),
        ("one-breast-sealed-then-emptied", 12, ["one-breast-", "sealed-then-", "emptied"]),
        ("schedule.0.per_day", 12, ["schedule.0.", "per_day"]),
        ("n" * 30, 12, ["n" * 30]),
        ("", 12, [""]),
    ],
)
def test_long_names_fold_at_their_joints(name, width, lines):
    """And lose nothing."""
    assert folded(name, width).split("\n") == lines
    assert folded(name, width).replace("\n", "") == name


def test_letters_that_stdout_does_not_have_are_replaced(monkeypatch, capsys):
    """A terminal of the last century is no reason to fail."""
    tables.echo([f"4 women {TIMES} 3 days", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
    assert capsys.readouterr().out == f"4 women {TIMES} 3 days\n\N{LATIN SMALL LETTER E WITH ACUTE}\n"
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii", write_through=True))
    tables.echo([f"4 women {TIMES} 3 days, {PLUS_MINUS}2", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
    assert written.getvalue() == b"4 women x 3 days, +-2\n?\n"


def test_a_closed_stdout_is_no_terminal(monkeypatch):
    """Some launchers start without one."""
    monkeypatch.setattr(sys, "stdout", None)
    assert tables.page_width() is None


def test_colours_are_for_terminals_that_want_them():
    """The mark of an assumption has one; not under NO_COLOR, not on a dumb terminal."""
    plain = on_terminal(200, "parameters", "capacity", NO_COLOR="1")
    assert "\x1b" not in plain
    coloured = on_terminal(200, "parameters", "capacity")
    assert re.search(r"\x1b\[1;33m\*", coloured)
    assert "\x1b" not in on_terminal(200, "parameters", "capacity", TERM="dumb")

    def letters(text):
        return [line.rstrip() for line in ESCAPES.sub("", text).splitlines()]

    assert letters(coloured) == letters(plain)


def test_units_stay_whole_where_there_is_room():
    """Labels wrap in their place; where there is none for their longest word, units wrap too."""
    labels, units = Printed("", ["emptied in a session"]), Printed("", ["of available milk"], whole=True)
    column = Printed("day 30", ["69"], number=True)
    assert table([labels, column, units], width=36) == [
        "           day 30",
        "emptied        69  of available milk",
        "in a",
        "session",
    ]
    assert max(map(len, table([labels, column, units], width=30))) <= 30


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run to look at."""
    out = tmp_path_factory.mktemp("made")
    lactflow.run("every-three-hours", days=0.1, out=out)
    return next(out.iterdir())


STAMP = re.compile(r"[\w./-]*\d{8}T\d{6}Z-\w+(-\d+)?|[\d.]+ s\b")  # the second folder of a second ends in -2
"""Names of folders with the time in them, and how long something took."""


def is_kept_whole(line):
    """A line that may be wider than the terminal: a single word, a path, a command; these are copied."""
    return len(line.split()) == 1 or STAMP.search(line) or re.match(r" *\S*(lactflow|python) ", line)


@pytest.mark.parametrize("columns", [50, 80])
@pytest.mark.parametrize(
    "args",
    [
        ("parameters", "milk"),
        ("cite", "RUN"),
        ("import", "--list"),
        ("scenarios", "list"),
        pytest.param(("verify", "RUN"), marks=pytest.mark.slow),
        pytest.param(("diff", "RUN", "RUN"), marks=pytest.mark.slow),
        pytest.param(("run", "twins", "--dry-run"), marks=pytest.mark.slow),
        pytest.param(("run", "every-three-hours", "--days", "0.1", "--out", "OUT"), marks=pytest.mark.slow),
        pytest.param(
            ("compare", "every-three-hours", "every-two-hours", "--days", "0.1", "--replicates", "2", "--out", "OUT"),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_narrow_terminal_has_room_for_everything(args, columns, made, tmp_path):
    """No line is wider, no word is lost, no unit is on another line than its number."""
    args = [{"RUN": str(made), "OUT": str(tmp_path)}.get(each, each) for each in args]
    narrow = ESCAPES.sub("", on_terminal(columns, *args))
    wide = [line for line in narrow.splitlines() if len(line) > columns and not is_kept_whole(line)]
    assert wide == []
    piped = subprocess.run(
        [sys.executable, "-c", "from lactflow.cli import main; main()", *args],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": str(columns)},
    ).stdout
    assert "\x1b" not in piped
    words = set(re.findall(r"[\w./]+", STAMP.sub("", narrow)))
    # Headings are left out where each quantity is a block of its own; names are folded after dots and hyphens.
    known = {"key", "value", "unit", "low", "high", "source", "locator", "name", "in", "the", "tables"}
    names = set(re.findall(r"\w+_\w+", piped)) if args[0] == "compare" else set()
    assert set(re.findall(r"[\w./]+", STAMP.sub("", piped))) - words - known - names == set()
    assert not re.search(r"\d\n *(mL|mmol|g/L|%|per day)", narrow)


@pytest.mark.parametrize("command", ["", "run", "compare", "sweep", "scenarios", "parameters", "import"])
def test_help_is_as_narrow_as_the_terminal(command):
    """Examples stay on one line each, to be copied."""
    shown = on_terminal(50, *command.split(), "--help")
    wide = [line for line in shown.splitlines() if len(line) > 50 and not line.startswith("    lactflow ")]
    assert wide == []
