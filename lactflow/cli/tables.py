"""
Tables and sentences as they are printed: as wide as the terminal, or as they need where there is none.

On a terminal, columns of numbers never break: where a table is wider than the terminal, it is printed in several
blocks, each with its labels and units, and text wraps within its cell. What goes into a file or a pipe has one line a
row. Colours come on a terminal only, and not where `NO_COLOR` is set.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_GAP = 2
"""Spaces between columns."""
_UNLIMITED = 100_000
_NARROWEST = 20
STUCK_SPACE = "\N{NO-BREAK SPACE}"
"""Printed as a space, at which no line ends."""
TIMES = "\N{MULTIPLICATION SIGN}"
PLUS_MINUS = "\N{PLUS-MINUS SIGN}"
_UNIT_AFTER = re.compile(rf"(?<=\d) (?=[A-Za-z%{TIMES}\d])")
"""A space that a line is not broken at: between a number and its unit."""
_IN_ASCII = {TIMES: "x", PLUS_MINUS: "+-"}


class Printed(NamedTuple):
    """
    One column of a table.

    Attributes
    ----------
    heading
        May have several lines.
    cells
        One a row.
    number
        To the right, and never broken; text is to the left, and wraps.
    style
        In the style of rich, on a terminal.
    whole
        Of text, such as units: not broken either, where that leaves room for the longest word of other columns.
    """

    heading: str
    cells: Sequence[str]
    number: bool = False
    style: str = ""
    whole: bool = False

    @property
    def width(self) -> int:
        """Characters of its longest line."""
        return max(len(line) for cell in (self.heading, *self.cells) for line in cell.split("\n"))


def page_width() -> int | None:
    """Characters in a line of the terminal, or of `COLUMNS`; None where there is none."""
    return max(_NARROWEST, get_terminal_size().columns) if _on_terminal() else None


def table(columns: Sequence[Printed], *, width: int | None = None) -> list[str]:
    """
    A table as lines.

    Parameters
    ----------
    columns
        With equally many cells.
    width
        Characters in a line; None for as many as it needs.
    """
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), show_header=any(each.heading for each in columns))
    whole = _leaves_room(columns, width)
    deepest = max(each.heading.count("\n") for each in columns)
    for each in columns:
        heading = "\n" * (deepest - each.heading.count("\n")) + each.heading
        drawn.add_column(
            header=_as_text(heading),
            justify="right" if each.number else "left",
            no_wrap=each.number or (each.whole and whole),
            overflow="fold",
            style=each.style,
            header_style="bold",
        )
    for row in zip(*(each.cells for each in columns), strict=True):
        drawn.add_row(*map(_as_text, row))
    return _rendered(drawn, width)


def in_blocks(
    labels: Printed,
    groups: Sequence[Sequence[Printed]],
    units: Sequence[Printed],
    *,
    width: int | None = None,
) -> list[str]:
    """
    A table of numbers as lines; in several blocks, one below the other, where it is wider than a line.

    Parameters
    ----------
    labels
        First column of each block.
    groups
        Columns of numbers; those of a group stay together.
    units
        Last columns of each block.
    width
        Characters in a line; None for no limit.
    """
    lines: list[str] = []
    taken: list[Printed] = []
    for number, group in enumerate(groups):
        taken += group
        following = groups[number + 1] if number + 1 < len(groups) else None
        if following is not None and _fits([labels, *taken, *following, *units], width):
            continue
        lines += [*([""] if lines else []), *table([labels, *taken, *units], width=width)]
        taken = []
    return lines


def sentences(lines: Iterable[str], *, width: int | None = None) -> list[str]:
    """
    Lines of prose, wrapped; no line ends between a number and its unit.

    Parameters
    ----------
    lines
        Each begins a new line.
    width
        Characters in a line; None leaves them as they are.
    """
    if width is None:
        return [line.replace(STUCK_SPACE, " ") for line in lines]
    stuck = (_UNIT_AFTER.sub(STUCK_SPACE, line) for line in lines)
    wrapped = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""] for line in stuck)
    return [part.replace(STUCK_SPACE, " ") for parts in wrapped for part in parts]


def echo(lines: Iterable[str]) -> None:
    """
    Print lines on stdout, in the letters that it has.

    Parameters
    ----------
    lines
        As the functions above give them.
    """
    text = "\n".join(lines)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for letter, plain in _IN_ASCII.items():
            text = text.replace(letter, plain)
        text = text.encode(encoding, "replace").decode(encoding)
    click.echo(text)


def warn(text: str) -> None:
    """
    Print a warning on stderr.

    Parameters
    ----------
    text
        One line.
    """
    click.secho(f"warning: {text}", fg="yellow", err=True, color=False if os.environ.get("NO_COLOR") else None)


def folded(name: str, width: int) -> str:
    """
    A long name as several lines, broken after hyphens, dots and underscores where it can be.

    Parameters
    ----------
    name
        Such as that of a scenario.
    width
        Most characters in a line; a part that is longer stays whole.
    """
    lines = [""]
    for part in re.findall(r"[^-._ ]*[-._ ]?", name):
        if part and lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def _fits(columns: Sequence[Printed], width: int | None) -> bool:
    return width is None or sum(each.width for each in columns) + _GAP * (len(columns) - 1) <= width


def _leaves_room(columns: Sequence[Printed], width: int | None) -> bool:
    """Whether columns that are kept whole leave the others as much as their longest word needs."""
    stiff = [each.width for each in columns if each.number or each.whole]
    words = [
        max((len(word) for cell in (each.heading, *each.cells) for word in cell.split()), default=0)
        for each in columns
        if not (each.number or each.whole)
    ]
    return width is None or sum(stiff) + sum(words) + _GAP * (len(columns) - 1) <= width


def _on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _coloured() -> bool:
    return _on_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _as_text(cell: str) -> Text:
    """A cell as it is: rich reads square brackets as markup."""
    from rich.text import Text

    return Text(cell)


def _rendered(drawn: Table, width: int | None) -> list[str]:
    from io import StringIO

    from rich.console import Console

    coloured = _coloured()
    console = Console(
        file=StringIO(),
        width=_UNLIMITED if width is None else width,
        force_terminal=coloured,
        no_color=not coloured,
        color_system="standard" if coloured else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with console.capture() as capture:
        console.print(drawn)
    return [line.rstrip() for line in capture.get().splitlines()]
