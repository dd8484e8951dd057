"""The stations of one lobe at an instant: how full they are, and what of it is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lactflow.analysis.drawing.style import LINES, RULE, clock_text, legend, new_axes, one_unit
from lactflow.errors import ConfigError
from lactflow.parameters.stations import ROWS
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed

PARTS = {
    "in_service": ("in service", LINES[2], ""),
    "blocked": ("blocked", LINES[1], "////"),
    "waiting": ("waiting", LINES[0], "...."),
}
"""Packets at a station by what they do: words, colour, hatching."""


class Frames(NamedTuple):
    """
    Packets at the stations of one lobe over time.

    Attributes
    ----------
    stations
        In the order of the pipeline.
    packets
        A frame for each of them, by `time_min`: `in_service`, `blocked`, `waiting`.
    room
        Packets that each station has room for, those that wait included; the most seen where it has no limit.
    """

    stations: Sequence[str]
    packets: dict[str, pd.DataFrame]
    room: dict[str, float]


def frames(
    run: Analysed,
    from_min: float,
    to_min: float,
    *,
    breast: str = "left",
    lobe: int = 0,
    mother: int = 0,
    replicate: int = 0,
) -> Frames:
    """
    Packets at the stations of one lobe at every sample between two times.

    Parameters
    ----------
    run
        Finished or not.
    from_min, to_min
        Both included [min since birth].
    breast, lobe, mother, replicate
        Whose stations.

    Raises
    ------
    ConfigError
        If there are no samples of that lobe then.
    """
    rows = one_unit(run["queues"], mother, replicate)
    mine = rows[(rows["breast"] == breast) & (rows["lobe"] == lobe) & rows["time_min"].between(from_min, to_min)]
    if mine.empty:
        raise ConfigError(
            f"the run has no samples of the stations of lobe {lobe} of the {breast} breast between day "
            f"{from_min / DAY_MIN + 1.0:.4g} and day {to_min / DAY_MIN + 1.0:.4g}"
        )
    known = [row.name for row in ROWS if row.name in set(mine["station"])]
    stations = [*known, *sorted(set(mine["station"]) - set(known))]
    packets = {name: mine[mine["station"] == name].set_index("time_min")[list(PARTS)] for name in stations}
    places = mine.groupby("station", observed=True)[["places", "room"]].max().sum(axis=1)
    most = {name: float(frame.sum(axis=1).max()) for name, frame in packets.items()}
    return Frames(stations, packets, {name: max(float(places[name]), most[name], 1.0) for name in stations})


def draw_pipeline(
    run: Analysed,
    day: float,
    axes: Axes | None = None,
    *,
    breast: str = "left",
    lobe: int = 0,
    mother: int = 0,
    replicate: int = 0,
) -> Axes:
    """
    The stations of one lobe at the last sample before a time.

    Parameters
    ----------
    run
        Finished or not.
    day
        The time: day 1.5 is the noon after a birth at midnight.
    axes
        To draw on; a new figure when None.
    breast, lobe, mother, replicate
        Whose stations.

    Returns
    -------
    The axes: a bar a station, from the RER above to droplet budding below, in packets; grey is the room that there is.

    Raises
    ------
    ConfigError
        If there are no samples of that lobe within the day before.
    """
    at_min = (day - 1.0) * DAY_MIN
    found = frames(run, at_min - DAY_MIN, at_min, breast=breast, lobe=lobe, mother=mother, replicate=replicate)
    words = {row.name: row.words for row in ROWS}
    axes = new_axes(axes, height=2.8)
    for place, name in enumerate(found.stations):
        axes.barh(place, found.room[name], color=RULE, label="room" if not place else None)
        begin = 0.0
        for part, (label, colour, hatch) in PARTS.items():
            count = float(found.packets[name][part].iloc[-1])
            axes.barh(
                place,
                count,
                left=begin,
                color=colour,
                hatch=hatch,
                edgecolor="none",
                label=label if not place else None,
            )
            begin += count
    axes.set_yticks(range(len(found.stations)), [words.get(name, name) for name in found.stations])
    axes.invert_yaxis()
    axes.set_xlabel("packets")
    last = found.packets[found.stations[0]].index[-1]
    axes.set_title(f"Lobe {lobe} of the {breast} breast, {clock_text(float(last), run)}", loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    legend(axes)
    return axes
