"""Queues and blocking by station: where packets pile up, and how far up the line that reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lactflow.records import BREASTS, STATIONS
from lactflow.report.blocks import Block, Note
from lactflow.report.heat import heat_map
from lactflow.report.numbers import TimeAxis, in_words
from lactflow.report.thinning import MOST_COLUMNS, columns_for, means
from lactflow.report.words import STATIONS as STATION_WORDS

if TYPE_CHECKING:
    from lactflow.analysis.run import Run

_QUEUES = dict(
    zip(STATIONS, ("rer_queue", "golgi_queue", "fusion_queue", "growth_queue", "budding_queue"), strict=True)
)
_ROW_PX = 22


def stations(shown: Run, axis: TimeAxis) -> list[Block]:
    """Packets at each station of each breast, and the share of their time that is blocked."""
    return [*_queues(shown, axis), *_blocking(shown, axis)]


def _queues(shown: Run, axis: TimeAxis) -> list[Block]:
    samples = shown.read("lobes", ["time_min", "breast", *_QUEUES.values()])
    if samples.empty:
        return [Note("The table `lobes` has no rows.")]
    edges_min = columns_for(samples["time_min"], axis, MOST_COLUMNS)
    rows, cells, largest = [], [], []
    for side in BREASTS:
        packets = samples[samples["breast"] == side].groupby("time_min")[list(_QUEUES.values())].sum()
        for station, column in _QUEUES.items():
            most = float(packets[column].max()) if len(packets) else 0.0
            course = means(packets.index.to_numpy(float), packets[column].to_numpy(float), edges_min)
            rows.append(f"{side} {STATION_WORDS[station]}")
            cells.append(course / most if most > 0.0 else course)
            largest.append(f"{most:,.0f}")
    return [
        heat_map(
            np.array(cells), axis, name="queues", title="Packets at each station",
            told="Packets in service, waiting or blocked, all lobes of a breast together, over the most that were ever "
            "seen there; that number stands at the right. "
            f"Each column is a mean over {in_words(edges_min[1] - edges_min[0])}.",
            rows=rows, unit="of the most seen", highest=1.0, at_right=largest, row_px=_ROW_PX,
        )
    ]  # fmt: skip


def _blocking(shown: Run, axis: TimeAxis) -> list[Block]:
    return [Note("no visits")]
