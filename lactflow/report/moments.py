"""Moments of a run that its charts are marked with: birth, copious milk, first solids, phases, interventions."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lactflow.analysis.run import Run
    from lactflow.config.model import RunConfig

_MOST = 8
"""Marks of one kind: a drug given every day is not a moment each."""


class Moment(NamedTuple):
    """When [min since birth], and what it says."""

    time_min: float
    text: str


def planned_moments(config: RunConfig) -> list[Moment]:
    """First days of the phases of a schedule that say one, and of solids."""
    days = [
        (phase.begins_day, str(phase.model_dump(include={"kind"})["kind"]).replace("_", " "))
        for phase in config.schedule
    ][:_MOST]
    days += [(infant.solids_from_day, "solids") for infant in config.infants[:1]]
    return [Moment((day - 1.0) * DAY_MIN, text) for day, text in days if day is not None]


def moments(shown: Run, planned: Sequence[Moment], onset_h: float) -> list[Moment]:
    """
    What is worth a line across the charts of a run, in order of time.

    Parameters
    ----------
    shown
        One unit of work.
    planned
        Those that the config has: `planned_moments`.
    onset_h
        Copious milk, hours after birth; NaN for unknown.
    """
    found = [Moment(0.0, "birth")]
    if isfinite(onset_h):
        found.append(Moment(onset_h * HOUR_MIN, "copious milk"))
    found += planned
    changes = shown.read("interventions", ["time_min", "intervention", "action"])
    firsts = changes.drop_duplicates(["intervention", "action"]).head(_MOST)
    found += [
        Moment(float(time), f"{kind.replace('_', ' ')}, {action}")
        for time, kind, action in firsts.itertuples(index=False)
    ]
    return sorted(found)
