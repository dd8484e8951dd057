"""What the whole log shows to be doubtful about an import: rows before birth, and the unit of its volumes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from statistics import median

from lactflow.config.logs.ounces import MILK_IN_DAY, in_words, look_like_millilitres, look_like_ounces
from lactflow.config.logs.rows import BOTTLES
from lactflow.config.text import counted
from lactflow.errors import ConfigError, Problem
from lactflow.trackers.account import Account, Repair
from lactflow.trackers.imported import LogRow
from lactflow.trackers.reading import BY_OPTION, ReadRow

EXPRESSED = ("pump", "hand")
"""What a mother may do before birth, to collect colostrum; nobody is fed or weighed then."""
_EXPRESSED_BEFORE = "milk expressed before birth, with which a log of lactation does not begin"


def since_birth(entries: Sequence[tuple[ReadRow, str]], account: Account) -> list[tuple[ReadRow, str]]:
    """
    Rows from the date of birth on: earlier expressions are dropped, an earlier feed shows that the date is wrong.

    Parameters
    ----------
    entries
        With their children; those far from all others are left as they are.
    account
        Has the date of birth; takes what was dropped.

    Raises
    ------
    ConfigError
        If somebody was fed or weighed before birth, or no row is later.
    """
    if account.birth is None:
        return list(entries)
    early = [entry for entry, _ in entries if not entry.far and entry.moment.local.date() < account.birth]
    fed = [entry for entry in early if any(draft.kind not in EXPRESSED for draft in entry.drafts)]
    if fed or (early and len(early) == sum(not entry.far for entry, _ in entries)):
        _refuse(fed or early, account)
    for entry in early:
        account.repaired.append(Repair(entry.moment.file, entry.moment.line, _EXPRESSED_BEFORE, dropped=True))
        account.leave_out(entry.drafts, entry.notes)
    dropped = set(map(id, early))
    return [(entry, child) for entry, child in entries if id(entry) not in dropped]


def _refuse(early: Sequence[ReadRow], account: Account) -> None:
    """
    Refuse a date of birth that is after rows of the log.

    Raises
    ------
    ConfigError
        With the first of these rows.
    """
    first = min((entry.moment for entry in early), key=lambda moment: moment.local)
    option = account.birth_from == BY_OPTION
    how = "" if option else f" ({account.birth_from})"
    message = (
        f"{counted(len(early), 'row is', 'rows are')} before {account.birth}, the date of birth{how}; the first is of "
        f"{first.local:%Y-%m-%d %H:%M}, in line {first.line} of {first.file} (allowed: {first.local.date()} or earlier"
        f"{'' if option else ', by --birth'})"
    )
    raise ConfigError(Problem(message, "--birth" if option else first.file))


def odd_units(rows: Iterable[LogRow], account: Account, unit: str | None) -> None:
    """
    Warn where volumes look as if they were read in the wrong unit, by the rule by which a fit refuses them.

    Parameters
    ----------
    rows
        Of the log.
    account
        Takes the warnings.
    unit
        `--unit`, None where it was not given.
    """
    if unit is not None and not account.unit_decides:
        account.warnings.append(f"--unit {unit} changes nothing: the files or their format say the unit of each volume")
    kept = [row for row in rows if row.draft.ml > 0.0 and _milk_is_in(row, account.birth)]
    for what, volumes in (
        ("volumes", [row.draft.ml for row in kept if row.draft.kind not in BOTTLES]),
        ("bottles", [row.draft.ml for row in kept if row.draft.kind in BOTTLES]),
    ):
        if look_like_ounces(volumes):
            mend = (
                "is --unit oz meant?"
                if unit == "mL" and account.unit_decides
                else "in a cell, `3 oz` is read as ounces"
            )
            account.warnings.append(f"the {what}, read as mL, look like ounces: {in_words(volumes)} ({mend})")
        elif look_like_millilitres(volumes):
            mend = (
                "is --unit mL meant?" if unit == "oz" and account.unit_decides else "in a cell, `80 mL` is read as mL"
            )
            large = f"half are {median(volumes):.0f} mL or more"
            account.warnings.append(f"the {what}, read as ounces, look like mL: {large} ({mend})")


def _milk_is_in(row: LogRow, birth: date | None) -> bool:
    """Whether more than drops are expected; of a mother whose date of birth is not known, always."""
    return birth is None or date.fromisoformat(row.start[:10]) - birth >= timedelta(days=MILK_IN_DAY - 1.0)
