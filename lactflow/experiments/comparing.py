"""One comparison under way: its runs simulated side by side, then compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lactflow.analysis.daily import measures_in
from lactflow.analysis.intervals import enough_replicates
from lactflow.analysis.paired import Subject, differences
from lactflow.analysis.two_level import CORRECTED
from lactflow.config.resolution import stated
from lactflow.config.scenario import Scenario, changed
from lactflow.errors import ArchiveError, InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments.branching import BranchedUnits, as_units, failures_in, together, units_in_work
from lactflow.experiments.closing import close_runs
from lactflow.experiments.coarse import coarse_of
from lactflow.experiments.compared import Stop, folder_name
from lactflow.experiments.comparison import (
    CACHE,
    CACHED,
    COARSE_SUBJECTS,
    DIFFERENCES,
    KIND,
    PILOT,
    PLANNED,
    STOPPED_ON,
    SUBJECTS,
    Comparison,
)
from lactflow.experiments.crew import Crew, cores
from lactflow.experiments.measuring import Measuring
from lactflow.experiments.run import failures_message, named_in, new_archive, retried_entries, units_in, units_of
from lactflow.experiments.subjects import subjects_of, without_pairs
from lactflow.experiments.taken_up import changes_in_comparison, refuse, taken_up_run
from lactflow.experiments.unit import UnitOfWork
from lactflow.experiments.work import Failure, Retried, ShowPhase, ShowProgress, part_of
from lactflow.recording.archive import Archive, Ending
from lactflow.recording.folder import RUNS, ResultFolder
from lactflow.recording.manifest import RETRIED

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.experiments.coarse_sweep import CoarseReplicates
    from lactflow.experiments.run_cache import RunCache

LEVEL = 0.95
SIMULATING = "comparison"
COMPARING = "comparing results"
"""Names of phases, for people."""
_MEASURED, _CLOSED = 0.2, 0.5
"""Shares of the second phase after which all units are measured, and all runs are closed."""


class Comparing:
    """
    One comparison under way.

    Parameters
    ----------
    scenarios
        By name, the baseline first.
    coarse
        The same at the coarsest resolution, simulated in memory; none without `--coarse`.
    stop
        When there are enough replicates, where they are not given.
    one_past, cache
        As `compare` takes them.
    """

    def __init__(
        self,
        scenarios: Mapping[str, Scenario],
        coarse: Mapping[str, Scenario],
        stop: Stop | None,
        *,
        one_past: bool = False,
        cache: Path | None = None,
    ) -> None:
        self._scenarios, self._coarse = dict(scenarios), dict(coarse)
        self._found_coarse: CoarseReplicates | None = None
        self._stop = stop
        self._one_past = one_past
        self._cache_folder = None if cache is None else cache.absolute()
        self._cache: RunCache | None = None
        base = next(iter(scenarios.values())).config
        self._pilot = base.replicates
        self._planned: int | None = None
        self._subject: Subject = "mother" if base.mother.cohort else "replicate"
        self._warm_up_days = base.record.warm_up_days
        self._archives: dict[str, Archive] = {}
        self._failures: dict[str, list[Failure[UnitOfWork]]] = {label: [] for label in self._scenarios}
        self._folder: ResultFolder
        self._measuring: Measuring

    def begin(self, out: Path, name: str, described: Mapping[str, object]) -> None:
        """Make the folder with all of its runs: it appears with them, or not at all."""
        seed = next(iter(self._scenarios.values())).config.seed
        try:
            self._folder = ResultFolder.create(out, name, KIND, {**described, "seed": seed, RETRIED: []}, self._fill)
        except BaseException:
            for archive in self._archives.values():
                archive.let_go()
            raise
        for archive in self._archives.values():
            archive.moved(self._folder.path / RUNS / archive.path.name)

    def _fill(self, built: Path) -> Mapping[str, object]:
        """Make the runs; what the manifest states about them."""
        for label, scenario in self._scenarios.items():
            self._archives[label] = new_archive(scenario, built / RUNS, folder_name(label))
        for archive in self._archives.values():
            archive.before_move()
        return self._about()

    @classmethod
    def taken_up(cls, path: Path) -> Self:
        """Hold the folder and its runs, if all is as it was."""
        folder = ResultFolder.reopen(path, KIND, lambda manifest: refuse(changes_in_comparison(path, manifest)))
        archives: dict[str, Archive] = {}
        try:
            about = folder.manifest
            scenarios, stop = {}, about[STOPPED_ON]
            for label, place in about["scenarios"].items():
                scenarios[label], archives[label] = taken_up_run(path / place)
            coarse = coarse_of(scenarios, about["coarse"]["replicates"], alone=True) if about.get("coarse") else {}
            if stop is not None:
                scenarios = {label: changed(each, replicates=about[PILOT]) for label, each in scenarios.items()}
            cache = about.get(CACHE)
            held = cls(
                scenarios,
                coarse,
                None if stop is None else Stop(**stop),
                cache=None if cache is None else Path(cache),
            )
            held._folder, held._archives = folder, archives
            if about[PLANNED] is not None:
                held._plan(about[PLANNED])
        except BaseException:
            for archive in archives.values():
                archive.let_go()
            folder.let_go()
            raise
        return held

    def through(self, workers: int | None, progress: ShowProgress | None, phase: ShowPhase | None = None) -> Comparison:
        """Simulate what is missing, compare, write."""
        phase = phase or _nothing_to_show
        try:
            named = [each for scenario in self._scenarios.values() for each in named_in(scenario.config)]
            self._cache = cache = self._open_cache()
            with Measuring(self._warm_up_days, None if cache is None else cache.keep) as measuring:
                self._measuring = measuring
                with Crew(workers or cores(), named) as crew:
                    self._simulate_all(crew, progress, phase)
                phase(COMPARING)
                subjects = self._write(progress)
        except InterruptedRunError as error:
            self._give_up("interrupted", error)
            raise InterruptedRunError(error.signal_number, kept=self._folder.path) from error
        except BaseException as error:
            self._give_up("failed", error)
            raise
        if lines := self._failed_in_words():
            raise SomeUnitsFailedError("\n".join([*lines, *without_pairs(subjects)]), self._folder.path)
        return Comparison(self._folder.path)

    def _failed_in_words(self) -> list[str]:
        """What failed, coarse replicates among it; nothing where all is whole."""
        failed = [failure for failures in self._failures.values() for failure in failures]
        coarse = [] if self._found_coarse is None else self._found_coarse.failures
        if not failed:
            return coarse
        runs = sum(units_in(each.config) for each in self._scenarios.values())
        return [failures_message(failed, runs, self._folder.path, self._labels()), *coarse]

    def _open_cache(self) -> RunCache | None:
        """The cache, where one is used."""
        if self._cache_folder is None:
            return None
        from lactflow.experiments.run_cache import RunCache

        cache = RunCache(self._cache_folder)
        for label, scenario in self._scenarios.items():
            cache.add_scenario(scenario, self._archives[label].path)
        return cache

    def _simulate_all(self, crew: Crew, progress: ShowProgress | None, phase: ShowPhase) -> None:
        """Simulate what is missing, in two stages where the first says how much that is; all of it is measured."""
        first = 0
        if self._coarse:
            progress = self._simulate_coarse(crew, progress)
        if self._stop is not None and self._planned is None:
            self._simulate(crew, first, progress)
            first = self._pilot
            phase(COMPARING)
            self._prepare(self._stop, progress)
            phase(SIMULATING)
        self._put_together()
        self._simulate(crew, first, progress)

    def _simulate_coarse(self, crew: Crew, progress: ShowProgress | None) -> ShowProgress | None:
        """Simulate coarse replicates; what is left of the progress."""
        from lactflow.experiments.coarse_sweep import retried_by, share_of, simulated

        share = share_of(self._coarse, self._scenarios)
        try:
            self._found_coarse = simulated(
                self._folder.path,
                self._coarse,
                crew,
                command=self._folder.manifest["command"],
                cache=self._cache_folder,
                progress=part_of(progress, 0.0, share),
            )
        finally:
            self._note_retried(retried_by(crew))
        return part_of(progress, share, 1.0)

    def _about(self) -> dict[str, object]:
        """Everything that is needed to resume it, for the manifest: where the runs are, and what is planned."""
        places = {label: f"{RUNS}/{archive.path.name}" for label, archive in self._archives.items()}
        cut = {label: stated(each.config) for label, each in self._scenarios.items()}
        about: dict[str, object] = {
            "scenarios": places,
            "resolutions": cut,
            "replicates": self._pilot,
            "level": LEVEL,
            STOPPED_ON: None if self._stop is None else asdict(self._stop),
            PILOT: None if self._stop is None else self._pilot,
            PLANNED: None,
            CACHE: None if self._cache_folder is None else str(self._cache_folder),
        }
        if self._coarse:
            first = next(iter(self._coarse.values())).config
            about["coarse"] = {**stated(first), "replicates": first.replicates, "measures": list(CORRECTED)}
        return about

    def _labels(self) -> dict[str, str]:
        """Names of the scenarios by the run directory."""
        return {str(archive.path): label for label, archive in self._archives.items()}

    def _put_together(self) -> None:
        """All units are planned: those of a run are put together as they end."""
        for label, archive in self._archives.items():
            units = units_of(self._scenarios[label], archive.path)
            archive.put_together([(unit.mother, unit.replicate) for unit in units])
            for unit in units:
                if unit.is_done():
                    archive.ended(unit.mother, unit.replicate)

    def _simulate(self, crew: Crew, first: int, progress: ShowProgress | None) -> None:
        """Simulate what is missing of all replicates from a number on, those of a pair one after the other."""
        units: list[UnitOfWork] = []
        for label, scenario in self._scenarios.items():
            for unit in units_of(scenario, self._archives[label].path):
                if unit.replicate < first:
                    continue
                if unit.is_done():
                    self._measuring.add(unit)
                else:
                    units.append(unit)
        units.sort(key=lambda unit: (unit.mother, unit.replicate))
        if self._cache is not None and units:
            units = self._without_cached(self._cache, units, crew, progress)
        by_directory, known = self._labels(), len(crew.retried)
        configs = {str(self._archives[label].path): each.config for label, each in self._scenarios.items()}
        found: list[Failure[UnitOfWork]] = []

        def note(work: UnitOfWork | BranchedUnits, result: object) -> None:
            found.extend(failures_in(work, result))
            for unit in units_in_work(work):
                if unit.is_done():
                    self._end(unit, by_directory)

        try:
            failures = crew.run(together(units, configs, 1 if self._one_past else crew.workers), progress, note)
        finally:
            self._add_retried(crew.retried[known:], by_directory)
        for failure in sorted((*found, *as_units(failures)), key=lambda failure: failure.work[1:3]):
            self._failures[by_directory[failure.work.directory]].append(failure)

    def _end(self, unit: UnitOfWork, by_directory: Mapping[str, str]) -> None:
        """A unit has ended whole: there is time to put it together with others, and to measure it."""
        self._archives[by_directory[unit.directory]].ended(unit.mother, unit.replicate)
        self._measuring.add(unit)

    def _without_cached(
        self, cache: RunCache, units: Sequence[UnitOfWork], crew: Crew, progress: ShowProgress | None
    ) -> list[UnitOfWork]:
        """Take what the cache has; the units that are left."""
        left = cache.take(units, crew, None if progress is None else lambda _share, time_min: progress(0.0, time_min))
        by_directory, missing = self._labels(), {*left}
        for unit in units:
            if unit not in missing:
                self._end(unit, by_directory)
        return left

    def _add_retried(
        self, retried: Sequence[Retried[UnitOfWork | BranchedUnits]], by_directory: Mapping[str, str]
    ) -> None:
        """What was given again, in the manifest of its run, and in that of the comparison."""
        entries: list[dict[str, object]] = []
        for one in retried:
            for unit in units_in_work(one.work):
                label, entry = by_directory[unit.directory], retried_entries([Retried(unit, one.reason)])
                self._archives[label].add_retried(entry)
                entries += [{"scenario": label, **each} for each in entry]
        self._note_retried(entries)

    def _note_retried(self, entries: Sequence[Mapping[str, object]]) -> None:
        if entries:
            self._folder.update(**{RETRIED: [*self._folder.manifest.get(RETRIED, []), *entries]})

    def _prepare(self, stop: Stop, progress: ShowProgress | None) -> None:
        """Make room for the second stage: as many replicates more as the first says are needed."""
        base, *others = self._subjects(progress).values()
        level = 1.0 - (1.0 - LEVEL) / len(others)
        known = [other for other in others if stop.measure in other and stop.measure in base]
        gaps = [(other[stop.measure] - base[stop.measure]).dropna().tolist() for other in known]
        needed = max((enough_replicates(each, stop.half_width, level) for each in gaps if len(each) > 1), default=0)
        self._plan(max(self._pilot, int(min(needed, stop.most))))

    def _plan(self, total: int) -> None:
        """Plan so many replicates in all. The manifest is written first: a resumed comparison then does all of this."""
        self._planned = total
        self._folder.update(**{PLANNED: total})
        self._scenarios = {label: changed(each, replicates=total) for label, each in self._scenarios.items()}
        for label, archive in self._archives.items():
            archive.replace_config(self._scenarios[label].text, self._units(label))

    def _subjects(self, progress: ShowProgress | None) -> dict[str, pd.DataFrame]:
        """Measures of what is independent, of all units that are whole."""
        self._measuring.settle(progress)
        return {
            label: subjects_of(self._measuring.of(archive.path), self._subject)
            for label, archive in self._archives.items()
        }

    def _write(self, progress: ShowProgress | None) -> dict[str, pd.DataFrame]:
        """Close the runs, and write what was compared and how it differs; what was compared."""
        import pandas as pd

        subjects = self._subjects(part_of(progress, 0.0, _MEASURED))
        coarse = {} if self._found_coarse is None else self._found_coarse.subjects
        described: dict[str, object] = {}
        if self._cache is not None:
            self._cache.flush()
            taken = self._cache.taken + (0 if self._found_coarse is None else self._found_coarse.cached)
            described[CACHED] = self._folder.manifest.get(CACHED, 0) + taken
        configs = {label: each.config for label, each in self._scenarios.items()}
        close_runs(self._archives, configs, self._failures, part_of(progress, _MEASURED, _CLOSED))
        described["warnings"] = [f"{label}: {line}" for label, each in self._archives.items() for line in each.noted]
        measure = self._stop.measure if self._stop is not None else None
        if progress is not None:
            progress((_CLOSED + 1.0) / 2.0, 0.0)
        compared = measures_in(name for table in (*subjects.values(), *coarse.values()) for name in table)
        found = differences(
            subjects, compared, level=LEVEL, stopped_on=measure, pilot=self._pilot, coarse=coarse or None
        )
        if progress is not None:
            progress(1.0, 0.0)
        tables = {SUBJECTS: subjects, **({COARSE_SUBJECTS: coarse} if coarse else {})}
        frames = {file: pd.concat(each, names=["scenario", "subject"]).reset_index() for file, each in tables.items()}
        for file, frame in (*frames.items(), (DIFFERENCES, found)):
            self._folder.write(file, frame.to_parquet(index=False))
        self._folder.finish(
            "failed" if self._failed_in_words() else "complete",
            replicates=next(iter(self._scenarios.values())).config.replicates,
            **described,
        )
        return subjects

    def _units(self, label: str) -> int:
        return units_in(self._scenarios[label].config)

    def _give_up(self, ending: Ending, error: BaseException) -> None:
        """Leave what there is, with the reason; a disk that refuses this too does not hide the reason."""
        reason = str(error) if ending == "interrupted" else f"{type(error).__name__}: {error}"
        for archive in self._archives.values():
            if not archive.finished:
                with suppress(ArchiveError):
                    archive.finish(ending, error=reason)
        with suppress(ArchiveError):
            if self._cache is not None:
                self._cache.flush()
        with suppress(ArchiveError):
            self._folder.finish(ending, error=reason)


def _nothing_to_show(phase: str) -> None:
    """Phases that are not shown."""
