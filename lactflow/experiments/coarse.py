"""Coarse replicates beside those of a comparison: which scenarios can have them, and what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lactflow.config.additions import additions_of
from lactflow.config.model import RunConfig, contradictions
from lactflow.config.resolution import in_words, level_name, named_lobe, recut, stated
from lactflow.config.scenario import Scenario, changed
from lactflow.config.text import counted, dotted
from lactflow.dyad.schedule import Phase, TimedPhase
from lactflow.errors import ConfigError, Problem

OPTION = "--coarse"
LEVEL = "coarsest"
"""
Of resolution: the cheapest whose differences follow those at the default (`benchmarks/coarse_pairs.py`). What it is off
does not matter here, for it is corrected.
"""
FEWEST_PAIRS = 3
"""Replicates at the scenarios' own resolution that coarse ones are corrected by."""
FEWEST_MORE = 2
"""Coarse replicates beyond those."""
_SHOWN_TO_FOLLOW = ("default", "fine")


def wrong_with_coarse(scenarios: Mapping[str, Scenario], replicates: int, *, alone: bool) -> list[Problem]:
    """
    Why scenarios cannot be compared with the help of coarse replicates.

    Parameters
    ----------
    scenarios
        By name, the baseline first.
    replicates
        Coarse ones of each scenario.
    alone
        Whether the number of replicates is fixed beforehand, and not by the width of an interval.

    Returns
    -------
    A problem for every reason; none where they can be.
    """
    base = next(iter(scenarios.values())).config
    own = base.replicates
    reasons = []
    if not alone:
        reasons.append("excludes --until-ci, which sets the number of replicates itself (allowed: one of them)")
    if base.record.warm_up_days >= base.days:
        reasons.append(f"has nothing to estimate: record.warm_up_days leaves nothing of {base.days:g} days")
    if base.mother.cohort is not None:
        reasons.append("adds replicates of one mother; a cohort has as many mothers as mother.cohort says")
    if own < FEWEST_PAIRS:
        reasons.append(f"needs {FEWEST_PAIRS} or more --replicates to be corrected by; there is {own}")
    elif replicates < own + FEWEST_MORE:
        reasons.append(
            f"{counted(replicates, 'coarse replicate')} in all, of which the first {own} are those of --replicates "
            f"(allowed: {own + FEWEST_MORE} or more)"
        )
    for label, scenario in scenarios.items():
        reasons += [f"{label}: {reason}" for reason in _unlike(scenario.config)]
    return [Problem(reason, OPTION) for reason in reasons]


def _unlike(config: RunConfig) -> Iterator[str]:
    """Why coarse replicates of a config would not follow it."""
    level = level_name(config)
    if level not in _SHOWN_TO_FOLLOW:
        allowed = " or ".join(_SHOWN_TO_FOLLOW)
        yield f"its resolution is {in_words(stated(config))} (allowed: {allowed}, which coarse replicates follow)"
    if (key := named_lobe(config)) is not None:
        yield f"{key} names a lobe, and coarse replicates have others (allowed: no such key)"
    for number, phase in enumerate(config.schedule):
        if not _is_set(phase):
            kind = getattr(phase, "kind", type(phase).__name__)
            yield (
                f"schedule.{number} ({kind}) has no set times: they would be others at another resolution, and coarse "
                "replicates would not follow (allowed: kinds with set times, such as every, clock, pump, log)"
            )
            return
    coarse = recut(config, LEVEL)
    for wrong, message in contradictions(coarse, (), additions_of(config).stations):
        yield f"coarse replicates are not possible: {dotted(wrong)}: {message}"


def _is_set(phase: Phase) -> bool:
    """Whether its sessions follow from the config alone, or take no milk."""
    return isinstance(phase, TimedPhase) or not phase.takes_milk


def coarse_of(scenarios: Mapping[str, Scenario], replicates: int, *, alone: bool) -> dict[str, Scenario]:
    """
    Scenarios at the coarsest resolution, with more replicates.

    Parameters
    ----------
    scenarios, replicates, alone
        As `wrong_with_coarse` takes them.

    Returns
    -------
    By the same names; without rows of visits.

    Raises
    ------
    ConfigError
        With every reason against it.
    """
    problems = wrong_with_coarse(scenarios, replicates, alone=alone)
    if problems:
        raise ConfigError(*problems)
    found = {}
    for label, scenario in scenarios.items():
        config = recut(scenario.config, LEVEL)
        record = config.record.model_copy(update={"visits": False})
        found[label] = changed(
            scenario, gland=config.gland, resolution=config.resolution, record=record, replicates=replicates
        )
    return found
