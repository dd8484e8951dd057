"""What is wrong with what additions declare: all of it is built as a run would, before one begins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from lactflow.chance import Streams
from lactflow.config.additions import Loaded, joined
from lactflow.config.model import RunConfig, run_window
from lactflow.dyad.interventions import course_of
from lactflow.endocrine.blood import HORMONES, Blood, SignalRow
from lactflow.endocrine.influences import TARGETS, Influence
from lactflow.endocrine.signal import Steps
from lactflow.errors import ConfigError, LactflowError, Problem
from lactflow.gland.analytes import Analyte
from lactflow.gland.contents import Contents
from lactflow.gland.declared import check, milk_analytes
from lactflow.gland.lines import lines_of
from lactflow.parameters.stations import StationRow
from lactflow.records import BREASTS


def check_each(config: RunConfig, loaded: Sequence[Loaded], lacking: Collection[str] = ()) -> list[Problem]:
    """
    A problem for every declaration that is wrong.

    A wrong one is taken away, or something plain put in its place, and the rest is built again: so mistakes are found
    together, and none is reported that only follows from another.

    Parameters
    ----------
    config
        Valid but for what is added.
    loaded
        What it names.
    lacking
        Groups of which something could not be loaded. What might only follow from that is not looked at: stations that
        stand after one another, and what reads signals.

    Returns
    -------
    Each with `group.name` of its addition as key; without a key where it is not known whose it is.
    """
    added = joined(loaded)
    wrong = [] if "stations" in lacking else _wrong_stations(config, added.stations)
    if "signals" not in lacking:
        wrong += _wrong_signals(config, (*added.signals, *added.influences))
        wrong += _wrong_analytes(config, added.analytes, [row.name for row in added.signals])
    if added.analytes and not wrong and not lacking:
        Contents(config.gland, added.analytes, _blood(config, (*added.signals, *added.influences)))
    keys = {id(each): f"{of.plugin.group}.{of.plugin.name}" for of in loaded for each in of.declarations}
    return [Problem(text, key=keys.get(id(error.declaration))) for error in wrong for text in _messages(error)]


def _messages(error: LactflowError) -> list[str]:
    return [each.message for each in error.problems] if isinstance(error, ConfigError) else [str(error)]


def _wrong_stations(config: RunConfig, rows: Sequence[StationRow]) -> list[LactflowError]:
    """Mistakes of stations; not of those that only stand after a wrong one."""
    gone: set[str] = set()

    def without(row: StationRow) -> tuple[bool, list[StationRow]]:
        follows = row.after in gone
        gone.add(row.name)
        return not follows, []

    return _found(rows, lambda left: lines_of(config.gland, left), without)


def _wrong_signals(config: RunConfig, declared: Sequence[SignalRow | Influence]) -> list[LactflowError]:
    """Mistakes of signals and influences; a signal that is wrong is constant for those that read it."""
    plain: list[SignalRow] = []

    def without(wrong: SignalRow | Influence) -> tuple[bool, list[SignalRow | Influence]]:
        if not isinstance(wrong, SignalRow):
            return True, []
        if any(wrong is each for each in plain):
            return False, []
        plain.append(wrong._replace(build=lambda _: Steps(1.0), column=None))
        return True, [plain[-1]]

    return _found(declared, lambda left: _blood(config, left), without)


def _wrong_analytes(config: RunConfig, analytes: Sequence[Analyte], signals: Sequence[str]) -> list[LactflowError]:
    """Mistakes of analytes, each looked at beside those before it."""
    there = list(milk_analytes(config.gland))
    wrong: list[LactflowError] = []
    names = [*(row.name for row in HORMONES), *signals]
    for analyte in analytes:
        try:
            check(there, [analyte], names)
        except ConfigError as error:
            error.declaration = analyte
            wrong.append(error)
        there.append(analyte)
    return wrong


def _blood(config: RunConfig, declared: Sequence[SignalRow | Influence]) -> Blood:
    """The blood of a run, with everything that acts on the cells evaluated once."""
    span = run_window(config)
    blood = Blood(
        config.endocrine,
        config.gland,
        course_of(config.interventions, span),
        Streams(config.seed),
        span.from_min,
        signals=[each for each in declared if isinstance(each, SignalRow)],
        influences=[each for each in declared if isinstance(each, Influence)],
        birth_clock_min=span.birth_clock_min,
    )
    for name, target in TARGETS.items():
        for side in (None, *BREASTS) if target.one_sided else (None,):
            blood.acting_on(name, side)
    return blood


def _found(
    declared: Sequence[Any], build: Callable[[Sequence[Any]], object], without: Callable[[Any], tuple[bool, list[Any]]]
) -> list[LactflowError]:
    """
    Errors of declarations, found one by one until the rest can be built.

    Parameters
    ----------
    declared
        All of them.
    build
        Builds them, and raises an error that says which one is wrong.
    without
        Takes the wrong one, and says whether its error is to be reported, and what stands in its place.
    """
    left = list(declared)
    errors: list[LactflowError] = []
    while left:
        try:
            build(left)
        except LactflowError as error:
            at = next((number for number, each in enumerate(left) if each is error.declaration), None)
            if at is None:
                return [*errors, error]
            reported, instead = without(left[at])
            left[at : at + 1] = instead
            errors += [error] if reported else []
        else:
            break
    return errors
