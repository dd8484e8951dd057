"""Files of trackers to rows of lactflow's own log: read, put on one clock, merged, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from pathlib import Path

from lactflow.config.logs.clock import far_rows, may_repeat
from lactflow.config.logs.notes import rows_in_words
from lactflow.config.logs.rows import MOST_CHILDREN, WEIGHT
from lactflow.config.logs.table import MOST_PROBLEMS, MOST_ROWS
from lactflow.config.text import counted
from lactflow.config.uncollected import uncollected
from lactflow.errors import ConfigError, Problem
from lactflow.trackers.account import Account, Repair
from lactflow.trackers.containers import open_file
from lactflow.trackers.doubts import EXPRESSED, odd_units, since_birth
from lactflow.trackers.drafts import Draft
from lactflow.trackers.formats import Mapping, load_mapping, named_formats, shipped_formats
from lactflow.trackers.imported import Imported, LogRow
from lactflow.trackers.reading import BY_OPTION, NEEDS_ORDER, NEEDS_ZONE, FileReader, Options, ReadRow
from lactflow.trackers.recognise import recognise
from lactflow.trackers.takes import NEEDS_BOTTLE, NEEDS_UNIT
from lactflow.trackers.zones import chosen_zone, instant, offset_text, settle

MOST_FILES = 50
_HERS = "pumpings are the mother's: they are kept, whichever child they are written under"
_MOST_DATES = 5
_NEEDED = {
    NEEDS_UNIT: "volumes have no unit",
    NEEDS_BOTTLE: "bottles do not say what was in them",
    NEEDS_ORDER: "dates can be read with the day or the month first",
    NEEDS_ZONE: "times are in UTC and no zone is named",
}
_HOW = {
    NEEDS_UNIT: "--unit oz or --unit mL",
    NEEDS_BOTTLE: "--bottle own or --bottle formula",
    NEEDS_ORDER: "--day-first or --month-first",
    NEEDS_ZONE: "--zone Area/City, such as --zone America/New_York",
}
_REPEATED = "a repeated row"
_ANOTHER = "a row that another file has too"
_CLOCKS_BACK = "a repeated row; the clock may have gone back that night, and --zone decides"
_DAY_OF_WEANED = 1100
"""Days after birth beyond which a date of birth is doubted."""


@dataclass(frozen=True)
class Wanted:
    """
    The user's options.

    Attributes
    ----------
    format_name
        `--from`.
    mapping
        `--map`.
    zone, unit, day_first, bottle
        What settles the things that a file leaves open.
    child
        Name, id or number of the only child to take.
    birth
        Date of birth.
    """

    format_name: str | None = None
    mapping: Path | None = None
    zone: str | None = None
    unit: str | None = None
    day_first: bool | None = None
    bottle: str | None = None
    child: str | None = None
    birth: date | None = None


def import_logs(paths: Sequence[Path], wanted: Wanted) -> Imported:
    """
    Read the logs of one mother.

    Parameters
    ----------
    paths
        Files; rows that stand in several are counted once.
    wanted
        The user's options.

    Raises
    ------
    ConfigError
        With all that is wrong, or with every option that is needed to settle what the files leave open.
    ArchiveError
        If a file cannot be read.
    """
    with uncollected():
        return _import(paths, wanted)


def _import(paths: Sequence[Path], wanted: Wanted) -> Imported:
    if len(paths) > MOST_FILES:
        raise ConfigError(Problem(f"{len(paths)} files (allowed: at most {MOST_FILES})"))
    zone = chosen_zone(wanted.zone)
    mapping: Mapping | None = None
    if wanted.mapping is not None:
        mapping = load_mapping(wanted.mapping)
        formats = [mapping.format]
    elif wanted.format_name is not None:
        formats = named_formats(wanted.format_name)
    else:
        formats = list(shipped_formats().values())
    account = Account(birth=wanted.birth, birth_from=BY_OPTION if wanted.birth is not None else "")
    options = Options(wanted.day_first, wanted.unit, wanted.bottle, zone_given=zone is not None)
    chosen = wanted.mapping is not None or wanted.format_name is not None
    read: list[list[ReadRow]] = []
    titles: list[str] = []
    files: list[str] = []
    for path in paths:
        opened = open_file(path)
        files.append(opened.file)
        recognised = recognise(opened, formats, chosen=chosen)
        if mapping is not None:
            mapping.check(recognised.table)
        account.formats.append(recognised.format.name)
        titles.append(recognised.format.title or recognised.format.name)
        if (remark := recognised.format.remark) and remark not in account.remarks:
            account.remarks.append(remark)
        for what in opened.assumed:
            account.assume(what, file=opened.file)
        read.append(FileReader(recognised, options, account).read())
    entries = [entry for each in read for entry in each]
    _report_needs(_for_child(entries, wanted.child))
    if sum(len(entry.drafts) for entry in entries) > MOST_ROWS:
        raise ConfigError(Problem(f"more than {MOST_ROWS:,} rows in the log"))
    settle([[entry.moment for entry in each] for each in read], zone, account)
    for number in far_rows([entry.moment.local for entry in entries]):
        entries[number].far = True
    in_order = _in_order(entries, by_instant=zone is not None)
    of_child = since_birth(_of_child(in_order, wanted.child, account), account)
    rows = _rows(of_child, account, with_offset=zone is not None)
    _close(rows, account, files)
    odd_units(rows, account, wanted.unit)
    return Imported(rows, account, titles)


def _in_order(entries: list[ReadRow], *, by_instant: bool) -> list[ReadRow]:
    """By real time, which goes on while a clock goes back; without offsets by the clock that all are on."""
    return sorted(entries, key=lambda entry: instant(entry.moment) if by_instant else entry.moment.local)


def _report_needs(entries: Iterable[ReadRow]) -> None:
    """
    Report what rows leave open.

    Raises
    ------
    ConfigError
        With every option that is needed.
    """
    needed: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        for need in dict.fromkeys(entry.needs):
            needed.setdefault((entry.moment.file, need), []).append(entry.moment.line)
    if needed:
        raise ConfigError(
            *(
                Problem(f"{_NEEDED[need]} in {rows_in_words(lines)} (needed: {_HOW[need]})", file, lines[0], 1)
                for (file, need), lines in needed.items()
            )
        )


def _numbers(entries: Iterable[ReadRow]) -> dict[str, int]:
    """Numbers of the children that anything but a pumping is of, in the order of their first rows."""
    numbers: dict[str, int] = {}
    for entry in entries:
        if entry.child and not _of_mother(entry):
            numbers.setdefault(entry.child[0], len(numbers) + 1)
    return numbers


def _of_mother(entry: ReadRow) -> bool:
    return all(draft.kind in EXPRESSED for draft in entry.drafts)


def _named(entries: Sequence[ReadRow], numbers: dict[str, int], wanted: str) -> set[str]:
    """
    The child that the user wants, by name, id or number.

    Raises
    ------
    ConfigError
        If there is no row of it.
    """
    word = wanted.strip().casefold()
    named = {
        entry.child[0] for entry in entries if entry.child and any(name.casefold() == word for name in entry.child)
    }
    named = named or {name for name, number in numbers.items() if str(number) == word}
    if not named:
        known = f"the rows are of {counted(len(numbers), 'child', 'children')}" if numbers else "the rows name no child"
        raise ConfigError(Problem(f"there is no row of that child ({known}; a number is taken too)", "--child"))
    return named


def _for_child(entries: list[ReadRow], wanted: str | None) -> list[ReadRow]:
    """Entries that are kept: of other children, nothing is required."""
    if wanted is None:
        return entries
    named = _named(entries, _numbers(_in_order(entries, by_instant=False)), wanted)
    return [entry for entry in entries if _of_mother(entry) or not entry.child or entry.child[0] in named]


def _of_child(entries: list[ReadRow], wanted: str | None, account: Account) -> list[tuple[ReadRow, str]]:
    """
    Entries with the number of their child; of one child alone where the user wants that.

    Raises
    ------
    ConfigError
        If there are more children than a log can have.
    """
    numbers = _numbers(entries)
    account.children = len(numbers)
    if wanted is not None:
        named = _named(entries, numbers, wanted)
        entries = _without_others(entries, named, account)
        # The first rows of two children can change places when all are on one clock.
        _report_needs(entries)
        account.children = len(named)
    if account.children > MOST_CHILDREN:
        message = f"rows of {len(numbers)} children (allowed: {MOST_CHILDREN} in one log; --child NAME takes one)"
        raise ConfigError(Problem(message, "--child"))
    several = account.children > 1
    return [(entry, str(numbers.get(entry.child[0], "")) if several and entry.child else "") for entry in entries]


def _without_others(entries: list[ReadRow], named: set[str], account: Account) -> list[ReadRow]:
    kept = []
    for entry in entries:
        if _of_mother(entry):
            account.assume(_HERS, entry.moment.line, file=entry.moment.file)
            kept.append(entry)
        elif not entry.child or entry.child[0] in named:
            kept.append(entry)
        else:
            account.skip("another child")
            account.leave_out(entry.drafts, entry.notes)
    return kept


def _rows(entries: Iterable[tuple[ReadRow, str]], account: Account, *, with_offset: bool) -> list[LogRow]:
    """Rows of the log, each once."""
    astuple = attrgetter(*Draft.__slots__)
    seen: dict[tuple[object, ...], str] = {}
    far: dict[tuple[str, date], list[int]] = {}
    rows: list[LogRow] = []
    for entry, child in entries:
        start = _start_text(entry, with_offset=with_offset)
        made = [LogRow(start, draft, "" if draft.kind in EXPRESSED else child) for draft in entry.drafts]
        for row in made:
            _round(row.draft)
        content = (start, *(part for row in made for part in (row.child, *astuple(row.draft))))
        where = entry.moment
        if content in seen:
            what = _ANOTHER if seen[content] != where.file else _REPEATED
            if what is _REPEATED and where.offset_min is None and may_repeat(where.local):
                what = _CLOCKS_BACK
            account.repaired.append(Repair(where.file, where.line, what, dropped=True))
            account.leave_out(entry.drafts, entry.notes)
            continue
        seen[content] = where.file
        account.taken += 1
        account.leave_out((), entry.notes)
        if entry.far:
            far.setdefault((where.file, where.local.date()), []).append(where.line)
        else:
            account.first, account.last = account.first or where.local.date(), where.local.date()
        for notes in entry.notes:
            account.repaired += [Repair(where.file, where.line, what) for what in notes.repaired]
            for what in notes.assumed:
                account.assume(what, where.line, file=where.file)
        rows += made
    for (file, day), lines in list(far.items())[:_MOST_DATES]:
        account.warnings.append(f"{file}: far from all other rows (is {day} right?): {rows_in_words(lines)}")
    if (rest := sum(len(lines) for lines in list(far.values())[_MOST_DATES:])) > 0:
        account.warnings.append(f"far from all other rows: {rest} more")
    account.repaired.sort(key=lambda repair: (repair.file, repair.line))
    return rows


def _start_text(entry: ReadRow, *, with_offset: bool) -> str:
    local = entry.moment.local
    text = local.isoformat(" ", "seconds" if local.second else "minutes")
    return text + offset_text(entry.moment.offset_min or 0) if with_offset else text


def _round(draft: Draft) -> None:
    """Two decimals of a minute, and one of a millilitre where it was converted: the file's own are kept."""
    for name in ("left_min", "right_min"):
        value = getattr(draft, name)
        if value:
            setattr(draft, name, round(value, 2))
    for name in ("volume_ml", "left_ml", "right_ml"):
        value = getattr(draft, name)
        if value:
            setattr(draft, name, round(value, 2) if abs(value - round(value, 2)) < 1e-9 else round(value, 1))
    if draft.value_kg is not None:
        draft.value_kg = round(draft.value_kg, 3)


def _nothing_taken(account: Account, files: Sequence[str], weights: int) -> ConfigError:
    """Why the log would be empty: what is wrong with rows, one line for all with the same, and what else is there."""
    wrong: dict[tuple[str, str], list[int]] = {}
    for one in account.repaired:
        wrong.setdefault((one.file, one.what), []).append(one.line)
    problems = [
        Problem(what if len(lines) == 1 else f"{what}: {rows_in_words(lines)}", file, lines[0], 1)
        for (file, what), lines in wrong.items()
    ]
    skipped = [f"{count} {kind}" for kind, count in account.skipped.items()]
    kinds = ", ".join([*skipped, *([counted(weights, "weight")] if weights else [])])
    inside = kinds or ("no row is below the header" if not account.rows else "")
    what = f"no feed, pumping or bottle is in {'it' if len(files) == 1 else 'them'}{f' ({inside})' if inside else ''}"
    nothing = Problem(what, files[0] if len(files) == 1 else None)
    rest = len(problems) - MOST_PROBLEMS
    more = [Problem(f"... and {rest} more kinds of errors")] if rest > 0 else []
    return ConfigError(*problems[:MOST_PROBLEMS], *more, nothing)


def _close(rows: list[LogRow], account: Account, files: Sequence[str]) -> None:
    """The sums of the log, and the errors and warnings that only the whole shows."""
    kinds = Counter(row.draft.kind for row in rows)
    if not kinds.total() - kinds[WEIGHT]:
        raise _nothing_taken(account, files, kinds[WEIGHT])
    account.written, account.kinds = len(rows), dict(kinds)
    for row in rows:
        account.minutes += row.draft.minutes
        account.ml += row.draft.ml
    day = account.first_day
    if day is not None and day > _DAY_OF_WEANED:
        account.warnings.append(f"the first row is on day {day} after birth: is the date of birth right?")
