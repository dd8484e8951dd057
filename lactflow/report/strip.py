"""Schedule strips: sessions by clock time, a day a row, as actograms show them."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from lactflow.report.blocks import Drawing, Label, Shape, Table, Tick
from lactflow.report.numbers import number
from lactflow.report.words import SESSIONS
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

_SHORTEST_MIN = 6.0
"""A bottle takes no time, and a short session must be seen."""
_TICKS = tuple(Tick(100.0 * hour / 24.0, f"{hour:02d}:00") for hour in range(0, 25, 6))
_DAY_PX = 30.0


def day_strips(days: Mapping[str, pd.DataFrame], caption: str) -> Drawing:
    """
    One day of several schedules, a row each.

    Parameters
    ----------
    days
        Sessions by the name of the schedule, by the clock of that day: `kind`, `start_min`, `end_min` from 0 to 1440.
    caption
        Which day that is, in a sentence.
    """
    height = len(days) * _DAY_PX
    bars: dict[str, str] = {}
    for row, sessions in enumerate(days.values()):
        for shape in _bars(sessions, row * _DAY_PX, _DAY_PX, 0.7):
            bars[shape.tone] = bars.get(shape.tone, "") + shape.path
    counts = "; ".join(f"{name}: {_counted(sessions)}" for name, sessions in days.items())
    return Drawing(
        name="strips",
        title="A day of each schedule",
        caption=f"{caption} {counts}.",
        width=DAY_MIN,
        height=height,
        shapes=[_grid(height), *(Shape(path, tone) for tone, path in bars.items())],
        labels=[Label((row + 0.5) * _DAY_PX, name) for row, name in enumerate(days)],
        ticks=_TICKS,
        x_label="time of day",
        legend=_legend(kind for sessions in days.values() for kind in sessions["kind"]),
        table=Table(
            "Sessions of that day",
            ["schedule", "kind", "start", "length [min]"],
            [
                [name, kind, clock(start), number(end - start)]
                for name, sessions in days.items()
                for kind, start, end in _rows(sessions)
            ],
            words=frozenset({1}),
        ),
        wide_labels=True,
    )


def clock(time_min: float) -> str:
    """Time of day: `06:30`."""
    minute = floor(time_min + 0.5) % int(DAY_MIN)
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _by_clock(sessions: pd.DataFrame, birth_clock_min: float) -> pd.DataFrame:
    """Sessions by minutes since the midnight before birth."""
    shown = sessions[["kind", "start_min", "end_min"]].copy()
    shown[["start_min", "end_min"]] += birth_clock_min
    return shown


def _rows(sessions: pd.DataFrame) -> Iterator[tuple[str, float, float]]:
    return zip(sessions["kind"], sessions["start_min"], sessions["end_min"], strict=True)


def _bars(sessions: pd.DataFrame, top: float, row_px: float, share: float) -> list[Shape]:
    """A shape for each kind: a bar for each session, two for one over midnight."""
    gap = 0.5 * (1.0 - share) * row_px
    paths = dict.fromkeys(SESSIONS, "")
    for kind, start, end in _rows(sessions):
        left = start
        until = max(end, start + _SHORTEST_MIN)
        while left < until:
            day = floor(left / DAY_MIN)
            right = min(until, (day + 1) * DAY_MIN)
            at = f"M{left - day * DAY_MIN:.0f} {top + day * row_px + gap:.4g}"
            paths[kind] += f"{at}h{right - left:.0f}v{share * row_px:.3g}h-{right - left:.0f}z"
            left = right
    return [Shape(path, f"tone-{number + 1}") for number, path in enumerate(paths.values()) if path]


def _counted(sessions: pd.DataFrame) -> str:
    counts = {kind: int((sessions["kind"] == kind).sum()) for kind in SESSIONS}
    return (
        ", ".join(f"{count:,} {kind}{'s' * (count != 1)}" for kind, count in counts.items() if count) or "no sessions"
    )


def _legend(kinds: Iterable[str]) -> list[tuple[str, str]]:
    there = set(kinds)
    return [(f"tone-{index + 1}", kind) for index, kind in enumerate(SESSIONS) if kind in there]


def _grid(height: float) -> Shape:
    return Shape("".join(f"M{hour * 60} 0V{height:g}" for hour in range(0, 25, 6)), "grid", "line")
