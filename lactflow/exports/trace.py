"""
The visits of one mother as a trace in the JSON form of Chrome, which Perfetto opens (https://ui.perfetto.dev).

Each lobe is a process and each of its stations a track: a slice for every packet from when it entered to when it left,
with slices for waiting, service and blocking within. Sessions, removals, let-downs and interventions have tracks of
their own. Packets of a station overlap, so that slices are the asynchronous kind, with an identifier each. Events are
written as visits are read: memory does not grow with the run.

References
----------
Trace Event Format, https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

import json
from math import inf, isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from lactflow.errors import ConfigError
from lactflow.recording.files import one_line_errors
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lactflow.recording.reader import StoredRun

TRACE = "trace.json"
_US = 60e6
"""Microseconds in a minute: the unit of times in a trace."""
_VISITS = (
    "breast",
    "lobe",
    "line",
    "station",
    "packet",
    "entered_min",
    "started_min",
    "finished_min",
    "left_min",
    "queue_length",
)
_GENERAL, _FIRST_LOBE = 1, 10
"""Number of the process of what is not in a lobe, and of that of the first lobe."""
_BREASTS = {"left": 2, "right": 3}
_CATEGORY = "visit"
_OPEN = ',"unfinished":true'
"""Marks a slice that continues at the end of the run."""


class Window(NamedTuple):
    """
    The time that a trace shows.

    Attributes
    ----------
    from_min, to_min
        Its ends [min since birth].
    """

    from_min: float
    to_min: float


def window_of(run: StoredRun, unit: tuple[int, int], from_day: int | None, to_day: int | None) -> Window:
    """
    The days of a run that a trace shows.

    Parameters
    ----------
    run
        The run.
    unit
        Mother and replicate.
    from_day, to_day
        The first and the last day; of the run where None.

    Raises
    ------
    ConfigError
        If the run has no such unit, or none of these days.
    """
    if unit not in run.spans_min:
        known = ", ".join(f"mother {mother} replicate {replicate}" for mother, replicate in list(run.spans_min)[:10])
        raise ConfigError(
            f"{run.path} has no rows of mother {unit[0]}, replicate {unit[1]} (it has: {known or 'none'})"
        )
    start_min, end_min = run.spans_min[unit]
    from_min = start_min if from_day is None else max(start_min, (from_day - 1) * DAY_MIN)
    to_min = end_min if to_day is None else min(end_min, to_day * DAY_MIN)
    if not from_min < to_min:
        days = f"{int(start_min // DAY_MIN) + 1} to {int(-(-end_min // DAY_MIN))}"
        raise ConfigError(f"{run.path} has none of the days from {from_day} to {to_day} (it has days {days})")
    return Window(from_min, to_min)


def write_trace(run: StoredRun, unit: tuple[int, int], window: Window, folder: Path) -> int:
    """
    Write the trace of one unit of work.

    Parameters
    ----------
    run
        The run.
    unit
        Mother and replicate.
    window
        What is shown; what begins before it or ends after it is cut at its ends.
    folder
        Where `trace.json` goes.

    Returns
    -------
    Number of events.
    """
    about = {
        "run": run.path.name,
        "mother": unit[0],
        "replicate": unit[1],
        "from_min_since_birth": window.from_min,
        "to_min_since_birth": window.to_min,
        "time": "timestamp 0 is from_min_since_birth; microseconds of simulated time",
    }
    events = 0
    with one_line_errors("write", folder / TRACE), (folder / TRACE).open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{"displayTimeUnit":"ms","otherData":{json.dumps(about)},"traceEvents":[')
        for event in _events(run.only(*unit), window):
            out.write(f"{',' if events else ''}\n{event}")
            events += 1
        out.write("\n]}\n")
    return events


def _events(run: StoredRun, window: Window) -> Iterator[str]:
    """Every event as JSON; names of processes before the first event of each."""
    yield from _named(_GENERAL, "sessions and interventions")
    yield from (
        event for breast, pid in _BREASTS.items() for event in _named(pid, f"{breast} breast: removals, let-downs")
    )
    yield from _sessions(run, window)
    yield from _removals(run, window)
    yield from _instants(run, window)
    yield from _visits(run, window)


def _visits(run: StoredRun, window: Window) -> Iterator[str]:
    lobes: dict[tuple[str, int], int] = {}
    stations: dict[str, int] = {}
    for part in run.read_in_parts("visits", list(_VISITS)):
        # What is still there at the end of the run has empty times, which compare as false.
        inside = part[(part["entered_min"] < window.to_min) & ~(part["left_min"] <= window.from_min)]
        columns = (inside[name].tolist() for name in _VISITS)
        for breast, lobe, line, station, packet, entered, started, finished, left, waiting in zip(
            *columns, strict=True
        ):
            pid = lobes.get((breast, lobe), 0)
            if not pid:
                pid = lobes[breast, lobe] = _FIRST_LOBE + len(lobes)
                yield from _named(pid, f"{breast} breast, lobe {lobe}", _FIRST_LOBE + (breast == "right") * 100 + lobe)
            tid = stations.setdefault(station, len(stations) + 1)
            head = f'"cat":"{_CATEGORY}","id":"{pid}.{tid}.{packet}","pid":{pid},"tid":{tid}'
            about = f'"line":"{line}","packet":{packet},"queue_length":{waiting}{"" if left == left else _OPEN}'  # noqa: PLR0124 - NaN
            yield from _nested(head, station, about, (entered, started, finished, left), window)


def _nested(
    head: str, station: str, about: str, times: tuple[float, float, float, float], window: Window
) -> Iterator[str]:
    """One visit: what the packet does at the station within the slice of its whole stay."""
    entered, started, finished, left = (inf if isnan(time_min) else time_min for time_min in times)
    name = json.dumps(station)
    begin, end = max(entered, window.from_min), min(left, window.to_min)
    yield f'{{"name":{name},"ph":"b",{head},"ts":{_ts(begin, window)},"args":{{{about}}}}}'
    for phase, from_min, to_min in (
        ("waiting", entered, started),
        ("service", started, finished),
        ("blocked", finished, left),
    ):
        phase_begin, phase_end = max(from_min, begin), min(to_min, end)
        if phase_begin < phase_end:
            yield f'{{"name":"{phase}","ph":"b",{head},"ts":{_ts(phase_begin, window)}}}'
            yield f'{{"name":"{phase}","ph":"e",{head},"ts":{_ts(phase_end, window)}}}'
    yield f'{{"name":{name},"ph":"e",{head},"ts":{_ts(end, window)}}}'


def _ts(time_min: float, window: Window) -> str:
    return f"{(time_min - window.from_min) * _US:.3f}"


def _named(pid: int, name: str, order: int | None = None) -> Iterator[str]:
    for kind, args in (("process_name", {"name": name}), ("process_sort_index", {"sort_index": order or pid})):
        yield json.dumps({"name": kind, "ph": "M", "pid": pid, "tid": 0, "args": args}, separators=(",", ":"))


def _sessions(run: StoredRun, window: Window) -> Iterator[str]:
    for part in run.read_in_parts("sessions"):
        for row in part.to_dict("records"):
            yield from _slice(f"session.{row['session']}", str(row["kind"]), _GENERAL, row, window)


def _removals(run: StoredRun, window: Window) -> Iterator[str]:
    names = ["session", "kind", "breast", "start_min", "end_min", "available_ml", "removed_ml", "fullness_start"]
    for part in run.read_in_parts("removals", names):
        for row in part.to_dict("records"):
            key = f"removal.{row['session']}.{row['breast']}"
            yield from _slice(key, f"milk removed by {row['kind']}", _BREASTS[str(row["breast"])], row, window)


def _slice(key: str, name: str, pid: int, row: dict[Any, Any], window: Window) -> Iterator[str]:
    """What lasts from `start_min` to `end_min`; nothing where the window does not contain it."""
    begin, end = max(row["start_min"], window.from_min), min(row["end_min"], window.to_min)
    if begin > end:
        return
    common = {"name": name, "cat": key.partition(".")[0], "id": key, "pid": pid, "tid": 0}
    for ph, time_min, more in (("b", begin, {"args": _plain(row)}), ("e", end, {})):
        yield json.dumps({**common, "ph": ph, "ts": float(_ts(time_min, window)), **more}, separators=(",", ":"))


def _instants(run: StoredRun, window: Window) -> Iterator[str]:
    for table, scope in (("let_downs", "p"), ("interventions", "g")):
        for part in run.read_in_parts(table):
            within = part[part["time_min"].between(window.from_min, window.to_min)]
            for row in within.to_dict("records"):
                at_breast = table == "let_downs"
                name = f"let-down ({row['trigger']})" if at_breast else f"{row['intervention']}: {row['action']}"
                pid = _BREASTS[str(row["breast"])] if at_breast else _GENERAL
                event = {"name": name, "cat": table, "ph": "i", "s": scope, "pid": pid, "tid": 0}
                ts = float(_ts(row["time_min"], window))
                yield json.dumps({**event, "ts": ts, "args": _plain(row)}, separators=(",", ":"))


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """Values as JSON has them; what is not there left out."""
    import pandas as pd

    return {str(name): value for name, value in row.items() if not pd.isna(value)}
