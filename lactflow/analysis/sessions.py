"""
Sessions with what happened at each breast: one row for a feed, whatever number of removals it had.

Between two sessions at a breast nothing leaves it. What is in it now, less what the session before left there, was
secreted in between: test weighing and breast volumes measure secretion in the same way (Daly 1993). It is what came to
stay: milk that leaked back through open junctions does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lactflow.analysis.days import UNIT
from lactflow.config.model import RunConfig
from lactflow.config.yaml_source import parse_yaml
from lactflow.dyad.schedule import clock_minutes
from lactflow.records import BREASTS
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    from lactflow.recording.tables import RunTables

_KEY = [*UNIT, "session"]
_WHOLE = [
    "kind",
    "infant",
    "day",
    "clock_h",
    "start_min",
    "duration_min",
    "end_reason",
    "intake_ml",
    "recorded_ml",
    "emptied_fraction",
    "let_downs",
]
_AT_BREAST = [
    "interval_h",
    "secretion_ml_per_h",
    "fullness_between",
    "fullness_start",
    "fullness_end",
    "available_ml",
    "removed_ml",
    "emptied_fraction",
    "fat_start_g_per_l",
    "fat_end_g_per_l",
]


def sessions(run: RunTables) -> pd.DataFrame:
    """
    Every session with its removals.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    A row for each `mother`, `replicate`, `session`, in order:

    - `kind` (`feed`, `pump`, `hand`, `bottle`), `infant` (NaN for a pump), `end_reason`: as in the table `sessions`.
    - `day`: day d is the time from 24 (d - 1) h to 24 d h after birth; `clock_h`: time of day at the start [h], 0 to
      24, from `birth_clock`; `start_min` [min since birth]; `duration_min` [min].
    - `intake_ml`: milk taken in the session [mL]; `recorded_ml`: the same as recorded in a feeding log [mL].
    - `emptied_fraction`: share of the milk available in the breasts of the session that was taken, 0 to 1.
    - `let_downs`: oxytocin pulses in the session; those before the latch are left out. NaN for a bottle.

    Then, each with `_left` and with `_right`, NaN where the session was not at that breast:

    - `interval_h`: time since the session before at that breast, from start to start [h].
    - `secretion_ml_per_h`: milk that came into that breast since then, over that time [mL/h]: what is available now,
      less what was left.
    - `fullness_between`: fullness after the session before and fullness now, their mean.
    - `fullness_start`, `fullness_end`: volume over capacity; may pass 1.
    - `available_ml`, `removed_ml`: milk in the breast at the start, and milk taken from it [mL].
    - `emptied_fraction`: the one over the other, 0 to 1.
    - `fat_start_g_per_l`, `fat_end_g_per_l`: fat in the first and the last milk taken [g/L].

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.

    References
    ----------
    Daly SEJ, Owens RA, Hartmann PE 1993, The short-term synthesis and infant-regulated removal of milk in lactating
    women, Exp Physiol 78:209-220.
    """
    removals = _since_the_one_before(run["removals"])
    table = run["sessions"].sort_values(_KEY, ignore_index=True)
    table = table.join(_of_both(removals), on=_KEY).join(_by_breast(removals), on=_KEY)
    start_min = table["start_min"]
    table["day"] = np.floor(start_min / DAY_MIN).astype(np.int64) + 1
    table["clock_h"] = (start_min + _birth_clock_min(run)) % DAY_MIN / HOUR_MIN
    table["duration_min"] = table["end_min"] - start_min
    return table[[*_KEY, *_WHOLE, *(f"{name}_{breast}" for breast in BREASTS for name in _AT_BREAST)]]


def _birth_clock_min(run: RunTables) -> float:
    """Time of day at birth, from the config that was simulated [min after midnight]."""
    config = parse_yaml(run.config_text.encode()).data or {}
    default = RunConfig.model_fields["birth_clock"].default
    return clock_minutes(config.get("birth_clock", default))


def _share(removed_ml: pd.Series[float], available_ml: pd.Series[float]) -> pd.Series[float]:
    """Share of the available milk that was taken; NaN where none was available."""
    return removed_ml / available_ml.where(available_ml > 0.0)


def _since_the_one_before(removals: pd.DataFrame) -> pd.DataFrame:
    """Removals with what happened in that breast since the one before."""
    removals = removals.sort_values([*UNIT, "breast", "start_min"], kind="stable", ignore_index=True)
    columns = ["start_min", "available_ml", "removed_ml", "fullness_end"]
    before = removals.groupby([*UNIT, "breast"])[columns].shift(1)
    left_ml = before["available_ml"] - before["removed_ml"]
    removals["interval_h"] = (removals["start_min"] - before["start_min"]) / HOUR_MIN
    removals["secretion_ml_per_h"] = (removals["available_ml"] - left_ml) / removals["interval_h"]
    removals["fullness_between"] = (before["fullness_end"] + removals["fullness_start"]) / 2.0
    removals["emptied_fraction"] = _share(removals["removed_ml"], removals["available_ml"])
    return removals


def _of_both(removals: pd.DataFrame) -> pd.DataFrame:
    """Emptied share and let-downs of whole sessions."""
    together = removals.groupby(_KEY)
    added = together[["removed_ml", "available_ml", "let_downs"]].sum()
    # Infant and hand take one breast after the other; a pump is at both at once, and each counts the same pulses.
    let_downs = added["let_downs"].where(together["kind"].first() != "pump", together["let_downs"].max())
    emptied = _share(added["removed_ml"], added["available_ml"])
    return pd.DataFrame({"emptied_fraction": emptied, "let_downs": let_downs.astype(float)})


def _by_breast(removals: pd.DataFrame) -> pd.DataFrame:
    """What happened at each breast, side by side."""
    wide = removals.pivot(index=_KEY, columns="breast", values=_AT_BREAST)  # noqa: PD010  a session is once at a breast
    wide.columns = wide.columns.map("_".join)
    return wide.reindex(columns=[f"{name}_{breast}" for name in _AT_BREAST for breast in BREASTS])
