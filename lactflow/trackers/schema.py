"""
What a format file says: one file for each tracker, and the same schema for the mapping of a user's own sheet.

A format names columns, words and patterns; it holds no code. How the file is split into cells is the business of
`containers`, what becomes of a row that of `drafts`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from lactflow.parameters.declaration import Declared

_LONGEST_PATTERN = 400
_REPEATED_REPEAT = re.compile(r"[+*}]\)[+*{]")


def _is_pattern(text: str) -> str:
    """A regular expression that compiles and does not repeat a repetition: that can take for ever on a long cell."""
    try:
        re.compile(text)
    except re.error as error:
        msg = f"a regular expression: {error}"
        raise ValueError(msg) from None
    if _REPEATED_REPEAT.search(text):
        msg = "a regular expression in which no repeated group repeats within itself, as (a+)+ does"
        raise ValueError(msg)
    return text


Pattern = Annotated[str, AfterValidator(_is_pattern), Field(min_length=1, max_length=_LONGEST_PATTERN)]
Column = Annotated[str, Field(min_length=1, max_length=200)]
Words = tuple[str, ...]
Columns = tuple[Column, ...]
NumberUnit = Literal["minutes", "seconds", "milliseconds", "hours"]
ColonForm = Literal["h:mm", "m:ss"]
VolumeUnit = Literal["mL", "oz"]
WeightUnit = Literal["kg", "g", "lb"]


class FormatSource(Declared):
    """Where the header and the kinds of rows of a format were read."""

    where: str = Field(min_length=1, description="Public file, parser or documentation")
    read: str = Field(min_length=1, description="What was read there")


class Recognise(Declared):
    """How a file of this format is known."""

    columns: Columns = Field(default=(), description="Columns that must be there")
    one_of: tuple[Columns, ...] = Field(default=(), description="Groups of columns, of which one must be there whole")
    without: Columns = Field(default=(), description="Columns that another format has and this one does not")
    begins: Words = Field(default=(), description="What a text file begins with")


class LineFormat(Declared):
    """A text file: what its lines are."""

    day: tuple[Pattern, ...] = Field(description="Lines that begin a day; groups y, m, d, where m may be a name")
    child: tuple[Pattern, ...] = Field(
        default=(), description="Lines that name the child; groups child, years, months, days"
    )
    event: Pattern = Field(description="A line that is a row; its groups are the columns, `time` among them")
    ignore: tuple[Pattern, ...] = Field(default=(), description="Lines that are neither: totals, rules, titles")


class ClockColumns(Declared):
    """Where the times stand."""

    start: Columns = Field(
        min_length=1, description="Columns, the first one filled counts; {name} puts several together"
    )
    end: Columns = Field(default=(), description="The same for the end")
    number: Literal["epoch_s", "epoch_ms"] | None = Field(default=None, description="What a bare number is")
    epoch: Column | None = Field(default=None, description="Column with the same instant as a number, in ms")
    zone: Column | None = Field(default=None, description="Column with the zone, such as America/New_York")
    local: bool = Field(default=True, description="Whether times without an offset are local; false: UTC")


class Durations(Declared):
    """What durations without a unit are."""

    number: NumberUnit = Field(default="minutes", description="A bare number")
    colon: ColonForm = Field(default="m:ss", description="Two numbers with a colon")


class RowCondition(Declared):
    """What a row must be like; all conditions must hold."""

    column: Column = Field(description="Column, or name of an extracted part")
    words: Words = Field(default=(), description="One of these, in upper or lower case; '' is an empty cell")
    matches: Pattern | None = Field(default=None, description="A regular expression that is found in it")
    filled: bool | None = Field(default=None, description="Whether something stands there")


class Extract(Declared):
    """Parts of a cell, taken out by the named groups of a regular expression."""

    column: Column = Field(description="Column")
    matches: Pattern = Field(description="Its named groups become columns")


class Cell(Declared):
    """A quantity: where it stands and how it is written."""

    column: Column = Field(description="Column, or name of an extracted part")
    number: NumberUnit | None = Field(
        default=None, description="What a bare number is, where it is not as in durations"
    )
    colon: ColonForm | None = Field(default=None, description="What two numbers with a colon are")
    unit: Column | None = Field(default=None, description="Column that holds the unit")


class Sides(Declared):
    """A column that names a breast, and its words."""

    column: Column = Field(description="Column")
    left: Words = Field(default=("left", "l"), description="Words for left")
    right: Words = Field(default=("right", "r"), description="Words for right")
    both: Words = Field(default=("both",), description="Words for both")


class Content(Declared):
    """A column that says what was in a bottle, and its words."""

    column: Column = Field(description="Column")
    own: Words = Field(default=(), description="Words for her own milk")
    formula: Words = Field(default=(), description="Words for formula")


class Take(Declared):
    """One row of the log that a row of the file becomes."""

    kind: Literal["breast", "pump", "hand", "bottle", "weight"] = Field(description="Kind of row")
    left_minutes: tuple[Cell, ...] = Field(default=(), description="At the left breast; several cells are added up")
    right_minutes: tuple[Cell, ...] = Field(default=(), description="At the right breast")
    minutes: tuple[Cell, ...] = Field(default=(), description="In all; the end minus the start where there is none")
    left_volume: tuple[Cell, ...] = Field(default=(), description="From the left breast")
    right_volume: tuple[Cell, ...] = Field(default=(), description="From the right breast")
    volume: tuple[Cell, ...] = Field(default=(), description="In all")
    weight: tuple[Cell, ...] = Field(default=(), description="Of the child")
    side: Sides | None = Field(default=None, description="At which breast")
    first: Sides | None = Field(default=None, description="Which breast came first")
    last: Sides | None = Field(default=None, description="Which breast came last")
    content: Content | None = Field(default=None, description="What was in the bottle, where a column says it")
    contains: Literal["own", "formula"] | None = Field(default=None, description="What was in the bottle, always")
    contains_by_file: Content | None = Field(
        default=None, description="What was in the bottle, by words in the name of the file; its column is not read"
    )
    only_sums: bool = Field(
        default=False, description="Whether minutes at the breasts count only where they add up to the minutes in all"
    )
    optional: bool = Field(default=False, description="Whether there is no such row where it has no volume")
    side_by_place: bool = Field(
        default=False, description="Whether only the place of a volume says its breast: a single one is then stated"
    )


class Rule(Declared):
    """What becomes of rows of one kind; the first rule that fits a row decides."""

    when: tuple[RowCondition, ...] = Field(default=(), description="Conditions; none: every row")
    take: tuple[Take, ...] = Field(default=(), description="Rows of the log")
    skip: str | None = Field(default=None, max_length=60, description="Counted under this name and left out")


class Skip(Declared):
    """Words of a column whose rows are counted, each word by itself, and left out."""

    column: Column = Field(description="Column")
    words: Words = Field(min_length=1, description="Words, in upper or lower case")
    begins: bool = Field(default=False, description="Whether the cell need only begin with the word")


class Format(Declared):
    """A format: a tracker's export, or a user's own sheet."""

    format: Literal[1] = Field(description="Version of this schema")
    name: str = Field(min_length=1, max_length=64, description="What --from takes")
    title: str = Field(default="", max_length=200, description="Name of the tracker")
    source: tuple[FormatSource, ...] = Field(default=(), description="Where it was read")
    note: str = Field(default="", max_length=1000, description="What a user of it should know")
    remark: str = Field(default="", max_length=200, description="Said in each report")
    container: Literal["table", "json", "text", "sqlite"] = Field(default="table", description="Kind of file")
    recognise: Recognise = Field(default_factory=Recognise, description="How it is known")
    lines: LineFormat | None = Field(default=None, description="Lines of a text file")
    tables: tuple[str, ...] = Field(default=(), description="Tables of a database; each row has its name as `table`")
    clock: ClockColumns = Field(description="Where the times stand")
    durations: Durations = Field(default_factory=Durations, description="How durations are written")
    volume_unit: VolumeUnit | None = Field(
        default=None, description="Of volumes without a unit; none: needed as an option"
    )
    weight_unit: WeightUnit | None = Field(default=None, description="Of weights without a unit; none: by --unit")
    child: Columns = Field(default=(), description="Columns that say which child it is, the first one filled counts")
    birth: Column | None = Field(default=None, description="Column with the date of birth, of any row")
    extract: tuple[Extract, ...] = Field(default=(), description="Parts of cells that become columns")
    rows: tuple[Rule, ...] = Field(min_length=1, description="What becomes of the rows")
    skip: tuple[Skip, ...] = Field(default=(), description="Kinds that are counted and left out")


def columns_of(value: Any) -> list[str]:
    """Every column that a part of a format reads, in order, each once."""
    names: list[str] = []
    if isinstance(value, Content) and not value.column:
        return names
    if isinstance(value, (RowCondition, Extract, Cell, Sides, Content, Skip)):
        names.append(value.column)
        if isinstance(value, Cell) and value.unit is not None:
            names.append(value.unit)
    elif isinstance(value, Declared):
        for name in type(value).model_fields:
            if name != "contains_by_file":
                names += columns_of(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            names += columns_of(part)
    return list(dict.fromkeys(names))
