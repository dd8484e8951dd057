"""What `lactflow import` says: what became of the rows, and what to type next."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.cli.import_config import START_DAY
from lactflow.config.logs.notes import rows_in_words
from lactflow.config.model import MOST_DAYS
from lactflow.config.text import counted
from lactflow.errors import ConfigError
from lactflow.records import BREASTS
from lactflow.systems import shell_word
from lactflow.trackers.lines import NO_EVENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lactflow.trackers.imported import Imported

_NAMES = {
    "breast": ("feed at the breast", "feeds at the breast"),
    "pump": ("pumping", "pumpings"),
    "hand": ("expression by hand", "expressions by hand"),
    "bottle_own_milk": ("bottle of her own milk", "bottles of her own milk"),
    "bottle_formula": ("bottle of formula", "bottles of formula"),
    "weight": ("weight", "weights"),
}


def report(
    imported: Imported, *, target: str | None, config: str | None, files: Sequence[str], words: Sequence[str]
) -> Iterator[str]:
    """
    The lines of the report.

    Parameters
    ----------
    imported
        The log.
    target
        File that it was written to, None for stdout.
    config
        Config that was written beside it.
    files
        Files that were read.
    words
        Files and options as they were typed.
    """
    account = imported.account
    yield f"format: {', '.join(dict.fromkeys(imported.titles))}"
    for remark in account.remarks:
        yield f"remark: {remark}"
    yield f"rows read: {account.rows:,}"
    kinds = ", ".join(counted(count, *_NAMES[kind]) for kind in _NAMES if (count := account.kinds.get(kind, 0)))
    more = f", as {account.written:,} rows of the log" if account.written != account.taken else ""
    yield f"taken: {account.taken:,}{more} ({kinds})"
    if account.skipped:
        yield f"skipped: {', '.join(_kind(kind, number) for kind, number in account.skipped.items())}"
    yield from _grouped("dropped", [(one.file, one.line, one.what) for one in account.repaired if one.dropped], files)
    yield from _grouped(
        "repaired", [(one.file, one.line, one.what) for one in account.repaired if not one.dropped], files
    )
    for one, lines in account.assumed.items():
        place = f"{one.file}: " if len(files) > 1 else ""
        yield f"assumed: {place}{one.what}{f': {rows_in_words(sorted(set(lines)))}' if lines else ''}"
    yield from _left_out(imported)
    pumped_at_once = any(
        row.draft.kind == "pump" and row.draft.left_min and row.draft.right_min for row in imported.rows
    )
    once = " (a pump at both breasts counts once)" if pumped_at_once else ""
    yield f"in the log: {account.minutes:,.1f} min{once} and {account.ml:,.1f} mL"
    if account.children > 1:
        yield f"children: {account.children}, numbered in the order of their first rows"
    if account.birth is not None:
        born = f"born {account.birth.isoformat()} ({account.birth_from})"
        yield f"{born}: the first row is on day {account.first_day} of lactation"
    for warning in account.warnings:
        yield f"warning: {warning}"
    for command in next_commands(imported, target, config, words):
        yield f"next: {command}"


def _left_out(imported: Imported) -> Iterator[str]:
    account = imported.account
    unknown_minutes, unknown_ml = account.unknown_minutes, account.unknown_ml
    minutes, ml = account.left_out_minutes + unknown_minutes, account.left_out_ml + unknown_ml
    of_unknown = ""
    if unknown_minutes >= 0.005 or unknown_ml >= 0.05:
        of_unknown = f" (in rows of unknown kinds at most {unknown_minutes:,.1f} min and {unknown_ml:,.1f} mL of these)"
    if minutes >= 0.005 or ml >= 0.05:
        yield f"left out with them: {minutes:,.1f} min and {ml:,.1f} mL{of_unknown}"


def _kind(kind: str, number: int) -> str:
    """`1 line that is no event`, `3 diaper`."""
    return "1 line that is no event" if number == 1 and kind == NO_EVENT else f"{number:,} {kind}"


def _grouped(word: str, found: list[tuple[str, int, str]], files: Sequence[str]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[int]] = {}
    for file, line, what in found:
        groups.setdefault((file, what), []).append(line)
    for (file, what), lines in groups.items():
        place = f"{file}: " if len(files) > 1 else ""
        yield f"{word}: {place}{what}: {rows_in_words(list(dict.fromkeys(lines)))}"


def next_commands(imported: Imported, target: str | None, config: str | None, words: Sequence[str]) -> Iterator[str]:
    """Commands that run as they stand: simulate the log or write a config for it, and fit it where that is possible."""
    from lactflow.cli.summary import typed

    program, account = typed("lactflow"), imported.account
    if account.first_day is not None and account.first_day > MOST_DAYS:
        return  # nothing runs on such a day, which is warned about
    if target is None:
        yield f"{program} import {' '.join(shell_word(word) for word in words)} --init {_free_name()}"
        return
    if config is not None:
        yield f"{program} run {shell_word(config)}"
    else:
        # The log itself does not hold the date of birth, and its offsets do not name the zone.
        birth = "" if account.birth is None else f" --birth {account.birth.isoformat()}"
        named = [*words[words.index("--zone") :][:2]] if "--zone" in words else []
        zone = "".join(f" {shell_word(word)}" for word in named)
        yield f"{program} import {shell_word(target)}{zone}{birth} --init {_free_name()}"
    if (config is None and account.first_day is None) or not _can_be_fitted(imported, target):
        return
    # Without a date of birth the day stands in the config, where it is to be checked, and is read there.
    day = "" if account.first_day is None else f" --start-day {account.first_day}"
    yield f"{program} fit {shell_word(target)}{day}"


def _can_be_fitted(imported: Imported, target: str) -> bool:
    """Whether `lactflow fit` takes the log: there are enough volumes, in mL, and what a fit needs is installed."""
    from lactflow.experiments.fit_log import FEWEST_VOLUMES, read_log

    if sum(row.draft.ml > 0.0 for row in imported.rows) < FEWEST_VOLUMES / len(BREASTS) or find_spec("sklearn") is None:
        return False
    try:
        read_log(Path(target)).check_volumes(imported.account.first_day or START_DAY, in_ml=False)
    except ConfigError:
        return False
    return True


def _free_name(name: str = "my-log") -> str:
    """A name for --init of which neither file exists."""
    known = {path.name for path in Path().iterdir()}
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(free for free in numbered if not {f"{free}.csv", f"{free}.yaml"} & known)
