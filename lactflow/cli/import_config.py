"""The config that `lactflow import --init` writes beside a log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.cli.init import check_name, yaml_text
from lactflow.config.text import shown_path
from lactflow.errors import ArchiveError, ConfigError, Problem

if TYPE_CHECKING:
    from lactflow.trackers.imported import Imported

_FED = ("breast", "bottle_own_milk", "bottle_formula")
OWN_TITLE = "lactflow's own log"
"""Title of the format that is no tracker's."""
_TEMPLATE = """\
# {what}, as lactflow import read it. Write only what differs from the reference mother.
# `lactflow parameters` lists every quantity with its unit, range and source.
format: 1
name: {name}
title: {what}

{birth}
infants: {infants}{infants_comment}
{coarse}
# The run lasts as long as the log; what she did in its gaps is continued as in the days around, and reported.
schedule:
  - {{kind: log, file: {file}}}
"""
_BORN = """\
birth_date: "{birth}"    # {how}; day 1 is the first 24 h after birth, and the log begins on day {day}"""
_LONG_DAYS = 90
"""A log of more days takes a minute and more on the default gland."""
_COARSE = """
# The log has {days} days: two lobes a breast and packets of 1 mL, without the row per packet, take a sixth of the time.
# Leave these three lines out for the default gland.
resolution: {{packet_ml: 1.0}}
gland: {{lobes_per_breast: 2}}
record: {{visits: false, sample_min: 240}}
"""
_NOT_BORN = """\
# Check this: the day of the log's first date after birth, where day 1 is the first 24 h.
start_day: {day}"""
START_DAY = 30
"""Day of lactation on which a log begins whose mother's date of birth is not known."""


def write_config(name: str, imported: Imported, log: str) -> str:
    """
    Write NAME.csv and NAME.yaml in the current folder; overwrites nothing.

    Parameters
    ----------
    name
        Of both files, and of runs.
    imported
        The log, for what the config states about it.
    log
        Its CSV.

    Returns
    -------
    Path of the log.

    Raises
    ------
    ConfigError
        If the name is not allowed, or one of the files exists.
    ArchiveError
        If they cannot be written.
    """
    name = name.removesuffix(".yaml").removesuffix(".csv")
    check_name(name)
    paths = [Path(f"{name}.csv"), Path(f"{name}.yaml")]
    for path in paths:
        if path.exists() or path.is_symlink():
            raise ConfigError(Problem("exists already; nothing was written (choose another name)", shown_path(path)))
    if imported.account.birth is None:
        what = f"the log begins on day {START_DAY} (give --birth, or change start_day)"
        imported.account.assume(what, file=shown_path(paths[1]))
    made: list[Path] = []
    try:
        for path, text in zip(paths, (log, _config(name, imported)), strict=True):
            with path.open("x", encoding="utf-8", newline="") as stream:
                made.append(path)
                stream.write(text)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        raise ArchiveError(f"{shown_path(paths[len(made) - 1])} cannot be written: {error.strerror}") from None
    return str(paths[0])


def _config(name: str, imported: Imported) -> str:
    account = imported.account
    count = max(account.children, 1) if any(account.kinds.get(kind) for kind in _FED) else 0
    birth = _NOT_BORN.format(day=START_DAY)
    if account.birth is not None:
        birth = _BORN.format(birth=account.birth.isoformat(), how=account.birth_from, day=account.first_day)
    comment = "    # the log has no feeds and no bottles" if not count else ""
    if count > 1:
        comment = "    # as many as the log has rows of"
    days = _days(imported)
    titles = ", ".join(title for title in dict.fromkeys(imported.titles) if title != OWN_TITLE)
    return _TEMPLATE.format(
        name=yaml_text(name),
        what=f"A log kept with {titles}" if titles else "A feeding log",
        birth=birth,
        infants=f"[{', '.join(['{}'] * count)}]",
        infants_comment=comment,
        coarse=_COARSE.format(days=days) if days > _LONG_DAYS else "",
        file=yaml_text(f"{name}.csv"),
    )


def _days(imported: Imported) -> int:
    """Dates from the first to the last row that are not far from all others."""
    first, last = imported.account.first, imported.account.last
    return 0 if first is None or last is None else (last - first).days + 1
