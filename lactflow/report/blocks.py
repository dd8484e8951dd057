"""
What a page is made of: sections, and in each of them notes, tables and charts.

Modules that make pages fill these in; `templates/blocks.html` has a macro for each, by its `kind`. Every text in them
may come from a user, and is escaped by the template. Every chart has a title, what it shows in words, and the numbers
behind it, thinned to a short table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import ClassVar, Literal

from lactflow.analysis.digits import NOTHING

Tone = Literal["plain", "good", "warning", "bad"]


@dataclass(frozen=True)
class Note:
    """One or more sentences; the tone is also in the words. What stands between backticks is shown as code."""

    kind: ClassVar[str] = "note"
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Listing:
    """Text as it is: a config, a command."""

    kind: ClassVar[str] = "listing"
    title: str
    text: str
    folded: bool = False


@dataclass(frozen=True)
class Facts:
    """Names with values."""

    kind: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Link:
    """A place to go to; `href` is relative, and quoted."""

    label: str
    href: str
    caption: str = ""


@dataclass(frozen=True)
class Links:
    """Places to go to."""

    kind: ClassVar[str] = "links"
    rows: Sequence[Link]


@dataclass(frozen=True)
class Table:
    """
    Rows of text; columns from the second on are numbers unless `words` names them. A folded one opens by title.

    `identifiers` are those of the words that a phone may break anywhere: names of measures in tables.
    """

    kind: ClassVar[str] = "table"
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: frozenset[int] = frozenset()
    folded: bool = False
    identifiers: frozenset[int] = frozenset()


def filled(table: Table) -> Table:
    """
    A table without the columns that say nothing, in which every cell is empty or a dash.

    Parameters
    ----------
    table
        With rows; one without any is left as it is, and so is its first column.
    """
    kept = [
        place
        for place in range(len(table.columns))
        if place == 0 or not table.rows or any(row[place] not in ("", NOTHING) for row in table.rows)
    ]
    new = {old: place for place, old in enumerate(kept)}
    return replace(
        table,
        columns=[table.columns[place] for place in kept],
        rows=[[row[place] for place in kept] for row in table.rows],
        words=frozenset(new[place] for place in table.words if place in new),
        identifiers=frozenset(new[place] for place in table.identifiers if place in new),
    )


@dataclass(frozen=True)
class Series:
    """
    Values of a chart, as a line, as points, or as both; None where there is nothing.

    Attributes
    ----------
    label, values
        What it is called, and a value for each `x` of the chart.
    points, line
        How it is drawn.
    lows, highs
        Ends of a band around it; none when empty.
    joined
        Whether its line goes on where there is no value: what was measured now and then, and not what was not there.
    """

    label: str
    values: Sequence[float | None]
    points: bool = False
    line: bool = True
    lows: Sequence[float | None] = ()
    highs: Sequence[float | None] = ()
    joined: bool = False


@dataclass(frozen=True)
class Mark:
    """A moment worth a line across a chart: where on its axis, and what it says."""

    at: float
    text: str


@dataclass(frozen=True)
class Range:
    """What others have published, behind the values of a chart: from where to where on both axes, and whose it is."""

    from_x: float
    to_x: float
    low: float
    high: float
    source: str


@dataclass(frozen=True)
class LineChart:
    """
    Series over one axis, drawn by uPlot.

    Attributes
    ----------
    name
        Unique in the page.
    x, x_label, y_label
        Where the values are, rising, and what the axes say.
    shared
        Charts with the same word move their reading lines together.
    from_zero
        Whether the axis of values begins at 0.
    x_range, x_ticks
        Ends of the axis, and where its marks are; both from the values when None.
    marks, published
        Lines across, and shaded ranges behind.
    """

    kind: ClassVar[str] = "lines"
    name: str
    title: str
    caption: str
    x: Sequence[float]
    x_label: str
    y_label: str
    series: Sequence[Series]
    table: Table
    shared: str = ""
    from_zero: bool = True
    x_range: tuple[float, float] | None = None
    x_ticks: Sequence[float] | None = None
    marks: Sequence[Mark] = ()
    published: Sequence[Range] = ()

    def as_data(self) -> dict[str, object]:
        """What the script needs to draw it."""
        return {
            "x": self.x,
            "xLabel": self.x_label,
            "yLabel": self.y_label,
            "series": [asdict(each) for each in self.series],
            "shared": self.shared,
            "fromZero": self.from_zero,
            "xRange": self.x_range,
            "xTicks": self.x_ticks,
            "marks": [asdict(each) for each in self.marks],
            "published": [asdict(each) for each in self.published],
        }


@dataclass(frozen=True)
class Picture:
    """
    A figure of matplotlib, for wide and for narrow pages; `lactflow.report.picture.picture` makes one.

    Attributes
    ----------
    name
        Unique in the page.
    title
        Heading above it.
    caption
        What it shows, in words.
    wide, narrow
        The same as `<svg>` elements, of which a page shows the one that there is room for.
    table
        The numbers behind it.
    choice
        Pictures with the same word are shown one at a time, chosen by title; a page may have several such words.
    """

    kind: ClassVar[str] = "picture"
    name: str
    title: str
    caption: str
    wide: str
    narrow: str
    table: Table
    choice: str = ""


@dataclass(frozen=True)
class Slideshow:
    """
    Bars that a slider moves through time: the stations of a lobe as they fill and block.

    Attributes
    ----------
    name, title, caption
        As in `Picture`.
    rows
        What each bar is.
    room
        Length of each bar when full.
    parts
        What each bar is made of, in its order: words, and the class of its colour.
    times
        What each frame is called.
    frames
        For each time and each row, the length of each part.
    start
        Number of the frame that is shown first.
    """

    kind: ClassVar[str] = "slideshow"
    name: str
    title: str
    caption: str
    rows: Sequence[str]
    room: Sequence[float]
    parts: Sequence[tuple[str, str]]
    times: Sequence[str]
    frames: Sequence[Sequence[Sequence[float]]]
    start: int
    table: Table

    def as_data(self) -> dict[str, object]:
        """What the script needs to move it."""
        return {"room": self.room, "times": self.times, "frames": self.frames}


@dataclass(frozen=True)
class Judged:
    """
    One claim or target.

    Attributes
    ----------
    size
        Sample and width of the band, in words; empty without a band.
    at
        Where the value and the ends of the band are in a small drawing [% of its width]; None without a band.
    """

    id: str
    title: str
    required: str
    found: str
    verdict: str
    remarks: Sequence[tuple[str, str]]
    size: str = ""
    at: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Verdicts:
    """Claims and targets by group, with a filter by verdict: its word, and how many there are."""

    kind: ClassVar[str] = "verdicts"
    groups: Mapping[str, Sequence[Judged]]
    counts: Sequence[tuple[str, int]]


Block = Note | Listing | Facts | Links | Table | LineChart | Picture | Slideshow | Verdicts


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it."""

    name: str
    title: str
    blocks: Sequence[Block]
    caption: str = ""


@dataclass(frozen=True)
class Tile:
    """A number worth seeing first."""

    label: str
    value: str
    unit: str


@dataclass(frozen=True)
class Page:
    """
    A whole page.

    Attributes
    ----------
    kind
        What it is of: `run`, `comparison`, `fit`, `diagnosis`, `validation`, `sweep`, `calibration`.
    title, subtitle
        Heading, and one line below it.
    status
        How what it describes ended.
    notes
        What readers must see before anything else.
    closing
        What they must see once more at the end; nothing when empty.
    """

    kind: str
    title: str
    subtitle: str
    status: str
    sections: Sequence[Section]
    tiles: Sequence[Tile] = ()
    notes: Sequence[Note] = ()
    closing: str = ""

    def charts(self) -> Mapping[str, dict[str, object]]:
        """Data of all figures that the script draws or moves, by name."""
        blocks = [block for section in self.sections for block in section.blocks]
        return {block.name: block.as_data() for block in blocks if isinstance(block, (LineChart, Slideshow))}
