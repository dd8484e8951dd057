"""
A mother's log as a fit takes it: read, its volumes counted and judged, and how many days it covers.

All that a fit needs of the reader of feeding logs stands here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil
from pathlib import Path

from lactflow.config.logs.believable import LONGEST_MIN
from lactflow.config.logs.collection import read_bounded
from lactflow.config.logs.feeding_log import LARGEST_BYTES, read_feeding_log
from lactflow.config.logs.ounces import bottles_ml, copious_ml, in_words, look_like_ounces, ounces_among
from lactflow.config.text import counted, quoted, shown_path
from lactflow.dyad.schedule import PlannedSession, last_min
from lactflow.errors import ConfigError, Problem
from lactflow.units import DAY_MIN

FEWEST_VOLUMES = 8
"""Fewer say less than women differ by. Ours."""
SHORTEST_HOLD_OUT_MIN = 60.0
_OPEN_ENDED_MIN = LONGEST_MIN
"""Time for a session without minutes."""
_SPAN = re.compile(r"\s*(\d{1,4}(?:\.\d{1,3})?)\s*(d|days?|h|hours?)\s*", re.ASCII | re.IGNORECASE)
_MOST_SHOWN = 4


@dataclass(frozen=True)
class HerLog:
    """
    A log that has been read.

    Attributes
    ----------
    file
        Its path as the user wrote it.
    stem
        Its name without folder and ending.
    raw
        Its content.
    sessions
        In order of time; `planned_min` counts from 00:00 of `first_date`.
    lines
        Line of the file for each session; empty where the reader does not have them.
    first_date
        Date of the first row.
    children
        How many the log distinguishes; one where it names none.
    """

    file: str
    stem: str
    raw: bytes
    sessions: tuple[PlannedSession, ...]
    lines: tuple[int, ...]
    first_date: date
    children: int

    @cached_property
    def fed(self) -> bool:
        """Whether there is an infant: feeds or bottles."""
        return any(session.kind in ("feed", "bottle") for session in self.sessions)

    @property
    def at_breast(self) -> bool:
        """Whether an infant comes to the breast: one may only have bottles of what was pumped."""
        return any(session.kind == "feed" for session in self.sessions)

    @cached_property
    def days(self) -> float:
        """
        Days from 00:00 of the first date to the end of the log.

        As in a run without `days`: see `dyad.schedule.last_min`.
        """
        return ceil(last_min(self.sessions, _OPEN_ENDED_MIN) / DAY_MIN * 1000.0) / 1000.0

    def volumes(self, before_min: float | None = None, from_min: float = 0.0) -> int:
        """
        Volumes of pumpings, expressions and weighed feeds: one a session, or one a breast where those are known.

        Parameters
        ----------
        from_min, before_min
            Of sessions that begin then [min from 00:00 of the first date]; to the end when `before_min` is None.
        """
        return sum(
            len(each.recorded_sides_ml) or each.recorded_ml is not None
            for each in self.sessions
            if each.planned_min >= from_min and (before_min is None or each.planned_min < before_min)
        )

    def line_at(self, log_min: float, kind: str) -> int | None:
        """
        Line of a session in the file, None when it is not known.

        Parameters
        ----------
        log_min
            When it was planned [min from 00:00 of the first date].
        kind
            Of the session.
        """
        starts = [session.planned_min for session in self.sessions]
        at = bisect_right(starts, log_min + 1e-3) - 1
        while at >= 0 and starts[at] > log_min - 1e-3 and self.lines:
            if self.sessions[at].kind == kind:
                return self.lines[at]
            at -= 1
        return None

    def clock_at(self, log_min: float) -> str:
        """Date and time, as the log has them, of minutes from 00:00 of the first date."""
        start = datetime.combine(self.first_date, datetime.min.time()) + timedelta(minutes=round(log_min, 3))
        return f"{start:%Y-%m-%d %H:%M}"

    def check_volumes(self, start_day: float, *, in_ml: bool) -> None:
        """
        Check that the volumes can be those of a mother, in millilitres.

        Parameters
        ----------
        start_day
            Day of lactation of the first date.
        in_ml
            Whether the user says that they are millilitres.

        Raises
        ------
        ConfigError
            If all are 0, or they look like ounces.
        """
        volumes = [each.recorded_ml for each in self.sessions if each.recorded_ml is not None]
        if not any(volumes):
            raise ConfigError(Problem("all its volumes are 0: nothing can be learned from them", self.file))
        copious = copious_ml(self.sessions, start_day)
        if in_ml:
            return
        mend = (
            "(allowed: `2.5 oz` in the cells, the tracker's file imported again with `--unit oz`, or `--unit mL` here "
            "if they are right)"
        )
        for what, each in (("volumes", copious), ("bottles", bottles_ml(self.sessions, start_day))):
            if look_like_ounces(each):
                raise ConfigError(Problem(f"its {what} look like ounces: {in_words(each)} {mend}", self.file))
        few = ounces_among(copious)
        if few:
            places = [
                (self.line_at(each.planned_min, each.kind), self.clock_at(each.planned_min))
                for each in self.sessions
                if each.recorded_ml in few
            ]
            what = f"{counted(len(places), 'volume')} of {len(copious)} look like ounces among millilitres"
            raise ConfigError(Problem(f"{what} ({lines_of(places)}) {mend}", self.file))


def read_log(path: Path) -> HerLog:
    """
    Read a log that a fit can learn from.

    Parameters
    ----------
    path
        CSV file.

    Raises
    ------
    ConfigError
        If it cannot be read, or has too few volumes.
    """
    shown = shown_path(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        message = f"is a config, not a feeding log (allowed: a CSV file; `lactflow run {shown}` simulates a config)"
        raise ConfigError(Problem(message, shown))
    raw = read_bounded(path, LARGEST_BYTES, shown)
    read = read_feeding_log(raw, shown, infants=None)
    her = HerLog(shown, path.stem, raw, read.sessions, read.lines, read.first_date, read.children)
    volumes = her.volumes()
    if volumes < FEWEST_VOLUMES:
        what = counted(volumes, "volume") if volumes else "no volumes"
        message = f"has {what} of pumpings or weighed feeds, too few to learn from (allowed: {FEWEST_VOLUMES} or more)"
        raise ConfigError(Problem(message, shown))
    return her


def read_logs(paths: Iterable[Path]) -> list[HerLog]:
    """
    Read several logs.

    Parameters
    ----------
    paths
        CSV files.

    Raises
    ------
    ConfigError
        With everything that is wrong with any of them.
    """
    found: list[HerLog] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found.append(read_log(path))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(*problems)
    return found


def span_min(text: str) -> float:
    """
    Minutes of `3d` or `72h`.

    Parameters
    ----------
    text
        A number with `d` or `h`.

    Raises
    ------
    ConfigError
        If it is none, or shorter than an hour.
    """
    match = _SPAN.fullmatch(text)
    minutes = float(match[1]) * (DAY_MIN if match[2].lower().startswith("d") else 60.0) if match else 0.0
    if minutes < SHORTEST_HOLD_OUT_MIN:
        what = "is too short" if match else "is no duration"
        raise ConfigError(
            Problem(f"{quoted(text)} {what} (allowed: days as 3d, hours as 72h, 1h or more)", "--hold-out")
        )
    return minutes


def check_hold_out(log: HerLog, days: float, text: str) -> float:
    """
    Check that volumes are left on both sides.

    Parameters
    ----------
    log
        The log.
    days
        Length of the run of its mother.
    text
        Length of what is held out at its end, as the user wrote it.

    Returns
    -------
    The same in minutes.

    Raises
    ------
    ConfigError
        If it is no duration, or too few are left to learn from, or none to forecast.
    """
    hold_out_min = span_min(text)
    from_min = days * DAY_MIN - hold_out_min
    known, held = log.volumes(before_min=from_min), log.volumes(from_min=from_min)
    if known < FEWEST_VOLUMES or not held:
        what = (
            f"leaves {counted(known, 'volume')} to learn from (allowed: {FEWEST_VOLUMES} or more)"
            if held
            else "holds out no volume"
        )
        raise ConfigError(Problem(f"{quoted(text)} of {log.file} {what}", "--hold-out"))
    return hold_out_min


def lines_of(volumes: Iterable[tuple[int | None, str]]) -> str:
    """Lines of some volumes, or their times where no line is known; the first few."""
    places = [f"line {line}" if line is not None else clock for line, clock in volumes]
    return ", ".join(places[:_MOST_SHOWN]) + (", ..." if len(places) > _MOST_SHOWN else "")
