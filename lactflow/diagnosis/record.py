"""
A clinical record: what a clinic holds about a mother and her infant, one row a fact, all of it optional but the birth.

Nothing is taken, converted or left out without being counted: what cannot be read is an error with its line, all errors
of a file at once, and what was assumed is one line each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from lactflow.config.logs.notes import Notes, rows_in_words
from lactflow.config.logs.table import refusal
from lactflow.config.text import choices, counted, quoted
from lactflow.diagnosis.birth import Birth, read_note
from lactflow.diagnosis.kinds import KINDS
from lactflow.diagnosis.rows import RowFact, RowReader
from lactflow.diagnosis.table import RecordTable, open_table
from lactflow.errors import ConfigError, Problem
from lactflow.trackers import stamps
from lactflow.trackers.account import Account
from lactflow.trackers.zones import Moment, chosen_zone, instant, settle
from lactflow.units import DAY_MIN, HOUR_MIN

LATEST_DAY: Final = 200.0
"""Days after birth beyond which a fact is set aside: by then infants eat other food."""
ONSET_H: Final = (6.0, 240.0)
"""Hours after birth outside of which it is doubted that milk was felt to come in. Ours: usual are 59 (SD 13) h."""
_NO_CLOCK = "facts without a time of day are taken as of noon, on the day of birth as of halfway to midnight"


class Fact(NamedTuple):
    """
    One fact.

    Attributes
    ----------
    time_min
        Minutes since birth.
    kind
        A word of `KINDS`.
    breast
        `left`, `right` or `both`; empty for a kind that is of no breast.
    value
        In `unit`; None for a kind without a value, and where it is left out.
    unit
        That of the kind.
    below
        Whether the truth is below the value.
    note
        As it stands there.
    line
        Of the file.
    above
        Whether the truth is above the value.
    written
        The unit of the record, where the value was converted.
    """

    time_min: float
    kind: str
    breast: str
    value: float | None
    unit: str
    below: bool
    note: str
    line: int
    above: bool = False
    written: str = ""


@dataclass(frozen=True)
class Record:
    """
    A record that was read.

    Attributes
    ----------
    file
        Name for messages.
    birth
        What time is counted from, and what is known of it.
    facts
        By time, that of the birth among them.
    rows
        Rows of the file, without comments.
    notes
        What was assumed, set aside, or is doubtful.
    """

    file: str
    birth: Birth
    facts: tuple[Fact, ...]
    rows: int
    notes: Notes = field(repr=False)

    def of(self, kind: str) -> tuple[Fact, ...]:
        """Facts of one kind, by time."""
        return tuple(fact for fact in self.facts if fact.kind == kind)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was assumed, set aside, or is doubtful: one line each, with the number of rows and their lines."""
        return tuple(self.notes.lines(self.file))

    def summary(self) -> tuple[str, ...]:
        """What was read, by kind, with what was converted; then the warnings."""
        kinds = [kind for kind in KINDS if self.of(kind)]
        first = f"{self.file}: {counted(len(self.facts), 'fact')} from {counted(self.rows, 'row')}"
        lines = [_in_words(kind, self.of(kind)) for kind in kinds if kind != "birth"]
        return (first, f"birth: {self.birth.in_words}", *lines, *self.warnings)


def _in_words(kind: str, facts: Sequence[Fact]) -> str:
    """`sodium: 3 in mmol/L, days 2.1 to 6.9, 1 below a limit, 2 from mg/L`."""
    unit = f" in {facts[0].unit}" if facts[0].unit else ""
    days = [f"{fact.time_min / DAY_MIN:.1f}" for fact in (facts[0], facts[-1])]
    parts = [f"{len(facts)}{unit}", f"day {days[0]}" if days[0] == days[1] else f"days {days[0]} to {days[1]}"]
    for what, those in (
        ("below a limit", [fact for fact in facts if fact.below]),
        ("above a limit", [fact for fact in facts if fact.above]),
        ("without a value", [fact for fact in facts if fact.value is None and KINDS[kind].value == "optional"]),
    ):
        parts += [f"{len(those)} {what}"] if those else []
    written = Counter(fact.written for fact in facts if fact.written)
    parts += [f"{number} converted from {name}" for name, number in sorted(written.items())]
    return f"{kind}: {', '.join(parts)}"


def read_record(path: Path, *, day_first: bool | None = None, zone: str | None = None) -> Record:
    """
    Read a clinical record.

    Parameters
    ----------
    path
        CSV with the columns `time, kind, breast, value, unit, note`, where lines that begin with `#` are comments; or a
        workbook or JSON with the same columns.
    day_first
        Order of day and month in dates that end in the year; None: by a day above 12, else such dates are refused.
    zone
        Time zone of times without an offset, such as `Europe/Berlin`; None for a clock that runs evenly.

    Raises
    ------
    ConfigError
        With everything that is wrong, one line each.
    ArchiveError
        If the file cannot be read.
    """
    usual = chosen_zone(zone)
    table, notes = open_table(path), Notes()
    reader = RowReader(table, notes, _day_first(table, day_first, notes))
    found = [fact for line, cells in table.rows() if (fact := reader.row(line, cells)) is not None]
    read = _each_once(found, notes)
    births, problems = _births(read, table), [*reader.problems, *_too_many(read, table)]
    if reader.ambiguous:
        which = f"the day or the month may be first in dates of {rows_in_words(reader.ambiguous)}"
        what = f"{which} (needed: the year first, such as 2031-05-03)"
        problems.append(table.problem(what, reader.ambiguous[0], "time"))
    problems += [each for each in births if isinstance(each, Problem)]
    if "birth" not in reader.seen:
        problems.append(Problem("no birth (needed: a row of kind birth with its date and time)", table.file))
    if problems:
        raise refusal(sorted(problems, key=lambda problem: problem.line or 0), table.file)
    (birth,) = (each for each in births if isinstance(each, Birth))
    _note_file(table, reader, birth, notes)
    _settle(read, usual, notes)
    facts = _facts(read, table, notes, by_instant=usual is not None)
    # The clock may have been put on another offset.
    born = next(fact.moment.local for fact in read if fact.kind == "birth")
    return Record(table.file, birth._replace(time=born), facts, reader.rows, notes)


def _day_first(table: RecordTable, wanted: bool | None, notes: Notes) -> bool | None:
    """Whether the day is first in numeric dates: as it was given, or by a day above 12; None where that is open."""
    if wanted is not None:
        return wanted
    lines: dict[bool, list[int]] = {True: [], False: []}
    for line, cells in table.rows():
        order = stamps.day_above_12(table.time_of(cells))
        if order is not None:
            lines[order].append(line)
    if lines[True] and lines[False]:
        what = f"the day is first in line {lines[True][0]} and the month in line {lines[False][0]} (needed: one order)"
        raise ConfigError(table.problem(what, lines[False][0], "time"))
    decisive = [*lines[True], *lines[False]]
    if not decisive:
        return None
    notes.add(f"the {'day' if lines[True] else 'month'} is first in dates, by a day above 12", decisive[0])
    return bool(lines[True])


def _each_once(read: Iterable[RowFact], notes: Notes) -> list[RowFact]:
    """Facts without those that stand there again; two values of one time are kept."""
    whole: set[tuple[object, ...]] = set()
    places: set[tuple[object, ...]] = set()
    kept = []
    for fact in read:
        place = (fact.moment.local, fact.moment.offset_min, fact.kind, fact.breast)
        content = (*place, fact.reading and fact.reading[:3], fact.note)
        if content in whole:
            notes.add("repeated rows are dropped", fact.line)
            continue
        if place in places:
            notes.add("another fact of the same kind, breast and time stands before; both are kept", fact.line)
        whole.add(content)
        places.add(place)
        kept.append(fact)
    return kept


def _births(read: Iterable[RowFact], table: RecordTable) -> list[Birth | Problem]:
    """Each birth with what its note has about it, or what is wrong with the note."""
    births: list[Birth | Problem] = []
    for fact in read:
        if fact.kind == "birth":
            try:
                known, others = read_note(fact.note)
            except ValueError as error:
                births.append(table.problem(str(error), fact.line, "note"))
            else:
                weight_kg = None if fact.reading is None else fact.reading.value
                births.append(Birth(fact.moment.local, fact.line, weight_kg, others=others, **known))
    return births


def _too_many(read: Iterable[RowFact], table: RecordTable) -> list[Problem]:
    """What there can be only one of, and is there again."""
    first: dict[str, int] = {}
    problems = []
    for fact in read:
        before = first.setdefault(fact.kind, fact.line)
        if KINDS[fact.kind].once and before != fact.line:
            allowed = "one; twins are `plurality: 2` in its note" if fact.kind == "birth" else "one"
            what = f"another {fact.kind} stands in line {before} (allowed: {allowed})"
            problems.append(table.problem(what, fact.line, "kind"))
    return problems


def _note_file(table: RecordTable, reader: RowReader, birth: Birth, notes: Notes) -> None:
    """What was assumed of the file as a whole, and of the birth."""
    for what in table.assumed:
        notes.once(what)
    ignored = [quoted(name) for name in table.columns.ignored if name]
    if ignored:
        notes.once(f"columns that lactflow does not know are ignored: {choices(ignored, 8)}")
    for line in reader.unfilled:
        notes.add("rows that are not filled in are left out", line)
    if birth.others:
        notes.add("words of the note of the birth are not read", birth.line)
    if (birth.plurality or 1) > 1:
        notes.once(f"{birth.plurality} infants: weights, feeds and bottles are taken to be of one and the same")


def _settle(read: Sequence[RowFact], zone: ZoneInfo | None, notes: Notes) -> None:
    """Put all facts on one clock; the moments are changed in place."""
    account = Account()
    settle([[fact.moment for fact in read]], zone, account)
    for assumption, lines in account.assumed.items():
        for line in lines:
            notes.add(assumption.what, line)


def _facts(read: Sequence[RowFact], table: RecordTable, notes: Notes, *, by_instant: bool) -> tuple[Fact, ...]:
    """
    Facts by time since birth; what lies outside the days of a record is set aside.

    Parameters
    ----------
    read
        On one clock.
    table
        For messages.
    notes
        Takes what was assumed and set aside.
    by_instant
        Whether the clock has a zone, so that hours count through a change of the clock.

    Raises
    ------
    ConfigError
        If something happened to the infant before it was born, or everything is too late.
    """
    birth = next(fact for fact in read if fact.kind == "birth").moment
    facts, problems, late = [], [], 0
    for fact in read:
        time_min = _since(birth, fact, by_instant=by_instant)
        kind = KINDS[fact.kind]
        if time_min < 0.0 and kind.of_mother:
            notes.add("facts of the mother from before the birth are set aside", fact.line)
        elif time_min < 0.0:
            what = f"{fact.kind} before the birth at {birth.local:%Y-%m-%d %H:%M} (allowed: later)"
            problems.append(table.problem(what, fact.line, "time"))
        elif time_min > LATEST_DAY * DAY_MIN:
            late += 1
            notes.add(f"facts from later than {LATEST_DAY:g} days after the birth are set aside", fact.line)
        else:
            facts.append(_fact(fact, time_min))
            if fact.kind == "felt_onset" and not ONSET_H[0] <= time_min / HOUR_MIN <= ONSET_H[1]:
                plausible = f"{ONSET_H[0]:g} to {ONSET_H[1]:g} h after the birth"
                notes.add(f"{fact.kind} outside of what is plausible, {plausible}", fact.line)
            if fact.day and fact.kind != "feeds_per_day":
                notes.add(_NO_CLOCK, fact.line)
    if late and late == len(read) - 1:
        what = f"every fact is from later than {LATEST_DAY:g} days after the birth (is its date right?)"
        problems.append(table.problem(what, birth.line, "time"))
    if problems:
        raise refusal(problems, table.file)
    if len(facts) == 1:
        notes.once("there is nothing but the birth")
    return tuple(sorted(facts, key=lambda fact: (fact.time_min, fact.line)))


def _since(birth: Moment, fact: RowFact, *, by_instant: bool) -> float:
    """Minutes since birth; of a fact whose day alone is known, those at noon, or halfway from the birth to midnight."""
    if fact.day and fact.moment.local.date() == birth.local.date():
        midnight = datetime.combine(birth.local.date(), datetime.min.time()) + timedelta(days=1)
        return (midnight - birth.local) / timedelta(minutes=2)
    passed = instant(fact.moment) - instant(birth) if by_instant else fact.moment.local - birth.local
    return passed / timedelta(minutes=1)


def _fact(fact: RowFact, time_min: float) -> Fact:
    unit, reading = KINDS[fact.kind].unit, fact.reading
    if reading is None:
        return Fact(time_min, fact.kind, fact.breast, None, unit, below=False, note=fact.note, line=fact.line)
    return Fact(
        time_min,
        fact.kind,
        fact.breast,
        reading.value,
        unit,
        reading.below,
        fact.note,
        fact.line,
        reading.above,
        reading.unit,
    )
