"""Measures of many units of work at once: to tally one takes nearly as long as to tally a hundred."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from lactflow.analysis.at_days import by_replicate_at
from lactflow.analysis.days import UNIT
from lactflow.analysis.drug_names import is_of_drug
from lactflow.analysis.run import MemoryRun
from lactflow.analysis.tally import TALLIED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lactflow.analysis.at_days import AtDays
    from lactflow.recording.memory import UnitTables


def by_unit(
    units: Sequence[UnitTables], warm_up_days: float = 0.0, wanted: Sequence[AtDays] = ()
) -> list[dict[str, float] | None]:
    """
    Measures of units of work, of one scenario or of several, over their runs after a warm-up.

    Parameters
    ----------
    units
        Their tables; those of `TALLIED` are enough.
    warm_up_days
        Time left out at the start [days], from 0.
    wanted
        Measures of days, beside those of the whole run.

    Returns
    -------
    Of each unit a row of `by_replicate_at`, to the bit the same, without its numbers, and without measures of drugs
    that are not known: the others may take other drugs. None where nothing is left of it.

    Raises
    ------
    ValueError
        If `warm_up_days` is negative.
    """
    runs = [MemoryRun([unit], _no_config).numbered(number, tuple(TALLIED)) for number, unit in enumerate(units)]
    if not runs:
        return []
    measures = by_replicate_at(MemoryRun.together(runs), wanted, warm_up_days)
    rows: list[dict[Any, float]] = measures.drop(columns=UNIT).to_dict("records")
    known = [{name: value for name, value in row.items() if not isnan(value) or not is_of_drug(name)} for row in rows]
    found: dict[int, dict[str, float]] = dict(zip(measures["mother"].tolist(), known, strict=True))
    return [found.get(number) for number in range(len(runs))]


def _no_config() -> str:
    raise AssertionError("units of several scenarios have no config in common")
