"""
Which mechanism fits a clinical record, how sure that is, and what would decide: what `lactflow diagnose` does.

The gland is simulated under that mother's record for each rival mechanism, in virtual mothers who differ as women do.
It is a model for research and teaching, and no medical device: no record with a known cause has been available to try
it on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lactflow.config.keys import matching
from lactflow.config.python import ConfigSource, python_names
from lactflow.config.text import choices, counted, nearest, quoted
from lactflow.diagnosis.diagnosis import KIND, NO_DEVICE, Diagnosis
from lactflow.diagnosis.factors import held_at_bounds
from lactflow.diagnosis.files import chosen
from lactflow.diagnosis.finding import found
from lactflow.diagnosis.given import write_given
from lactflow.diagnosis.her import Her, her
from lactflow.diagnosis.observing import Observation, observations_of
from lactflow.diagnosis.pair import apart, both, leading
from lactflow.diagnosis.record import Record, read_record
from lactflow.diagnosis.rival import Rival
from lactflow.diagnosis.together import AS_BY_CHANCE, Together, found_together, not_together, prior_with_both
from lactflow.diagnosis.virtual import Cohort, Simulated, checked, cohorts
from lactflow.errors import ConfigError, InterruptedRunError, Problem
from lactflow.experiments.sweep.sweep import crew_or_pool
from lactflow.experiments.work import ShowProgress, part_of
from lactflow.kinetics import plain_sum
from lactflow.recording.folder import ResultFolder

USUAL_MOTHERS: Final = 150
FEWEST_MOTHERS: Final = 40
MOST_MOTHERS: Final = 5_000
MORE_MOTHERS: Final = 10
"""Virtual mothers of a mechanism beyond one for each observation, so that each half of it can be learned from. Ours."""
SEED: Final = 1
CACHE: Final = "virtual-mothers"
"""Folder in `out` for virtual mothers that were simulated before."""


def diagnose(
    record: str | Path,
    *,
    log: str | Path | None = None,
    config: ConfigSource | None = None,
    settings: str | Sequence[str] = (),
    mechanisms: str | Sequence[str] = (),
    prior: Mapping[str, float] | None = None,
    pairs: bool = True,
    pair_prior: float = AS_BY_CHANCE,
    mothers: int = USUAL_MOTHERS,
    seed: int = SEED,
    day_first: bool | None = None,
    out: str | Path = "outputs",
    name: str = "diagnosis",
    cache: str | Path | None = None,
    executor: str | Executor | None = None,
    workers: int | None = None,
    progress: ShowProgress | None = None,
    command: Sequence[str] | None = None,
) -> Diagnosis:
    """
    Find which mechanisms fit a clinical record: what `lactflow diagnose` does.

    A tool for research and teaching, no medical device.

    Parameters
    ----------
    record
        CSV file of a clinical record; `lactflow diagnose --template` has an empty one.
    log
        CSV file of a feeding log of the same days.
    config
        What else is known of her; file, name of a shipped scenario, or mapping.
    settings
        `key.sub=value`, as `--set` takes them.
    mechanisms
        Names of shipped mechanisms that shall rival one another, all by which the method was judged where none of
        these is named; others, such as `combined_pill`, and files of a user's own are added where they are named. A
        file that takes a shipped name stands in its place, and is refused where that is named as well.
    prior
        How probable mechanisms are before the record, by name and relative to one another; those not named count 1.
        Equal when left out.
    pairs
        Whether the two leading mechanisms are simulated together as well, after the first answer.
    pair_prior
        As often as that two mechanisms are together in one mother, before the record, as if each came without regard
        to the other.
    mothers
        Virtual mothers of each mechanism, 40 or more.
    seed
        Of virtual mothers.
    day_first
        Whether 3/4 is the third of April, where the record does not show it.
    out, name
        Folder in which the result is made, and the first part of its name.
    cache
        Folder of virtual mothers that were simulated before, `virtual-mothers` in `out` when None. Beyond 1 GB, those
        that were used longest ago are removed when others come in.
    executor
        Who simulates virtual mothers: any executor of `concurrent.futures`, or `local[:N]`, `dask`, `dask://host:port`.
    workers
        Processes; as many as there are cores when None. The result depends on neither.
    progress
        Called with the share of the work that is done; may raise to stop.
    command
        What the manifest shall have as the command.

    Raises
    ------
    ConfigError
        If the record, the log, the config, a mechanism or a prior is wrong; nothing is written then.
    SomeUnitsFailedError
        If virtual mothers could not be simulated.
    EngineGoneError
        If an executor, or the scheduler of Dask, takes no more work.
    ArchiveError
        If the disk refuses.
    """
    if find_spec("sklearn") is None:
        raise ConfigError("a diagnosis needs scikit-learn: pip install 'lactflow[calibrate]'")
    with python_names(from_python=command is None):
        hired = crew_or_pool(executor, workers)
    read = read_record(Path(record), day_first=day_first)
    own = her(read, log, config, (settings,) if isinstance(settings, str) else settings)
    observations, unused = _observed(read, mothers)
    rivals, left_out = _rivals(chosen((mechanisms,) if isinstance(mechanisms, str) else mechanisms), own)
    priors = _priors(prior or {}, rivals)
    if not 0.0 < pair_prior < 1e6:
        raise ConfigError(f"prior of both at once: {pair_prior:g} is outside 0 to 1000000")
    kept_in = Path(cache or Path(out) / CACHE)
    if kept_in.exists() and not kept_in.is_dir():
        raise ConfigError(f"cache: {kept_in} is a file (needed: a folder, which need not exist)")
    about = {
        "command": list(command or ["lactflow", "diagnose", str(record)]),
        "seed": seed,
        "warnings": [*read.warnings, *own.scenario.warnings, *_held(own, rivals, seed, mothers)],
        "assumed": list(own.assumed),
        "unused": [*unused, *left_out],
        "mothers": mothers,
        "facts": len(read.facts),
        "note": NO_DEVICE,
    }
    folder = ResultFolder.create(Path(out), name, KIND, about)
    with _kept(folder):
        write_given(folder, Path(record), own, rivals)
        processes, pool = (hired, None) if isinstance(hired, int) else (1, hired)
        how = Simulated(seed, range(mothers), processes, kept_in, pool)
        last = 1.0 - 1.0 / (len(rivals) + 1.0) if pairs else 1.0
        virtual = cohorts(own, rivals, how, part_of(progress, 0.0, last))
        result = found(own, observations, virtual, priors, seed)
        two = not_together(None)
        if pairs:
            order, rest = result.tables["diagnoses"]["mechanism"], part_of(progress, last, 1.0)
            two = _together(own, observations, virtual, order, prior=priors, times=pair_prior, how=how, progress=rest)
        for table, frame in {**result.tables, "pairs": two.table}.items():
            folder.write(f"{table}.parquet", frame.to_parquet(index=False))
        lines, leaders = [*unused, *left_out, *result.unused], list(result.leaders)
        folder.finish("complete", answer=result.answer, leaders=leaders, pair=two.about, unused=lines)
    return Diagnosis(folder.path)


def _together(
    own: Her,
    observations: Sequence[Observation],
    virtual: Sequence[Cohort],
    order: Iterable[str],
    *,
    prior: Sequence[float],
    times: float,
    how: Simulated,
    progress: ShowProgress | None,
) -> Together:
    """The two leading mechanisms at once, where they can act together."""
    rivals = [cohort.rival for cohort in virtual]
    two = leading(order, rivals)
    if two is None:
        return not_together("there is only one mechanism that changes something")
    pair, why = both(*two), apart(own.scenario.config, *two)
    try:
        checked(own.scenario.config, pair)
    except ConfigError as error:
        why = why or str(error.problems[0])
    if why is not None:
        return not_together(f"{pair.title} cannot act together ({why})")
    (cohort,) = cohorts(own, [pair], how, progress)
    numbers = rivals.index(two[0]), rivals.index(two[1])
    everyone = [*virtual, cohort]
    return found_together(own, observations, everyone, prior_with_both(prior, numbers, times), how.seed)


def _observed(read: Record, mothers: int) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    """What was observed, and a line for what is not used of it, where there are virtual mothers enough for it."""
    if not FEWEST_MOTHERS <= mothers <= MOST_MOTHERS:
        raise ConfigError(f"mothers: {mothers} is outside {FEWEST_MOTHERS} to {MOST_MOTHERS}")
    observations, unused = observations_of(read)
    if not observations:
        aside = [line.partition(f"{read.file}: ")[2] for line in read.warnings if "set aside" in line]
        what = "there is nothing but the birth and what was done: nothing was observed"
        raise ConfigError(Problem("; ".join([what, *unused, *aside]), read.file))
    if mothers < len(observations) + MORE_MOTHERS:
        needed = f"needed for {counted(len(observations), 'observation')}: {len(observations) + MORE_MOTHERS} or more"
        raise ConfigError(f"mothers: {mothers} of each mechanism are too few ({needed})")
    return observations, unused


def _rivals(rivals: Sequence[Rival], own: Her) -> tuple[list[Rival], list[str]]:
    """The mechanisms without those that would change nothing for her, checked; and a line for each of these."""
    config = own.scenario.config
    kept, left_out = [], []
    for rival in rivals:
        at_breast = rival.feeds or any(not matching(config, key) for key in rival.factors)
        if own.logged and rival.feeds:
            left_out.append(f"{rival.title} is no rival: her log says when feeds were, and all virtual mothers keep it")
        elif at_breast and not config.infants:
            left_out.append(f"{rival.title} is no rival: there is no infant at the breast")
        else:
            checked(config, rival)
            kept.append(rival)
    if len(kept) < 2:
        raise ConfigError("there is one mechanism only (needed: two or more that rival each other)")
    return kept, left_out


def _held(own: Her, rivals: Sequence[Rival], seed: int, mothers: int) -> list[str]:
    """A line for each quantity that virtual mothers of a mechanism have at a bound of what it may be."""
    return [line for rival in rivals for line in held_at_bounds(own.scenario.config, rival, seed, mothers)]


def _priors(given: Mapping[str, float], rivals: Sequence[Rival]) -> list[float]:
    """How probable each mechanism is before the record."""
    names = [rival.mechanism for rival in rivals]
    for name, value in given.items():
        if name not in names:
            match = nearest(name, names)
            hint = f"; nearest: {match}" if match is not None else ""
            raise ConfigError(f"prior: there is no mechanism {quoted(name)} (allowed: {choices(names)}{hint})")
        if not 0.0 < value < 1e6:
            raise ConfigError(f"prior of {name}: {value:g} is outside 0 to 1000000")
    weights = [float(given.get(name, 1.0)) for name in names]
    return [weight / plain_sum(weights) for weight in weights]


@contextmanager
def _kept(folder: ResultFolder) -> Iterator[None]:
    """Say in the manifest how it ended."""
    try:
        yield
    except InterruptedRunError as error:
        folder.finish("interrupted")
        raise InterruptedRunError(error.signal_number, folder.path) from error
    except BaseException as error:
        folder.finish("failed", error=f"{type(error).__name__}: {error}")
        raise
