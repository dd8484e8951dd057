"""
Tables made from a run: measures, sessions, station statistics, event logs, intervals and paired differences.

    from lactflow.analysis import sessions, stations

Each takes a run, as `lactflow.run` and `lactflow.open_run` give it, and returns a frame, unless its docstring says
otherwise. They are imported when they are first used: importing this package loads neither pandas nor PyArrow.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lactflow.analysis.daily import by_replicate as by_replicate
    from lactflow.analysis.daily import daily as daily
    from lactflow.analysis.daily import summary as summary
    from lactflow.analysis.drugs import drugs as drugs
    from lactflow.analysis.events import events as events
    from lactflow.analysis.faltering import faltering as faltering
    from lactflow.analysis.intervals import mean_interval as mean_interval
    from lactflow.analysis.markers import markers as markers
    from lactflow.analysis.onset import onset_h as onset_h
    from lactflow.analysis.onset import onsets as onsets
    from lactflow.analysis.paired import differences as differences
    from lactflow.analysis.paired import per_subject as per_subject
    from lactflow.analysis.queues import littles_law as littles_law
    from lactflow.analysis.recorded import recorded as recorded
    from lactflow.analysis.sessions import sessions as sessions
    from lactflow.analysis.stages import stages as stages
    from lactflow.analysis.stations import blocking_over_time as blocking_over_time
    from lactflow.analysis.stations import stations as stations
    from lactflow.analysis.supply import fewest_removals as fewest_removals

_HOMES = {
    "daily": "daily",
    "by_replicate": "daily",
    "summary": "daily",
    "stages": "stages",
    "onsets": "onset",
    "onset_h": "onset",
    "sessions": "sessions",
    "markers": "markers",
    "recorded": "recorded",
    "stations": "stations",
    "blocking_over_time": "stations",
    "littles_law": "queues",
    "events": "events",
    "faltering": "faltering",
    "mean_interval": "intervals",
    "per_subject": "paired",
    "differences": "paired",
    "fewest_removals": "supply",
    "drugs": "drugs",
}
"""Module of each public function, in the order in which they are documented."""

__all__ = list(_HOMES)


class _Functions(ModuleType):
    """The package: a function has the name of the module it lives in, and it is the function that is public."""

    def __setattr__(self, name: str, value: object) -> None:
        """Where Python puts a module that was imported into its package, put the function of its name."""
        if isinstance(value, ModuleType) and name in _HOMES:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Functions


def __getattr__(name: str) -> Any:
    """Import a public function when it is first used."""
    if name not in _HOMES:
        msg = f"module 'lactflow.analysis' has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module(f"lactflow.analysis.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Public names, imported or not."""
    return sorted({*globals(), *__all__})
