"""The scenarios of a comparison: loaded, named, and checked that they can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from lactflow.config.overrides import OPTION
from lactflow.config.python import ConfigSource
from lactflow.config.scenario import Scenario, changed, load_scenario
from lactflow.config.text import cut, quoted
from lactflow.config.yaml_source import parse_yaml
from lactflow.errors import ConfigError, Problem
from lactflow.experiments.coarse import wrong_with_coarse

USUAL_REPLICATES = 10
"""Replicates of one mother by default; also the pilot of `--until-ci`."""
MOST_REPLICATES = 1000
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_NO_LABEL = re.compile(r"[^A-Za-z0-9._:+-]+")
"""What is left out of a value in the name of a variant, which stands in tables, columns and commands."""
_LONGEST_STEM = 59
"""Of a scenario's name, with room for what distinguishes it from another of the same name."""


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


def loaded(
    configs: Sequence[ConfigSource],
    settings: Sequence[str] = (),
    stop: Stop | None = None,
    vary: str | None = None,
    coarse: int | None = None,
    **options: object,
) -> dict[str, Scenario]:
    """
    Load scenarios that shall be compared, and check that they can be.

    Parameters
    ----------
    configs, settings, stop, vary, coarse, options
        As `compare` takes them.

    Returns
    -------
    Scenarios by names that distinguish them, with the seed of the first and as many replicates each.

    Raises
    ------
    ConfigError
        With every problem.
    """
    if vary is None:
        scenarios = [load_scenario(config, settings, **options) for config in configs]
        labels = _labels(scenarios, configs)
    else:
        variants = _variants(configs, vary)
        scenarios = _varied(configs[0], [each.settings for each in variants], settings, vary, **options)
        labels = [each.label for each in variants]
    named = {
        label: _comparable(scenario, scenarios, given=options.get("replicates") is not None)
        for label, scenario in zip(labels, scenarios, strict=True)
    }
    _check(named, stop)
    if coarse is not None and (problems := wrong_with_coarse(named, coarse, alone=stop is None)):
        raise ConfigError(*problems)
    return named


class _Variant(NamedTuple):
    """A variant of a config: what it is called in tables, and the settings that make it."""

    label: str
    settings: tuple[str, ...]


def _variants(configs: Sequence[ConfigSource], vary: str) -> list[_Variant]:
    """
    The variants of one config; each is called by its value, as in `per_day=5`.

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
    variants: list[_Variant] = []
    for number, value in enumerate(values, 1):
        text = json.dumps(value)  # which is YAML too
        # A mapping or a list has no short form: its number, and the title says which it is.
        short = None if isinstance(value, dict | list | tuple) else _NO_LABEL.sub("-", text).strip("-")
        label = f"{last}-{number}" if short is None else f"{last}={short}"
        label = _unlike(label[:_LONGEST_STEM], [each.label for each in variants])
        title = json.dumps(cut(f"{key} = {text}"))
        variants.append(_Variant(label, (f"{key}={text}", f"name={folder_name(label)}", f"title={title}")))
    return variants


def folder_name(label: str) -> str:
    """The name of a scenario in a comparison as that of a folder: `per_day-5` of `per_day=5`."""
    return _NO_NAME.sub("-", label)


def _varied(
    config: ConfigSource, variants: Sequence[tuple[str, ...]], settings: Sequence[str], vary: str, **options: object
) -> list[Scenario]:
    """
    The variants of a config; what is wrong with the key or a value is wrong with `--vary`, which is said once.

    Raises
    ------
    ConfigError
        With every problem.
    """
    key = vary.partition("=")[0].strip()
    found: list[Scenario] = []
    problems: list[Problem] = []
    for more in variants:
        try:
            found.append(load_scenario(config, (*settings, *more), **options))
        except ConfigError as error:
            for problem in error.problems:
                mine = problem.file == OPTION and f"{problem.key}.".startswith(f"{key}.")
                problems.append(replace(problem, file="--vary") if mine else problem)
    if problems:
        raise ConfigError(*dict.fromkeys(problems))
    return found


def _labels(scenarios: Sequence[Scenario], configs: Sequence[ConfigSource]) -> list[str]:
    """Names that distinguish the scenarios: their own, else those of their files, else with a number."""
    labels: list[str] = []
    for scenario, config in zip(scenarios, configs, strict=True):
        own = scenario.config.name
        stem = "" if isinstance(config, Mapping) else Path(config).stem
        file = _NO_NAME.sub("-", stem).strip("-.")[:_LONGEST_STEM]
        labels.append(_unlike(own, labels, file))
    return labels


def _unlike(own: str, labels: Sequence[str], other: str = "") -> str:
    """A name that is not taken: its own, else another one, else with a number."""
    numbered = (f"{own[:_LONGEST_STEM]}-{number}" for number in count(2))
    return next(label for label in chain([own, other], numbered) if label and label not in labels)


def _comparable(scenario: Scenario, scenarios: Sequence[Scenario], *, given: bool) -> Scenario:
    """With the random numbers of the baseline, and as many replicates as were given for all, or as any of them has."""
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
