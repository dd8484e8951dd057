"""
What a mother wrote down against what the model gave: session by session.

A feeding log may hold volumes, pumped or weighed. They do not steer the model; they stand beside what it does.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lactflow.analysis.days import UNIT

if TYPE_CHECKING:
    import numpy.typing as npt

    from lactflow.recording.tables import RunTables

COLUMNS = (
    *UNIT,
    "session",
    "kind",
    "breast",
    "planned_min",
    "start_min",
    "recorded_ml",
    "simulated_ml",
    "difference_ml",
    "cut",
)
_ROUND_OFF_MIN = 1e-6


class Agreement(NamedTuple):
    """
    How far simulated volumes are from recorded ones (Bland and Altman 1986).

    Attributes
    ----------
    sessions
        Number of volumes compared.
    recorded_ml, simulated_ml
        Their means.
    bias_ml, sd_ml
        Mean and standard deviation of simulated less recorded; NaN for too few.
    correlation
        Pearson's r; NaN where one of the two does not vary.
    """

    sessions: int
    recorded_ml: float
    simulated_ml: float
    bias_ml: float
    sd_ml: float
    correlation: float


def has_volumes(run: RunTables) -> bool:
    """
    Whether a run has recorded volumes at all, which most have not.

    Parameters
    ----------
    run
        The run.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    volumes = (run.read(table, ["recorded_ml"])["recorded_ml"] for table in ("sessions", "removals"))
    return any(bool(each.notna().any()) for each in volumes)


def recorded(run: RunTables) -> pd.DataFrame:
    """
    Every volume of the feeding log beside the model's.

    Returns
    -------
    `mother`, `replicate`, `session`, `kind`, `breast` (`left` or `right`, `both` where the log has one volume for the
    session), `planned_min`, `start_min`, `recorded_ml`, `simulated_ml`, `difference_ml` (simulated less recorded),
    `cut` (whether the end of the run cut the session, so that the two are not of the same). Each volume once: where a
    log has those of both breasts, their sum is left out. No rows for a run without recorded volumes.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    keys = [*UNIT, "session"]
    both = [*keys, "kind", "start_min", "end_min", "recorded_ml"]
    sides = run.read("removals", [*both, "breast", "removed_ml"]).rename(columns={"removed_ml": "simulated_ml"})
    every = run.read("sessions", [*both, "planned_min", "intake_ml"]).rename(columns={"intake_ml": "simulated_ml"})
    sides, sessions = (table.dropna(subset=["recorded_ml"]) for table in (sides, every))
    by_breast = pd.MultiIndex.from_frame(sides[keys])
    sessions = sessions[~pd.MultiIndex.from_frame(sessions[keys]).isin(by_breast)].assign(breast="both")
    planned = every[[*keys, "planned_min"]]
    table = pd.concat([sides.merge(planned, on=keys, how="left"), sessions], ignore_index=True)
    table["difference_ml"] = table["simulated_ml"] - table["recorded_ml"]
    ends_min = {unit: end_min for unit, (_, end_min) in run.spans_min.items()} if len(table) else {}
    over_min = [ends_min[unit] for unit in zip(table["mother"], table["replicate"], strict=True)]
    table["cut"] = table["end_min"] >= np.array(over_min, dtype=float) - _ROUND_OFF_MIN
    return table[list(COLUMNS)].sort_values([*UNIT, "start_min", "breast"], ignore_index=True)


def agreement(table: pd.DataFrame) -> Agreement:
    """
    Means, bias, spread and correlation of a table of `recorded`.

    Parameters
    ----------
    table
        One row a volume; may be empty. Volumes that the end of the run cut are left out.
    """
    table = table[~table["cut"].astype(bool)] if "cut" in table else table
    mine, theirs = table["simulated_ml"].to_numpy(float), table["recorded_ml"].to_numpy(float)
    if not len(table):
        return Agreement(0, nan, nan, nan, nan, nan)
    with np.errstate(all="ignore"):  # a slip of the pen may be too large to square; then nothing is known
        return _agreement(mine, theirs)


def _agreement(mine: npt.NDArray[np.floating], theirs: npt.NDArray[np.floating]) -> Agreement:
    """That of one volume or more."""
    varies = len(theirs) > 1 and mine.std() > 0.0 and theirs.std() > 0.0
    return Agreement(
        sessions=len(theirs),
        recorded_ml=float(theirs.mean()),
        simulated_ml=float(mine.mean()),
        bias_ml=float((mine - theirs).mean()),
        sd_ml=float((mine - theirs).std(ddof=1)) if len(theirs) > 1 else nan,
        correlation=float(np.corrcoef(mine, theirs)[0, 1]) if varies else nan,
    )
