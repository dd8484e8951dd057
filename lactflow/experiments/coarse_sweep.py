"""
The coarse replicates of a comparison: a sweep over its scenarios, in a folder of the comparison.

They are many and short, and nothing but measures is wanted of them: they are simulated in memory, and what is kept are
measures, not tables. A sweep does that, and what it has done when it is killed is not done again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import count
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lactflow.analysis.drug_names import is_of_drug
from lactflow.config.scenario import Scenario
from lactflow.config.text import counted
from lactflow.dyad.schedule import LogPhase
from lactflow.errors import SomeUnitsFailedError
from lactflow.experiments.comparison import COARSE, coarse_within
from lactflow.experiments.crew import Crew
from lactflow.experiments.run import units_in
from lactflow.experiments.subjects import subjects_of
from lactflow.experiments.sweep.campaign import resume_sweep, run_sweep
from lactflow.experiments.sweep.design import Design
from lactflow.experiments.sweep.engines import OfCrew
from lactflow.experiments.sweep.families import SCENARIO
from lactflow.experiments.sweep.keys import MEASURES_ONLY
from lactflow.experiments.sweep.plan import Planned, planned
from lactflow.experiments.sweep.points import Base, Resolved
from lactflow.experiments.sweep.results import Sweep, open_sweep
from lactflow.experiments.work import ShowProgress

if TYPE_CHECKING:
    import pandas as pd

_COARSE_OVER_OTHER = 0.3
"""Time of a coarse replicate over that of another one, about: for the bar."""


class CoarseReplicates(NamedTuple):
    """
    What became of coarse replicates.

    Attributes
    ----------
    subjects
        Measures by the number of the replicate, by the name of the scenario.
    failures
        In words: one line for all that failed, and one for each; none where nothing did.
    cached
        Replicates that came from a cache, and were not simulated.
    """

    subjects: dict[str, pd.DataFrame]
    failures: list[str]
    cached: int


def simulated(
    comparison: Path,
    scenarios: Mapping[str, Scenario],
    crew: Crew,
    *,
    command: Sequence[str],
    cache: Path | None,
    progress: ShowProgress | None,
) -> CoarseReplicates:
    """
    Simulate the coarse replicates of a comparison that it does not have yet.

    Parameters
    ----------
    comparison
        Its folder, which this process holds.
    scenarios
        At the coarsest resolution, by name: see `experiments.coarse.coarse_of`.
    crew
        Does it.
    command
        The command; kept in the manifest of the sweep.
    cache
        Folder that keeps measures for other comparisons and for sweeps; None for none.
    progress
        Called with the share that is done, and the simulated time; may raise to stop.

    Raises
    ------
    ConfigError
        If lactflow, its model or a plug-in is another one than when they were begun.
    ArchiveError
        If the disk refuses.
    InterruptedRunError
        If `progress` raised it; what was simulated until then is kept.
    """
    known, before, message = coarse_within(comparison), 0, ""
    engine, progress = OfCrew(crew, crew.workers), _never_back(progress)
    try:
        if known is None:
            plan = _planned(scenarios)
            sweep = run_sweep(
                plan, comparison / COARSE, command, lambda _: nullcontext(engine), cache=cache, progress=progress
            )
        else:
            sweep = open_sweep(known)
            before = sweep.cached
            if sweep.status != "complete":
                sweep = resume_sweep(known, lambda _: nullcontext(engine), cache=cache, progress=progress)
    except SomeUnitsFailedError as error:
        found = coarse_within(comparison)
        assert found is not None
        sweep, message = open_sweep(found), str(error)
    return CoarseReplicates(_subjects(sweep, scenarios), _failures(sweep, comparison, message), sweep.cached - before)


def retried_by(crew: Crew) -> list[dict[str, object]]:
    """
    Entries for the manifest, of coarse replicates that were simulated again because a worker had died.

    Parameters
    ----------
    crew
        Which has done nothing else yet.
    """
    return [
        {"run": f"coarse replicates, {each['units']}", "reason": each["reason"]}
        for each in OfCrew(crew, crew.workers).retried
    ]


def _never_back(progress: ShowProgress | None) -> ShowProgress | None:
    """The same progress; it stands where work is done again."""
    if progress is None:
        return None
    reached = 0.0

    def show(share: float, time_min: float) -> None:
        nonlocal reached
        reached = max(reached, share)
        progress(reached, time_min)

    return show


def _planned(scenarios: Mapping[str, Scenario]) -> Planned:
    """A sweep whose points are the scenarios."""
    bases = [Base.of(scenario) for scenario in _logs_apart(scenarios.values())]
    design = Design((SCENARIO,), [(label,) for label in scenarios], {SCENARIO: "--coarse"})
    return planned(Resolved(bases, [*range(len(bases))], (), []), design, MEASURES_ONLY)


def _logs_apart(scenarios: Iterable[Scenario]) -> Iterator[Scenario]:
    """Scenarios whose logs can lie in one folder: of two that differ and have one name, the second gets another."""
    taken: dict[str, bytes] = {}
    for scenario in scenarios:
        names = {}
        for name, content in scenario.files.items():
            tries = (name if number == 1 else f"{number}-{name}" for number in count(1))
            names[name] = next(each for each in tries if taken.setdefault(each, content) == content)
        if all(name == own for own, name in names.items()):
            yield scenario
            continue
        schedule = tuple(
            phase.model_copy(update={"file": names[phase.file]}) if isinstance(phase, LogPhase) else phase
            for phase in scenario.config.schedule
        )
        yield replace(
            scenario,
            config=scenario.config.model_copy(update={"schedule": schedule}),
            logs={names[name]: log for name, log in scenario.logs.items()},
            files={names[name]: content for name, content in scenario.files.items()},
        )


def _subjects(sweep: Sweep, labels: Mapping[str, object]) -> dict[str, pd.DataFrame]:
    """Measures of each scenario, as those of its other replicates are given."""
    found: dict[str, dict[tuple[int, int], dict[str, float]]] = {label: {} for label in labels}
    for row in sweep.results.drop(columns=["unit", "point", "key"]).to_dict("records"):
        label, mother, replicate = (row.pop(name) for name in (SCENARIO, "mother", "replicate"))
        found[label][mother, replicate] = {
            str(name): value for name, value in row.items() if not (isnan(value) and is_of_drug(str(name)))
        }
    return {label: subjects_of(units, "replicate") for label, units in found.items()}


def share_of(coarse: Mapping[str, Scenario], others: Mapping[str, Scenario]) -> float:
    """
    Share of all work that coarse replicates are, about.

    Parameters
    ----------
    coarse, others
        Scenarios at both resolutions.
    """
    runs = [sum(units_in(each.config) for each in scenarios.values()) for scenarios in (coarse, others)]
    return runs[0] * _COARSE_OVER_OTHER / (runs[0] * _COARSE_OVER_OTHER + runs[1])


def _failures(sweep: Sweep, comparison: Path, message: str) -> list[str]:
    """What failed or could not be handed out, in words: those of the sweep, but for its first line."""
    counts = sweep.counts
    if counts.complete == counts.units:
        return []
    missing = f"{counts.units - counts.complete} of {counted(counts.units, 'coarse run')} are missing"
    first = f"{missing} (`lactflow compare --resume {comparison}` simulates them)"
    return [first, *(f"coarse: {line}" for line in message.splitlines()[1:])]
