"""One file, row by row: which rule, which rows of a log, and the notes on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lactflow.config.logs.notes import rows_in_words
from lactflow.errors import ConfigError, Problem
from lactflow.kinetics import plain_sum
from lactflow.trackers import stamps
from lactflow.trackers.account import Account, Repair
from lactflow.trackers.drafts import Draft, DraftNotes, Given
from lactflow.trackers.places import Chooser, Places
from lactflow.trackers.recognise import Recognised
from lactflow.trackers.schema import Rule, columns_of
from lactflow.trackers.sheet import key_of
from lactflow.trackers.stamps import Stamp
from lactflow.trackers.takes import NEEDS_UNIT, TakeReader
from lactflow.trackers.zones import Moment, moment, needs_zone
from lactflow.units import DAY_MIN

LONGEST_OVERNIGHT_MIN = 180.0
"""An end before the start is on the next day, where the row is then no longer than this."""
NEEDS_ORDER, NEEDS_ZONE = "--day-first or --month-first", "--zone"
_ROUNDED_MIN = 5.0
"""More than rounding of start, end and minutes makes of them."""
_COMMAS = {
    "decimal": "commas in numbers are decimal signs",
    "thousands": "commas before three digits of a number separate thousands",
}
BY_OPTION, _IN_FILE = "by --birth", "in the file"
_BY_DOTS = "the day is first in dates with dots (--month-first says otherwise)"
_COLONS = {"h:mm": "hours and minutes", "m:ss": "minutes and seconds"}
_UNREADABLE, _EXAMPLE = "cannot be read", "2031-05-03 08:10"
_ENOUGH_ROWS = 500
"""Rows after which a file whose dates have another form so far is taken to keep to it."""


@dataclass(frozen=True)
class Options:
    """
    What the user settles.

    Attributes
    ----------
    day_first
        Order of day and month; None: by the file.
    unit
        Of volumes without one: `oz` or `mL`.
    bottle
        What was in bottles: `own` or `formula`.
    zone_given
        Whether a zone is given for times in UTC.
    """

    day_first: bool | None = None
    unit: str | None = None
    bottle: str | None = None
    zone_given: bool = False


@dataclass(slots=True)
class ReadRow:
    """A row of a file that becomes rows of the log; `needs` are options that it cannot be read without."""

    moment: Moment
    drafts: list[Draft]
    child: tuple[str, ...] = ()
    notes: list[DraftNotes] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    far: bool = False


class FileReader:
    """Reads one recognised file."""

    def __init__(self, recognised: Recognised, options: Options, account: Account) -> None:
        self._file = recognised.opened.file
        self._format = recognised.format
        self._table = recognised.table
        self._options = options
        self._account = account
        self._places = Places(self._format, self._table)
        self._chooser = Chooser(self._format, self._places)
        given = Given(options.unit, options.bottle, self._file.replace("\\", "/").rsplit("/", 1)[-1].casefold())
        self._takes = [
            [TakeReader(take, self._format, self._table, self._places, given) for take in rule.take]
            for rule in self._format.rows
        ]
        account.unit_decides |= any(reader.unit_decides for readers in self._takes for reader in readers)
        times = self._format.clock
        self._start = self._places.first_of(times.start)
        self._end = self._places.first_of(times.end)
        self._zone = self._places.text(times.zone) if times.zone else lambda _: ""
        self._epoch = self._places.text(times.epoch) if times.epoch else lambda _: ""
        self._children = [self._places.text(name) for name in self._format.child]
        self._birth = self._places.text(self._format.birth) if self._format.birth else None
        self._day_first = options.day_first
        self._used = [{key_of(name) for name in columns_of(rule)} for rule in self._format.rows]
        self._unread: list[int] = []
        self._unknown: list[int] = []
        self._disagree: list[int] = []
        self._commas: dict[str, list[int]] = {}
        self._colons: set[str] = set()
        self._too_long: list[int] = []

    def read(self) -> list[ReadRow]:
        """
        Its rows, in the order of the file, with what they need from the user.

        Raises
        ------
        ConfigError
            If dates contradict the option that settles them.
        """
        self._settle_order()
        entries = [entry for line, cells in self._table.rows() if (entry := self._row(line, cells)) is not None]
        for what, lines in self._table.left_out.items():
            self._account.skip(what, len(lines))
            self._account.rows += len(lines)
            self._account.warnings.append(f"{self._file}: {what} are left out: {rows_in_words(lines)}")
        for what, lines in (
            ("rows of a kind that the format does not know are left out", self._unknown),
            ("the start and its number of seconds do not agree; the start is taken", self._disagree),
            ("the minutes are more than from the start to the end", self._too_long),
            ("a number with its unit is not read (a note, perhaps)", self._unread),
        ):
            if lines:
                self._account.warnings.append(f"{self._file}: {what}: {rows_in_words(lines)}")
        for form in sorted(self._colons):
            self._account.assume(f"durations such as 0:21 are {_COLONS[form]}", file=self._file)
        for form, lines in self._commas.items():
            self._account.assume(_COMMAS[form], *lines, file=self._file)
        if self._table.births:
            self._born(self._table.births, "by the age in the file")
        if not self._options.zone_given:
            in_utc = set(needs_zone([entry.moment for entry in entries]))
            for entry in entries if in_utc else ():
                entry.needs += [NEEDS_ZONE] if entry.moment.line in in_utc else []
        return entries

    def _born(self, births: Sequence[date], how: str) -> None:
        """A date of birth of the file, where the user gave none; a contradiction with the user's is reported."""
        account = self._account
        if account.birth is None:
            account.birth, account.birth_from = births[0], how
        elif account.birth_from == BY_OPTION and account.birth not in births:
            remark = (
                f"{self._file}: {births[0]} {how} is not the date of birth that is used: {account.birth} {BY_OPTION}"
            )
            if remark not in account.remarks:
                account.remarks.append(remark)

    def _settle_order(self) -> None:
        """Day and month by a day above 12, anywhere in the file."""
        lines: dict[bool, list[int]] = {True: [], False: []}
        numeric = False
        fill = self._places.row if self._places.extracts(self._format.clock.start) else self._places.padded
        for number, (line, cells) in enumerate(self._table.rows()):
            start = self._start(fill(cells))
            numeric = numeric or stamps.has_order(start)
            if number >= _ENOUGH_ROWS and not numeric:
                break
            order = stamps.day_above_12(start) if numeric else None
            if order is not None:
                lines[order].append(line)
        if self._day_first is None:
            if lines[True] and lines[False]:
                message = (
                    f"the day is first in line {lines[True][0]} and the month in line {lines[False][0]} "
                    "(needed: --day-first or --month-first)"
                )
                raise ConfigError(Problem(message, self._file, lines[False][0], 1))
            if lines[True] or lines[False]:
                self._day_first = bool(lines[True])
                word = "day" if self._day_first else "month"
                what, line = f"the {word} is first in dates, by a day above 12", (lines[True] or lines[False])[0]
                self._account.assume(what, line, file=self._file)
        elif lines[not self._day_first] and not lines[self._day_first]:
            given, other = ("--day-first", "--month-first") if self._day_first else ("--month-first", "--day-first")
            message = f"a date that has no month with {given} (nearest: {other})"
            raise ConfigError(Problem(message, self._file, lines[not self._day_first][0], 1))

    def _row(self, line: int, cells: Sequence[str]) -> ReadRow | None:
        self._account.rows += 1
        row = self._places.row(cells)
        self._see_birth(row)
        choice = self._chooser.choose(row)
        if choice is None:
            self._account.skip("unknown")
            self._unknown.append(line)
            self._count_unknown(row)
            return None
        if isinstance(choice, str):
            self._account.skip(choice.casefold())
            return None
        rule: Rule = self._format.rows[choice]
        if rule.skip is not None:
            self._account.skip(rule.skip)
            return None
        if len(cells) > self._places.width and any(cell.strip() for cell in cells[self._places.width :]):
            self._note(line, "more cells than the header; the last ones are not read")
        if self._format.lines is not None and self._places.unread(row, self._used[choice]):
            self._unread.append(line)
        return self._take(line, row, self._takes[choice])

    def _count_unknown(self, row: Sequence[str]) -> None:
        """What a row of an unknown kind holds at most, read as a row of each kind that is known."""
        stamp, _ = self._stamp(self._start(row), "the start")
        minutes = ml = 0.0
        for reader in (reader for readers in self._takes for reader in readers):
            notes = DraftNotes()
            draft = reader.read(row, self._length(row, stamp, DraftNotes()), notes)
            if draft is not None and draft.kind != "weight":
                minutes = max(minutes, draft.minutes)
                ml = max(ml, 0.0 if NEEDS_UNIT in notes.needs else draft.ml)
        self._account.unknown_minutes += minutes
        self._account.unknown_ml += ml

    def _take(self, line: int, row: Sequence[str], readers: list[TakeReader]) -> ReadRow | None:
        stamp, trouble = self._stamp(self._start(row), "the start")
        if trouble.endswith(_UNREADABLE):
            trouble += f" (needed: such as {_EXAMPLE})"
        kept: list[Draft] = []
        every: list[DraftNotes] = []
        for reader in readers:
            notes = DraftNotes()
            draft = reader.read(row, self._length(row, stamp, notes), notes)
            every.append(notes)
            if draft is None:
                continue
            if notes.dropped:
                notes.left_out_minutes += draft.minutes
                notes.left_out_ml += draft.ml
            else:
                kept.append(draft)
        if stamp is not None and not stamp.has_time and any(draft.kind != "weight" for draft in kept):
            trouble = f"the start has no time of day (needed: such as {_EXAMPLE})"
        wrong = [*([trouble] if trouble else []), *(what for notes in every for what in notes.wrong)]
        dropped = [notes.dropped for notes in every if notes.dropped]
        if wrong or not kept or stamp is None:
            what = "; ".join(dict.fromkeys(wrong)) or (dropped or ["a row with nothing in it"])[0]
            self._drop(line, what, kept, every)
            return None
        for what in dropped:
            self._note(line, what)
        return self._entry(line, row, stamp, kept, every)

    def _entry(
        self, line: int, row: Sequence[str], stamp: Stamp, kept: list[Draft], every: list[DraftNotes]
    ) -> ReadRow:
        needs = [NEEDS_ORDER] if stamp.ambiguous and self._day_first is None else []
        if stamp.by_dots:
            self._account.assume(_BY_DOTS, line, file=self._file)
        for notes in every:
            needs += notes.needs
            if notes.colon:
                self._colons.add(notes.colon)
                if _longer(kept, self._length(row, stamp, DraftNotes())()):
                    self._too_long.append(line)
            if notes.comma and line not in self._commas.setdefault(notes.comma, [])[-1:]:
                self._commas[notes.comma].append(line)
        if stamp.offset_min is None and not self._format.clock.local:
            stamp = stamp._replace(offset_min=0)
        when, agree = moment(stamp, self._zone(row), self._instant(row), self._file, line)
        if not agree:
            self._disagree.append(line)
        return ReadRow(when, kept, tuple(text for child in self._children if (text := child(row))), every, needs)

    def _stamp(self, text: str, what: str) -> tuple[Stamp | None, str]:
        if not text:
            return None, f"{what} is missing"
        times = self._format.clock
        try:
            return stamps.read(text, day_first=self._day_first, number=times.number, serial=self._table.serial), ""
        except (ValueError, OverflowError):
            return None, f"{what} {_UNREADABLE}"

    def _length(self, row: Sequence[str], start: Stamp | None, notes: DraftNotes) -> Callable[[], float | None]:
        def length_min() -> float | None:
            text = self._end(row)
            if start is None or not text:
                return None
            end, trouble = self._stamp(text, "the end")
            if end is None:
                try:
                    hour, minute, second = stamps.read_time(text)
                except ValueError:
                    notes.repaired.append(f"{trouble}: no minutes")
                    return None
                end = Stamp(start.local.replace(hour=hour, minute=minute, second=second), start.offset_min)
            return _minutes_between(start, end, notes)

        return length_min

    def _instant(self, row: Sequence[str]) -> datetime | None:
        """The instant that another column has, as naive UTC."""
        text = self._epoch(row)
        if not text:
            return None
        try:
            return stamps.read(text, number="epoch_ms").local
        except (ValueError, OverflowError):
            return None

    def _see_birth(self, row: Sequence[str]) -> None:
        if self._birth is None or self._account.birth_from == _IN_FILE:
            return
        text = self._birth(row)
        if text:
            try:
                self._born([stamps.read_date(text)], _IN_FILE)
            except ValueError:
                self._account.warnings.append(f"{self._file}: the date of birth cannot be read")

    def _note(self, line: int, what: str) -> None:
        self._account.repaired.append(Repair(self._file, line, what))

    def _drop(self, line: int, what: str, drafts: list[Draft], every: list[DraftNotes]) -> None:
        self._account.repaired.append(Repair(self._file, line, what, dropped=True))
        self._account.leave_out(drafts, every)


def _longer(kept: list[Draft], length_min: float | None) -> bool:
    """Whether the minutes cannot have passed between start and end: a sign of minutes and seconds read as hours."""
    return length_min is not None and plain_sum(draft.minutes for draft in kept) > length_min + _ROUNDED_MIN


def _minutes_between(start: Stamp, end: Stamp, notes: DraftNotes) -> float | None:
    length = end.local - start.local
    if start.offset_min is not None and end.offset_min is not None:
        length += timedelta(minutes=start.offset_min - end.offset_min)
    minutes = length.total_seconds() / 60.0
    if minutes < 0.0:
        minutes += DAY_MIN
        if not 0.0 <= minutes <= LONGEST_OVERNIGHT_MIN:
            notes.repaired.append("the end is before the start: no minutes")
            return None
        notes.repaired.append("the end is before the start: taken as on the next day")
    if minutes > DAY_MIN:
        notes.repaired.append("the end is more than a day after the start: no minutes")
        return None
    return minutes
