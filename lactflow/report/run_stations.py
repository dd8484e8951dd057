"""Queues and blocking by station: where packets pile up, and how far up the line that reaches."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from lactflow.analysis.drawing.pipeline import PARTS, frames
from lactflow.analysis.queues import queues
from lactflow.analysis.stations import NoVisitsError, whole_and_over_time
from lactflow.errors import ConfigError
from lactflow.records import BREASTS
from lactflow.report.blocks import Block, Note, Slideshow, Table
from lactflow.report.heat import heat_map
from lactflow.report.numbers import TimeAxis, clock, evenly, in_words, number
from lactflow.report.thinning import MOST_COLUMNS, columns_for, means
from lactflow.report.words import station_words
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lactflow.analysis.run import Run
    from lactflow.parameters.stations import StationRow

_ROW_PX = 22
_MOST_FRAMES = 49
_CLASSES = {"in_service": "tone-3", "blocked": "tone-2", "waiting": "tone-1"}
"""Classes of the colours that `PARTS` has."""
_SHORTEST_MIN = 15.0
"""Of a stretch in which blocking is caption: a share of less is noise."""
_COLUMNS = {
    "throughput_per_h": "packets/h",
    "wait_min": "waiting [min]",
    "service_min": "in service [min]",
    "blocked_min": "blocked [min]",
    "residence_min": "in all [min]",
    "packets": "packets at once",
    "blocked_share": "blocked [%]",
}


def stations(shown: Run, axis: TimeAxis, extra: Sequence[StationRow] = ()) -> list[Block]:
    """
    Packets at each station of each breast, and the share of its time that is blocked.

    Parameters
    ----------
    shown
        One unit of work of a run.
    axis
        Of the page.
    extra
        Stations beside those that every lobe has, for their words; one that is not known goes by its name.
    """
    words = station_words(extra)
    return [*_queues(shown, axis, words), *_blocking(shown, axis, words)]


def pipeline(shown: Run, day: int, birth_clock_min: float, extra: Sequence[StationRow] = ()) -> list[Block]:
    """
    The stations of the first lobe of the left breast over one day, moved by a slider.

    Parameters
    ----------
    shown
        One unit of work of a run.
    day
        Its number.
    birth_clock_min
        Time of day at birth [min].
    extra
        Stations beside those that every lobe has.
    """
    mother, replicate = next(iter(shown.spans_min))
    try:
        found = frames(shown, (day - 1) * DAY_MIN, day * DAY_MIN, mother=mother, replicate=replicate)
    except ConfigError as error:  # of a version without the table
        return [Note(f"No slider: {error}.")]
    words = station_words(extra)
    rows = [words.get(name, name) for name in found.stations]
    times_min = found.packets[found.stations[0]].index.to_numpy(float)
    chosen = evenly(len(times_min), _MOST_FRAMES)
    counts = [[[float(count) for count in found.packets[name].iloc[at]] for name in found.stations] for at in chosen]
    clocks = [clock(float(times_min[at]) + birth_clock_min) for at in chosen]
    fullest = max(range(len(counts)), key=lambda at: sum(part[1] for part in counts[at]))
    return [
        Slideshow(
            name="pipeline",
            title="The stations of a lobe",
            caption=f"Packets at each station of the first lobe of the left breast on day {day}: a blocked packet is "
            "done, and the next station has no room for it. Move the slider through the day.",
            rows=rows,
            room=[found.room[name] for name in found.stations],
            parts=[(label, _CLASSES[part]) for part, (label, _, _) in PARTS.items()],
            times=clocks,
            frames=counts,
            start=fullest,
            table=Table(
                "Packets there",
                ["time of day", *rows],
                [[text, *(number(sum(parts)) for parts in frame)] for text, frame in zip(clocks, counts, strict=True)],
            ),
        )
    ]


def _in_words(places: Iterable[tuple[str, str]], words: Mapping[str, str]) -> list[str]:
    return [f"{side} {words.get(station, station)}" for side, station in places]


def _queues(shown: Run, axis: TimeAxis, words: Mapping[str, str]) -> list[Block]:
    samples = queues(shown)
    if samples.empty:
        return [Note("The tables queues and lobes have no rows.")]
    edges_min = columns_for(samples["time_min"], axis, MOST_COLUMNS)
    places = [(side, station) for side in BREASTS for station in samples["station"].unique()]
    courses = {place: rows.sort_values("time_min") for place, rows in samples.groupby(["breast", "station"])}
    cells, largest = [], []
    for place in places:
        course = courses.get(place, samples.iloc[:0])
        most = float(course["packets"].max()) if len(course) else 0.0
        cells.append(
            means(course["time_min"].to_numpy(float), course["packets"].to_numpy(float) / (most or 1.0), edges_min)
        )
        largest.append(f"{most:,.0f}")
    return [
        heat_map(
            np.array(cells),
            axis,
            name="queues",
            title="Packets at each station",
            caption="Packets in service, waiting or blocked, all lobes of a breast together, over the most that were "
            "seen there at once; that number stands at the right. "
            f"Each column is a mean over {in_words(edges_min[1] - edges_min[0])}.",
            rows=_in_words(places, words),
            unit="of the most seen",
            highest=1.0,
            at_right=largest,
            row_px=_ROW_PX,
        )
    ]


def _blocking(shown: Run, axis: TimeAxis, words: Mapping[str, str]) -> list[Block]:
    """The cascade: a full station blocks the one before it."""
    stretches = int(np.clip((axis.to_min - axis.from_min) / _SHORTEST_MIN, 1, MOST_COLUMNS))
    every_min = (axis.to_min - axis.from_min) / stretches
    try:
        whole, blocking = whole_and_over_time(shown, every_min / HOUR_MIN)
    except NoVisitsError:
        return [Note("Blocking is read from visits, a row for each packet, and this run was simulated without them.")]
    shares = {place: rows.to_numpy(float) for place, rows in blocking.groupby(["breast", "station"])["blocked_share"]}
    places = list(zip(whole["breast"], whole["station"], strict=True))
    names = _in_words(places, words)
    cells = np.array([shares[place] for place in places])
    heat = heat_map(
        cells,
        axis,
        name="blocking",
        title="Blocked time of each station",
        caption="Share of the time of its places in which packets are done and the next station is full. "
        f"Each column is {in_words(every_min)}. Without colour where there was no packet.",
        rows=names,
        unit="of the time",
        highest=1.0,
        row_px=_ROW_PX,
    )
    values = whole[list(_COLUMNS)].to_numpy(float).tolist()
    rows = [
        [name, *map(_to_tenths, row[:-1]), _to_tenths(100.0 * row[-1])] for name, row in zip(names, values, strict=True)
    ]
    title = "Visits of packets at each station, means over the whole run; blocked, of the time that a packet is there"
    return [heat, Table(title, ["station", *_COLUMNS.values()], rows)]


def _to_tenths(value: float) -> str:
    """A number of packets, minutes or percent: finer than a tenth says nothing here."""
    return number(value) if abs(value) >= 10.0 or not isfinite(value) else f"{value:.1f}"
