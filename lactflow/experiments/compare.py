"""
Comparison of scenarios on shared chance.

Every scenario is played by the same mothers with the same luck: draws are addressed, so the same hour of the same
replicate has the same noise whatever the schedule. What is left of chance in a difference is what the schedules
themselves bring in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.analysis.daily import MEASURES
from lactflow.analysis.intervals import enough_replicates
from lactflow.analysis.paired import Subject, differences
from lactflow.config.scenario import Scenario, changed, load_scenario
from lactflow.config.text import cut, quoted
from lactflow.config.yaml_source import parse_yaml
from lactflow.errors import ArchiveError, ConfigError, InterruptedRunError, Problem, SomeUnitsFailedError
from lactflow.experiments.comparison import DIFFERENCES, KIND, SUBJECTS, Comparison
from lactflow.experiments.crew import Crew, cores
from lactflow.experiments.run import named_in, new_archive, told_failures, units_of
from lactflow.experiments.start import prepare_workers
from lactflow.experiments.subjects import measured, without_pairs
from lactflow.experiments.unit import Failure, ShowPhase, ShowProgress, UnitOfWork
from lactflow.recording.archive import Archive, Ending
from lactflow.recording.folder import RUNS, ResultFolder

if TYPE_CHECKING:
    import pandas as pd

USUAL_REPLICATES = 10
"""Of one mother, where nobody says how many; also the pilot of `--until-ci`."""
MOST_REPLICATES = 1000
LEVEL = 0.95
SIMULATING = "comparison"
COMPARING = "comparing results"
"""Names of phases, for people."""
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_STEM = 59
"""Of a scenario's name, with room for what tells it from another of the same name."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """
    When there are enough replicates.

    Attributes
    ----------
    measure
        Whose interval decides.
    half_width
        Half-width that it shall have, in the unit of the measure.
    most
        Replicates that are not exceeded, whatever the width.
    """

    measure: str
    half_width: float
    most: int = MOST_REPLICATES


def compare(
    configs: Sequence[str | Path] | Mapping[str, Scenario],
    *,
    settings: str | Sequence[str] = ("record.visits=false",),
    out: str | Path = "outputs",
    name: str | None = None,
    stop: Stop | None = None,
    vary: str | None = None,
    workers: int | None = None,
    progress: ShowProgress | None = None,
    phase: ShowPhase | None = None,
    command: Sequence[str] | None = None,
    **options: object,
) -> Comparison:
    """
    Play scenarios on shared chance and take paired differences from the first: what `lactflow compare` does.

    Parameters
    ----------
    configs
        YAML files or names of shipped scenarios, two or more, the baseline first; or what `loaded` returns.
    settings
        `key.sub=value` for all of them, as `--set` takes them; no row for each packet when left out.
    out, name
        Folder in which the comparison is made, and the first part of its name.
    stop
        Add replicates until the interval of a measure is narrow enough; those of the first stage are `replicates`.
    vary
        `key.sub=A,B,C`: compare the one config with itself under these values, the first being the baseline.
    workers
        Processes; as many as there are cores when None. The tables do not depend on it.
    progress
        Told how far it is; may raise to stop.
    phase
        Told what begins: `COMPARING`, `SIMULATING` once more; `progress` then begins at nothing again.
    command
        How it was asked for; kept in the manifest.
    options
        Top-level keys of every config: `seed=7`, `days=30.0`, `replicates=20`.

    Raises
    ------
    ConfigError
        With every problem of the configs, or if they cannot be compared.
    SomeUnitsFailedError
        If some runs failed; the rest is compared, as far as there are pairs.
    """
    prepare_workers()
    if isinstance(configs, Mapping):
        scenarios = dict(configs)
    else:
        settings = [settings] if isinstance(settings, str) else settings
        scenarios = loaded(configs, settings, stop, vary, **options)
    first = f"compare-{next(iter(scenarios))}"[:64]
    play = _Play(scenarios, Path(out), name or first, command or ["lactflow.compare", *scenarios], stop)
    return play.through(workers, progress, phase)


def loaded(
    configs: Sequence[str | Path],
    settings: Sequence[str] = (),
    stop: Stop | None = None,
    vary: str | None = None,
    **options: object,
) -> dict[str, Scenario]:
    """
    Load scenarios that shall be compared, and check that they can be.

    Parameters
    ----------
    configs, settings, stop, vary, options
        As `compare` takes them.

    Returns
    -------
    Scenarios by names that tell them apart, with the seed of the first and as many replicates each.

    Raises
    ------
    ConfigError
        With every problem.
    """
    variants = [(config, ()) for config in configs] if vary is None else _variants(configs, vary)
    scenarios = [load_scenario(config, (*settings, *more), **options) for config, more in variants]
    named = {
        label: _comparable(scenario, scenarios, given=options.get("replicates") is not None)
        for label, scenario in zip(_labels(scenarios), scenarios, strict=True)
    }
    _check(named, stop)
    return named


def _variants(configs: Sequence[str | Path], vary: str) -> list[tuple[str | Path, tuple[str, ...]]]:
    """
    One config, and the settings of each of its variants; each is named for its value.

    Raises
    ------
    ConfigError
        If there are several configs, or not several values.
    """
    key, equals, text = vary.partition("=")
    values = parse_yaml(f"[{text}]".encode("utf-8", "surrogatepass"), "--vary").data
    if not equals or not key.strip() or len(values) < 2:
        raise ConfigError(Problem(f"{quoted(vary)} does not vary anything (allowed: key.sub=A,B or more)", "--vary"))
    if len(configs) != 1:
        raise ConfigError(Problem(f"there are {len(configs)} configs (allowed: one, which is varied)", "--vary"))
    last = key.strip().rpartition(".")[2]
    variants: list[tuple[str | Path, tuple[str, ...]]] = []
    for number, value in enumerate(values, 1):
        text = json.dumps(value)  # which is YAML too
        short = str(number) if isinstance(value, dict | list | tuple) else _NO_NAME.sub("-", text).strip("-")
        name, title = f"{last}-{short}"[:_LONGEST_STEM], json.dumps(cut(f"{key} = {text}"))
        variants.append((configs[0], (f"{key}={text}", f"name={name}", f"title={title}")))
    return variants


def _labels(scenarios: Sequence[Scenario]) -> list[str]:
    """Names that tell the scenarios apart."""
    labels: list[str] = []
    for scenario in scenarios:
        label, number = scenario.config.name, 1
        while label in labels:
            number += 1
            label = f"{scenario.config.name[:_LONGEST_STEM]}-{number}"
        labels.append(label)
    return labels


def _comparable(scenario: Scenario, scenarios: Sequence[Scenario], *, given: bool) -> Scenario:
    """With the luck of the baseline, and as many replicates as were given for all, or as any of them has."""
    base = scenarios[0].config
    usual = 1 if given or base.mother.cohort else USUAL_REPLICATES
    replicates = max(usual, *(each.config.replicates for each in scenarios))
    return changed(scenario, replicates=replicates, seed=base.seed)


def _check(named: dict[str, Scenario], stop: Stop | None) -> None:
    """
    Refuse what cannot be compared.

    Raises
    ------
    ConfigError
        With every reason.
    """
    problems = []
    if len(named) < 2:
        problems.append("one scenario has nothing to be compared with (allowed: two or more)")
    (baseline, base), *others = named.items()
    for label, other in others:
        for key in ("start_day", "days", "mother.cohort", "record.warm_up_days"):
            mine, its = (_value(each, key) for each in (base, other))
            if mine != its:
                problems.append(
                    f"{label}: {key} is {_shown(its)}, but {_shown(mine)} in the baseline {baseline} "
                    f"(allowed: the same; `--set {key}=...` sets it for all)"
                )
    if stop is not None and base.config.mother.cohort:
        problems.append("--until-ci adds replicates of one mother; a cohort has as many mothers as mother.cohort says")
    if stop is not None and base.config.replicates < 3:
        problems.append("--until-ci needs three replicates or more in its first stage (--replicates)")
    if problems:
        raise ConfigError(*problems)


def _value(scenario: Scenario, key: str) -> object:
    value: object = scenario.config
    for part in key.split("."):
        value = getattr(value, part)
    return value


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else "none" if value is None else str(value)


class _Play:
    """One comparison under way."""

    def __init__(
        self, scenarios: dict[str, Scenario], out: Path, name: str, command: Sequence[str], stop: Stop | None
    ) -> None:
        self._scenarios = scenarios
        self._stop = stop
        base = next(iter(scenarios.values())).config
        self._pilot = base.replicates
        self._subject: Subject = "mother" if base.mother.cohort else "replicate"
        self._warm_up_days = base.record.warm_up_days
        told = {"command": list(command), "seed": base.seed}
        self._folder = ResultFolder.create(out, name, KIND, told)
        self._archives: dict[str, Archive] = {}
        self._failures: dict[str, list[Failure]] = {label: [] for label in scenarios}

    def through(self, workers: int | None, progress: ShowProgress | None, phase: ShowPhase | None = None) -> Comparison:
        """Play, compare, write."""
        phase = phase or _nothing_to_show
        try:
            for label, scenario in self._scenarios.items():
                self._archives[label] = new_archive(scenario, self._folder.path / RUNS, label)
            places = {label: f"{RUNS}/{archive.path.name}" for label, archive in self._archives.items()}
            self._folder.tell(scenarios=places)
            named = [each for scenario in self._scenarios.values() for each in named_in(scenario.config)]
            with Crew(workers or cores(), named) as crew:
                self._play(crew, 0, progress)
                if self._stop is not None:
                    phase(COMPARING)
                    self._prepare(self._stop, progress)
                    phase(SIMULATING)
                    self._play(crew, self._pilot, progress)
            phase(COMPARING)
            subjects = self._write(progress)
        except InterruptedRunError as error:
            self._give_up("interrupted", error)
            raise InterruptedRunError(error.signal_number, kept=self._folder.path) from error
        except BaseException as error:
            self._give_up("failed", error)
            raise
        failed = [failure for failures in self._failures.values() for failure in failures]
        if failed:
            runs = sum(len(units_of(each, self._folder.path)) for each in self._scenarios.values())
            lines = told_failures(failed, runs, self._folder.path, self._labels())
            raise SomeUnitsFailedError("\n".join([lines, *without_pairs(subjects)]), self._folder.path)
        return Comparison(self._folder.path)

    def _labels(self) -> dict[str, str]:
        """Names of the scenarios by the run directory."""
        return {str(archive.path): label for label, archive in self._archives.items()}

    def _play(self, crew: Crew, first: int, progress: ShowProgress | None) -> None:
        """Play all replicates from a number on, those of a pair one after the other."""
        units: list[tuple[str, UnitOfWork]] = [
            (label, unit)
            for label, scenario in self._scenarios.items()
            for unit in units_of(scenario, self._archives[label].path)
            if unit.replicate >= first
        ]
        units.sort(key=lambda each: (each[1].mother, each[1].replicate))
        by_directory = self._labels()
        for failure in crew.play([unit for _, unit in units], progress):
            self._failures[by_directory[failure.directory]].append(failure)

    def _prepare(self, stop: Stop, progress: ShowProgress | None) -> None:
        """Make room for the second stage: as many replicates more as the first says are needed."""
        base, *others = self._subjects(progress).values()
        level = 1.0 - (1.0 - LEVEL) / len(others)
        gaps = [(other[stop.measure] - base[stop.measure]).dropna().tolist() for other in others]
        needed = max((enough_replicates(each, stop.half_width, level) for each in gaps if len(each) > 1), default=0)
        total = max(self._pilot, int(min(needed, stop.most)))
        self._scenarios = {label: changed(each, replicates=total) for label, each in self._scenarios.items()}
        for label, archive in self._archives.items():
            archive.replace_config(self._scenarios[label].text)

    def _subjects(self, progress: ShowProgress | None) -> dict[str, pd.DataFrame]:
        """Measures of what is independent, without units that failed."""
        return {
            label: measured(
                archive.path,
                self._subject,
                self._warm_up_days,
                failed={(failure.mother, failure.replicate) for failure in self._failures[label]},
                progress=_share_of(progress, number, len(self._archives)),
            )
            for number, (label, archive) in enumerate(self._archives.items())
        }

    def _write(self, progress: ShowProgress | None) -> dict[str, pd.DataFrame]:
        """Close the runs, and write what was compared and how it differs; what was compared."""
        import pandas as pd

        for label, archive in self._archives.items():
            failures = self._failures[label]
            if failures:
                archive.finish("failed", error=told_failures(failures, self._units(label), archive.path))
            else:
                archive.finish("complete")
            if progress is not None:
                progress(0.0, 0.0)
        subjects = self._subjects(progress)
        measure = self._stop.measure if self._stop is not None else None
        found = differences(subjects, MEASURES, level=LEVEL, stopped_on=measure, pilot=self._pilot)
        table = pd.concat(subjects, names=["scenario", "subject"]).reset_index()
        if progress is not None:
            progress(1.0, 0.0)
        for file, frame in ((SUBJECTS, table), (DIFFERENCES, found)):
            self._folder.write(file, frame.to_parquet(index=False))
        failed = any(self._failures.values())
        stop = self._stop
        self._folder.finish(
            "failed" if failed else "complete",
            replicates=next(iter(self._scenarios.values())).config.replicates,
            level=LEVEL,
            stopped_on=None if stop is None else {"measure": stop.measure, "half_width": stop.half_width},
            pilot=None if stop is None else self._pilot,
        )
        return subjects

    def _units(self, label: str) -> int:
        return len(units_of(self._scenarios[label], self._folder.path))

    def _give_up(self, ending: Ending, error: BaseException) -> None:
        """Leave what there is, with the reason; a disk that refuses this too does not hide the reason."""
        reason = str(error) if ending == "interrupted" else f"{type(error).__name__}: {error}"
        for archive in self._archives.values():
            if not archive.finished:
                with suppress(ArchiveError):
                    archive.finish(ending, error=reason)
        with suppress(ArchiveError):
            self._folder.finish(ending, error=reason)


def _nothing_to_show(phase: str) -> None:
    """Nobody asks which phase it is."""


def _share_of(progress: ShowProgress | None, number: int, total: int) -> ShowProgress | None:
    """Progress of one of several equal shares of a phase."""
    if progress is None:
        return None
    return lambda share, time_min: progress((number + share) / total, time_min)
