"""
Trials on the runs that `lactflow validate` is made of, for its own table of targets.

For a trial the quantities are set in each run that a target is read from; what the config that is calibrated has of
other quantities is set as well, and its schedule and infants are not used: a target was measured in its own setting. A
run that sets a quantity itself, or has no place for it, cannot be given it, and the targets that are read from it are
refused. The value of a target is its mean, else the middle of its band, and its standard deviation is that of the women
in whom it was measured, which is what `validate` judges by.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import isfinite, nan
from statistics import stdev

from lactflow.analysis.run import MemoryRun
from lactflow.calibration.objective import Reading, over_replicates
from lactflow.calibration.own import config_with
from lactflow.calibration.targets import Target, both_ways, unknown_ids
from lactflow.config.additions import config_from_json
from lactflow.config.model import RunConfig
from lactflow.config.scenario import Scenario
from lactflow.config.text import quoted
from lactflow.errors import ConfigError, Problem
from lactflow.experiments.sweep.points import Base
from lactflow.experiments.tables import TablesOfUnit, shared_text
from lactflow.parameters.declaration import declared_quantities
from lactflow.recording.memory import UnitTables
from lactflow.validation import targets as published
from lactflow.validation.gaps import NOT_JUDGED
from lactflow.validation.judge import SPREAD
from lactflow.validation.observables import OBSERVABLES
from lactflow.validation.runs import RUNS
from lactflow.validation.simulated import KEPT, REFERENCE, Simulated, merged
from lactflow.validation.spreads import FACTOR, MEASURES, TRIAL_WOMEN, printed_sd, women

_COHORT = "forty women"
"""What stands for the runs of all women in whom spreads are measured."""
_FAMILIES = (*((f"{name} ",) for name in ("mother", "half a year")), ("pump left", "pump right"))
"""Beginnings of the names of runs that are always read together."""
_OF_THE_SETTING = (
    *("format", "name", "title", "replicates", "seed", "record"),
    *("schedule", "infants", "start_day", "days", "birth_clock", "birth_date", "zone"),
)
"""Parts of a config whose place the setting of a target takes, or that move no number."""
_BAND = 0.5 * (FACTOR - 1.0 / FACTOR)
"""Half of the band of a spread, as a share of it."""


class OfPublished:
    """
    Trials on the runs of `lactflow validate`.

    Parameters
    ----------
    scenario
        Whose other quantities are set as well; of its replicates each run is simulated so many times.
    keys
        Of the quantities that are moved.
    ids
        Targets to fit to; all that can be, where empty. With `-spread` that of the women of a cohort.
    held_out
        Check targets to report beside the result; those that are read from the same runs are reported in any case.

    Raises
    ------
    ConfigError
        With a problem for each target that cannot be fitted to, or not be read.
    """

    named: Sequence[tuple[str, str]] = ()

    def __init__(
        self, scenario: Scenario, keys: Sequence[str], ids: Sequence[str] = (), held_out: Sequence[str] = ()
    ) -> None:
        self._own = _own_quantities(scenario.config, keys)
        self._keys = tuple(keys)
        self._replicates = scenario.config.replicates
        self.targets = self._chosen(ids, held_out)
        runs = {run for target in self.targets for run in runs_of(target.id)}
        self._women = _COHORT in runs
        self._runs = sorted(runs - {_COHORT}, key=_longest_first)

    def _chosen(self, ids: Sequence[str], held_out: Sequence[str]) -> tuple[Target, ...]:
        """The targets that are fitted to, then those that are reported."""
        known = _published()
        problems = unknown_ids(ids, list(known), "--target") + unknown_ids(held_out, list(known), "--held-out")
        problems += both_ways(ids, held_out)
        for option, wanted in (("--target", ids), ("--held-out", held_out)):
            problems += [
                Problem(f"{each} {why}", option)
                for each in wanted
                if each in known and (why := self._unfit(each, fitted=option == "--target")) is not None
            ]
        if problems:
            raise ConfigError(*problems)
        fitted = list(dict.fromkeys(ids)) or [each for each in known if self._unfit(each, fitted=True) is None]
        fitted = [each for each in fitted if each not in held_out]
        if not ids:
            fitted = [each for each in fitted if not each.endswith(SPREAD)]  # forty women more for each trial
        if not fitted:
            raise ConfigError(Problem("no target of validate is left to fit to", "--targets"))
        runs = {run for each in [*fitted, *held_out] for run in runs_of(each)}
        beside = [each for each in known if each not in fitted and self._is_beside(each, runs)]
        held = list(dict.fromkeys([*held_out, *beside]))
        return (*(known[each] for each in fitted), *(known[each]._replace(fitted=False) for each in held))

    def _is_beside(self, name: str, runs: set[str]) -> bool:
        """Whether a check target comes for nothing: it is read from runs that are simulated anyway."""
        is_check = not _published()[name].fitted
        return is_check and set(runs_of(name)) <= runs and self._unfit(name, fitted=False) is None

    def _unfit(self, name: str, *, fitted: bool) -> str | None:
        """Why quantities cannot be fitted to a target, or it cannot be read at all."""
        target = _published()[name]
        if not isfinite(target.sd):
            (of_id,) = (each for each in published.load_targets() if each.id == name)
            return f"is not judged by validate: {NOT_JUDGED.get(name) or of_id.no_band or 'it has no observable'}"
        if fitted and not target.fitted:
            return (
                "is a check target, in sight of which no quantity may be chosen "
                f"(allowed: --held-out {name}, which reports it beside the result)"
            )
        for run in runs_of(name):
            if (why := _no_place(run, self._keys)) is not None:
                return f"is read from the run {quoted(run)}, which {why}"
        return None

    def units(self, values: Mapping[str, float], label: str) -> list[TablesOfUnit]:
        """Every run that a target is read from: see `Objective.units`."""
        found = []
        for name, config in self._configs(values).items():
            shared = shared_text(config.model_dump_json(by_alias=True), {})
            found += [
                TablesOfUnit(shared, 0, replicate, KEPT, f"{label}, {name}, replicate {replicate}")
                for replicate in range(self._replicates)
            ]
        return found

    def _configs(self, values: Mapping[str, float]) -> dict[str, RunConfig]:
        """The config of each run, by name."""
        every = {**self._own, **values}
        found = {}
        for run in self._runs:
            base = _base(run)
            own = {key: value for key, value in every.items() if key in values or self._takes(run, key)}
            found[run] = config_with(base, own)
        if self._women:
            config_with(_base("mother 1"), every)  # a value that is not allowed is an error of the config
            for name, config in women(tuple(every.items()), TRIAL_WOMEN).items():
                found[name] = config_from_json(json.dumps(merged(REFERENCE, config)))
        return found

    @staticmethod
    def _takes(run: str, key: str) -> bool:
        return not _stands_in(merged(REFERENCE, RUNS[run]), key)

    def readings(self, units: Sequence[UnitTables]) -> list[Reading]:
        """What the runs give: see `Objective.readings`."""
        names = [*self._runs, *(women(count=TRIAL_WOMEN) if self._women else ())]
        runs = [Simulated(MemoryRun([unit], lambda: "")) for unit in units]
        found = []
        for target in self.targets:
            values = []
            for replicate in range(self._replicates):
                of_replicate = dict(zip(names, runs[replicate :: self._replicates], strict=True))
                values.append(_observed(target.id, of_replicate))
            found.append(over_replicates(values) if all(map(isfinite, values)) else Reading(nan))
        return found


def _observed(name: str, runs: Mapping[str, Simulated]) -> float:
    """What `validate` would find for a target; NaN where there is nothing to find it in."""
    try:
        if name.endswith(SPREAD):
            measure, _ = MEASURES[name.removesuffix(SPREAD)]
            values = [measure(runs[woman]) for woman in women(count=TRIAL_WOMEN)]
            return stdev(values) if all(map(isfinite, values)) else nan
        return OBSERVABLES[name](runs)
    except (ArithmeticError, IndexError, ValueError):
        return nan


@cache
def _published() -> dict[str, Target]:
    """Every target and spread of `validate`, by id; with an SD of NaN where it is not judged."""
    found = {}
    for each in published.load_targets():
        words = f"{each.quantity}; {each.condition} [{each.unit}]"
        value, sd = nan, nan
        if each.id in OBSERVABLES and each.low is not None and each.high is not None:
            value, sd = each.centre if each.centre is not None else 0.5 * (each.low + each.high), _sd(each)
        found[each.id] = Target(each.id, words, value, sd, 1.0, each.use == "calibration", each.source)
    for each in (each for each in published.load_targets() if each.id in MEASURES):
        sd = _sd(each)
        found[each.id + SPREAD] = Target(
            each.id + SPREAD,
            f"SD between women of {each.quantity}; {each.condition} [{each.unit}]",
            sd,
            _BAND * sd,
            1.0,
            each.use == "calibration",
            each.source,
        )
    return found


def _sd(target: published.Target) -> float:
    """Standard deviation of the women in whom a target was measured; of a range without their number, half of it."""
    assert target.low is not None
    assert target.high is not None
    count = MEASURES[target.id][1] if target.id in MEASURES else None
    if target.spread == "range" and (count or target.n or 0) < 2:
        return 0.5 * (target.high - target.low)
    return printed_sd(target, count)


class _FirstError(Exception):
    """A run was requested."""


class _Asked(Mapping[str, Simulated]):
    """Runs that are not there: the first one that is requested is raised."""

    def __getitem__(self, run: str) -> Simulated:
        raise _FirstError(run)

    def __iter__(self) -> Iterator[str]:
        return iter(RUNS)

    def __len__(self) -> int:
        return len(RUNS)


@cache
def runs_of(name: str) -> tuple[str, ...]:
    """
    Names of the runs that a target is read from, or of all of their kind.

    Parameters
    ----------
    name
        Id of a target, or of a spread.
    """
    if name.endswith(SPREAD):
        return (_COHORT,)
    if name not in OBSERVABLES:
        return ()
    try:
        OBSERVABLES[name](_Asked())
    except _FirstError as error:
        first = str(error)
    family = next((each for each in _FAMILIES if first.startswith(each)), None)
    return (first,) if family is None else tuple(run for run in RUNS if run.startswith(family))


def _longest_first(run: str) -> tuple[float, str]:
    return -float(RUNS[run].get("days", 7.0)), run


@cache
def _no_place(run: str, keys: tuple[str, ...]) -> str | None:
    """Why a run cannot be given the quantities that are moved."""
    settings = merged(REFERENCE, {} if run == _COHORT else RUNS[run])
    every = RunConfig.model_validate_json(json.dumps(settings)).model_dump(by_alias=True)
    for key in keys:
        if _stands_in(settings, key):
            return f"sets {key} itself"
        if not _stands_in(every, key):
            return f"has no {key}"
    return None


@cache
def _base(run: str) -> Base:
    config = config_from_json(json.dumps(merged(REFERENCE, RUNS[run])))
    return Base.of(Scenario(config, {}, {}, ()))


def _own_quantities(config: RunConfig, keys: Sequence[str]) -> dict[str, float]:
    """Quantities of a config that are others than those of the reference mother, beside the ones that are moved."""
    usual = {item.key: item.value for item in declared_quantities(RunConfig(format=1))}
    return {
        item.key: item.value
        for item in declared_quantities(config)
        if item.key not in keys
        and not item.key.startswith(("infants.", "resolution", "record"))
        and usual.get(item.key, item.value) != item.value
    }


def not_used(config: RunConfig) -> list[str]:
    """
    Keys of a config that the runs of `validate` do not take, beside those of its schedule, its infants and its clock.

    Parameters
    ----------
    config
        That is calibrated.
    """
    own = dict(_leaves(config.model_dump(mode="json", by_alias=True)))
    usual = dict(_leaves(RunConfig(format=1).model_dump(mode="json", by_alias=True)))
    taken = {item.key for item in declared_quantities(config)}
    return [
        key
        for key in sorted(own.keys() | usual.keys())
        if own.get(key) != usual.get(key)
        and key.split(".")[0] not in _OF_THE_SETTING
        and (key not in taken or key.startswith("resolution"))
    ]


def _leaves(data: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Everything that is no mapping in plain data, by dotted key."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, data


def _stands_in(data: object, key: str) -> bool:
    """Whether something stands at a dotted key of plain data."""
    for part in key.split("."):
        if isinstance(data, Mapping) and part in data:
            data = data[part]
        elif isinstance(data, (list, tuple)) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return False
    return True
