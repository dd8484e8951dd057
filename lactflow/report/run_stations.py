"""Queues and blocking by station: where packets pile up, and how far up the line that reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lactflow.analysis.stations import QUEUES, NoVisitsError, blocking_over_time
from lactflow.analysis.stations import stations as station_table
from lactflow.records import BREASTS, STATIONS
from lactflow.report.blocks import Block, Note, Table
from lactflow.report.heat import heat_map
from lactflow.report.numbers import TimeAxis, in_words, number
from lactflow.report.thinning import MOST_COLUMNS, columns_for, means
from lactflow.report.words import STATIONS as STATION_WORDS
from lactflow.units import HOUR_MIN

if TYPE_CHECKING:
    from lactflow.analysis.run import Run

_ROW_PX = 22
_SHORTEST_MIN = 15.0
"""Of a stretch in which blocking is told: a share of less is noise."""
_PLACES = [(side, station) for side in BREASTS for station in STATIONS]
_ROWS = [f"{side} {STATION_WORDS[station]}" for side, station in _PLACES]
_COLUMNS = {
    "throughput_per_h": "packets/h",
    "wait_min": "waiting [min]",
    "service_min": "in service [min]",
    "blocked_min": "blocked [min]",
    "residence_min": "all of it [min]",
    "packets": "packets there",
    "blocked_share": "blocked share",
}


def stations(shown: Run, axis: TimeAxis) -> list[Block]:
    """Packets at each station of each breast, and the share of its time that is blocked."""
    return [*_queues(shown, axis), *_blocking(shown, axis)]


def _queues(shown: Run, axis: TimeAxis) -> list[Block]:
    samples = shown.read("lobes", ["time_min", "breast", *QUEUES.values()])
    if samples.empty:
        return [Note("The table lobes has no rows.")]
    edges_min = columns_for(samples["time_min"], axis, MOST_COLUMNS)
    packets = samples.groupby(["breast", "time_min"])[list(QUEUES.values())].sum()
    cells, largest = [], []
    for side, station in _PLACES:
        course = packets[QUEUES[station]].xs(side) if side in packets.index else packets[QUEUES[station]].iloc[:0]
        most = float(course.max()) if len(course) else 0.0
        cells.append(means(course.index.to_numpy(float), course.to_numpy(float) / (most or 1.0), edges_min))
        largest.append(f"{most:,.0f}")
    return [
        heat_map(
            np.array(cells),
            axis,
            name="queues",
            title="Packets at each station",
            told="Packets in service, waiting or blocked, all lobes of a breast together, over the most that were seen "
            "there at once; that number stands at the right. "
            f"Each column is a mean over {in_words(edges_min[1] - edges_min[0])}.",
            rows=_ROWS,
            unit="of the most seen",
            highest=1.0,
            at_right=largest,
            row_px=_ROW_PX,
        )
    ]


def _blocking(shown: Run, axis: TimeAxis) -> list[Block]:
    """The cascade: a full station blocks the one before it."""
    stretches = int(np.clip((axis.to_min - axis.from_min) / _SHORTEST_MIN, 1, MOST_COLUMNS))
    every_min = (axis.to_min - axis.from_min) / stretches
    try:
        blocking = blocking_over_time(shown, every_min / HOUR_MIN)
        whole = station_table(shown)
    except NoVisitsError:
        return [Note("Blocking is read from visits, a row for each packet, and this run was played without them.")]
    by_place = dict(list(blocking.groupby(["breast", "station"], observed=True)))
    cells = np.array([by_place[place]["blocked_share"].to_numpy(float) for place in _PLACES])
    heat = heat_map(
        cells,
        axis,
        name="blocking",
        title="Blocked time of each station",
        told="Share of the time of its places in which packets are done and the next station is full. "
        f"Each column is {in_words(every_min)}. No packet, no colour.",
        rows=_ROWS,
        unit="of the time",
        highest=1.0,
        row_px=_ROW_PX,
    )
    values = whole[list(_COLUMNS)].to_numpy(float).tolist()
    told = dict(zip(zip(whole["breast"], whole["station"], strict=True), values, strict=True))
    rows = [[name, *map(number, told[place])] for name, place in zip(_ROWS, _PLACES, strict=True)]
    return [heat, Table("A mean visit at each station, over the whole run", ["station", *_COLUMNS.values()], rows)]
