"""Visits in long form: one row for every step of a packet, as in event logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from lactflow.recording.tables import RunTables

ACTIVITIES = ("enter", "start", "finish", "block", "leave")
_ABOUT = ["replicate", "mother", "breast", "lobe", "line", "station", "packet"]


def events(run: RunTables) -> pd.DataFrame:
    """
    Event log of the packets of a run.

    A packet that finished and could not leave at that instant is blocked from then on. What a packet has not
    done by the end of the run has no row.

    Returns
    -------
    `time_min` [min since birth], `activity` (`enter`, `start`, `finish`, `block`, `leave`), `queue` (packets
    waiting at the station when this one entered), then whose event it is: `replicate`, `mother`, `breast`,
    `lobe`, `line`, `station`, `packet`. By time; at equal times the steps of a packet keep their order.
    """
    visits = run["visits"]
    finished_min, left_min = visits["finished_min"].to_numpy(), visits["left_min"].to_numpy()
    # Not yet left compares as "later" here: a packet that waits for room at the end is blocked too.
    blocked_min = np.where(left_min == finished_min, np.nan, finished_min)
    times_min = np.column_stack(
        [visits["entered_min"].to_numpy(), visits["started_min"].to_numpy(), finished_min, blocked_min, left_min]
    ).ravel()
    happened = np.flatnonzero(~np.isnan(times_min))
    # Visits are written when packets leave, so row order is causal order where times are equal.
    chosen = happened[np.argsort(times_min[happened], kind="stable")]
    rows, steps = np.divmod(chosen, len(ACTIVITIES))
    log = visits[[*_ABOUT, "queue_length"]].take(rows).reset_index(drop=True)
    log.insert(0, "time_min", times_min[chosen])
    activities = pd.Categorical.from_codes(steps.astype(np.int8), categories=pd.Index(ACTIVITIES))
    log.insert(1, "activity", pd.Series(activities))
    log.insert(2, "queue", log.pop("queue_length"))
    return log
