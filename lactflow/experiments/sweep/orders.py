"""Orders: work on some units of a sweep, as data that any process can be handed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any


def order(
    folder: Path,
    units: Sequence[int],
    cache: Path | None = None,
    additions: Sequence[tuple[str, str, str]] = (),
) -> dict[str, Any]:
    """
    Work on some units of a sweep, as data.

    Parameters
    ----------
    folder
        The sweep.
    units
        Their numbers.
    cache
        Folder that keeps results for other sweeps.
    additions
        What was added in Python and is needed: group, name, reference.
    """
    return {
        "sweep": str(folder.absolute()),
        "units": _as_ranges(units),
        "cache": None if cache is None else str(cache.absolute()),
        "additions": [list(each) for each in additions],
    }


def units_of_order(ordered: Mapping[str, Any]) -> list[int]:
    """Numbers of the units of an order."""
    return [unit for first, last in ordered["units"] for unit in range(first, last + 1)]


def _as_ranges(units: Iterable[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for unit in units:
        if ranges and unit == ranges[-1][1] + 1:
            ranges[-1][1] = unit
        else:
            ranges.append([unit, unit])
    return ranges
