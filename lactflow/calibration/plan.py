"""What a calibration is to do, checked: quantities and their ranges, targets, numbers of trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.analysis.calibration.axes import Axis
from lactflow.analysis.calibration.surface import Goals
from lactflow.calibration.objective import Objective
from lactflow.calibration.own import OfConfig, with_cohort
from lactflow.calibration.search import BATCH, Plan, fewest_trials
from lactflow.calibration.targets import LARGEST_BYTES, read_targets
from lactflow.config.logs.collection import read_bounded
from lactflow.config.python import ConfigSource
from lactflow.config.scenario import Scenario, load_scenario
from lactflow.config.text import choices, counted, nearest, quoted, shown_path
from lactflow.errors import ConfigError, Problem
from lactflow.parameters.declaration import DeclaredQuantity, declared_quantities

USUAL_TRIALS = 100
VALIDATE = "validate"
"""What stands for the table of `lactflow validate` in place of a file."""
TARGETS = "targets.csv"
"""The table of targets, in the folder of the calibration."""
_LIBRARIES = ("optuna", "scikit-learn")
Quantities = Sequence[str] | Mapping[str, Any]


class Planned(NamedTuple):
    """
    A calibration, checked.

    Attributes
    ----------
    plan
        What is looked for.
    objective
        What is simulated for a trial.
    scenario
        That is calibrated, as it is without the replicates and the mothers of the calibration.
    table
        Content of the table of targets; empty for that of `validate`.
    about
        All that is needed to resume it, as plain data.
    """

    plan: Plan
    objective: Objective
    scenario: Scenario
    table: bytes
    about: dict[str, Any]

    @property
    def warnings(self) -> list[str]:
        """What is unusual but not wrong."""
        return list(self.scenario.warnings)


def plan_calibration(
    config: ConfigSource,
    quantities: Quantities,
    targets: str | Path,
    *,
    target: Sequence[str] = (),
    held_out: Sequence[str] = (),
    trials: int = USUAL_TRIALS,
    replicates: int | None = None,
    mothers: int | None = None,
    batch: int = BATCH,
    settings: Sequence[str] = (),
    **options: object,
) -> Planned:
    """
    Check everything about a calibration; nothing is written, nothing is simulated.

    Parameters
    ----------
    config, settings, options
        As `lactflow.run` takes them.
    quantities, targets, target, held_out, trials, replicates, mothers, batch
        As `calibrate` takes them.

    Raises
    ------
    ConfigError
        With every problem.
    """
    needs_libraries()
    scenario = load_scenario(config, settings, **options)
    problems: list[Problem] = []
    axes = axes_of(scenario, quantities, problems)
    no_counts = [
        Problem(f"{number!r} is no number of trials (allowed: a whole number from 1 on)", option)
        for option, number in (("--trials", trials), ("--batch", batch))
        if not isinstance(number, int) or number < 1
    ]
    problems += no_counts
    if len(axes) > 0 and not no_counts and trials < fewest_trials(len(axes)):
        few = f"{trials} is too few for {counted(len(axes), 'quantity', 'quantities')}"
        problems.append(Problem(f"{few} (allowed: {fewest_trials(len(axes))} or more)", "--trials"))
    about: dict[str, Any] = {
        "quantities": [axis._asdict() for axis in axes],
        "targets": VALIDATE if str(targets) == VALIDATE else shown_path(targets),
        "target": list(target),
        "held_out": list(held_out),
        "trials": trials,
        "batch": batch,
        "replicates": replicates,
        "mothers": mothers,
        "libraries": libraries(),
    }
    table = b""
    try:
        if about["targets"] != VALIDATE:
            table = read_bounded(Path(targets), LARGEST_BYTES, about["targets"] or "--targets")
        found = _objective(scenario, about, table) if axes else None
    except ConfigError as error:
        problems += error.problems
    if about["targets"] == VALIDATE and options.get("days") is not None:
        problems.append(
            Problem("the runs of validate last as long as their targets need (allowed: without it)", "--days")
        )
    if problems or found is None:
        raise ConfigError(*problems)
    if about["targets"] == VALIDATE:
        scenario = _with_warning(scenario)
    return _planned(scenario, about, table, found)


def _with_warning(scenario: Scenario) -> Scenario:
    """A scenario that says what the runs of `validate` do not take of it."""
    from lactflow.calibration.published import not_used

    keys = not_used(scenario.config)
    if not keys:
        return scenario
    warning = f"not used, because targets are read from the runs of validate: {choices(keys)}"
    return replace(scenario, warnings=(*scenario.warnings, warning))


def planned_again(scenario: Scenario, about: Mapping[str, Any], table: bytes) -> Planned:
    """
    A calibration that was begun, from what its folder says.

    Parameters
    ----------
    scenario
        That is calibrated.
    about, table
        As `Planned` has them.

    Raises
    ------
    ConfigError
        If something is wrong with it.
    """
    needs_libraries()
    return _planned(scenario, dict(about), table, _objective(scenario, about, table))


def _planned(scenario: Scenario, about: dict[str, Any], table: bytes, objective: Objective) -> Planned:
    goals = Goals.of([(each.value, each.sd, each.weight) for each in objective.targets if each.fitted])
    axes = tuple(Axis(**each) for each in about["quantities"])
    plan = Plan(axes, goals, about["trials"], scenario.config.seed, about["batch"])
    return Planned(plan, objective, scenario, table, about)


def _objective(scenario: Scenario, about: Mapping[str, Any], table: bytes) -> Objective:
    """What is simulated for a trial."""
    every = with_cohort(scenario, about["replicates"], about["mothers"])
    ids, held_out = about["target"], about["held_out"]
    if about["targets"] == VALIDATE:
        from lactflow.calibration.published import OfPublished

        if about["mothers"] is not None:
            raise ConfigError(Problem("the women of validate's spreads are forty (allowed: without it)", "--mothers"))
        return OfPublished(every, [each["key"] for each in about["quantities"]], ids, held_out)
    return OfConfig(every, read_targets(table, about["targets"], every.config, ids, held_out))


def needs_libraries() -> None:
    """
    Check that Optuna and scikit-learn are installed.

    Raises
    ------
    ConfigError
        With the command that installs them.
    """
    if find_spec("optuna") is None or find_spec("sklearn") is None:
        raise ConfigError("a calibration needs Optuna and scikit-learn: pip install 'lactflow[calibrate]'")


def libraries() -> dict[str, str]:
    """Versions of the libraries that the points of a calibration depend on."""
    return {name: metadata.version(name) for name in _LIBRARIES}


def axes_of(scenario: Scenario, quantities: Quantities, problems: list[Problem]) -> list[Axis]:
    """
    The quantities that are to be moved, with their ranges.

    Parameters
    ----------
    scenario
        That is calibrated.
    quantities
        `key`, `key=low:high` or `key=low:high:log`; or by key None, `(low, high)` or `(low, high, "log")`.
    problems
        What is wrong is added to them.
    """
    texts = [quantities] if isinstance(quantities, str) else quantities
    if isinstance(texts, Mapping):
        texts = [str(key) if ends is None else f"{key}={_as_typed(ends)}" for key, ends in texts.items()]
    declared = {item.key: item for item in declared_quantities(scenario.config)}
    found: dict[str, Axis] = {}
    for text in texts:
        key = text.partition("=")[0].strip()
        if key in found:
            problems.append(Problem("given twice (allowed: once)", "--quantity", key=key))
        elif key not in declared:
            near = nearest(key, list(declared))
            hint = f" (nearest: {near})" if near else ""
            problems.append(
                Problem(f"{quoted(key)} is the key of no quantity{hint}; `lactflow parameters` lists all", "--quantity")
            )
        elif (axis := _axis(text, declared[key], problems)) is not None:
            found[key] = axis
    if not texts:
        problems.append(Problem("there is nothing to look for (needed: one quantity or more)", "--quantity"))
    return list(found.values())


def _as_typed(ends: object) -> str:
    """A range as it is typed, whether it is one or not."""
    return ":".join(map(str, ends)) if isinstance(ends, (tuple, list)) else str(ends)


def _axis(text: str, item: DeclaredQuantity, problems: list[Problem]) -> Axis | None:
    """One quantity with its range: as it was typed, else the plausible one."""
    key, equals, bounds = text.partition("=")
    unit, (least, most) = item.declaration.unit, item.declaration.within
    if not equals:
        low, high = item.declaration.plausible
        if low < high:
            return Axis(item.key, low, high, logarithmic=False, unit=unit, start=item.value)
        problems.append(Problem("its plausible range is one value (needed: KEY=low:high)", "--quantity", key=item.key))
        return None
    ends = bounds.split(":")
    try:
        low, high = float(ends[0]), float(ends[1])
    except (ValueError, IndexError):
        low, high = float("nan"), float("nan")
    if not (isfinite(low) and isfinite(high)) or ends[2:] not in ([], ["log"]):
        problems.append(
            Problem(f"{quoted(bounds)} is no range (allowed: low:high or low:high:log)", "--quantity", key=key.strip())
        )
    elif low >= high:
        problems.append(Problem(f"{bounds} is empty (allowed: low below high)", "--quantity", key=item.key))
    elif low < least or high > most:
        message = f"{bounds} is beyond {least:g} to {most:g} {unit}".rstrip()
        problems.append(Problem(f"{message}, which it must be within", "--quantity", key=item.key))
    elif ends[2:] and low <= 0.0:
        problems.append(Problem(f"{bounds} has no logarithm (allowed: low above 0)", "--quantity", key=item.key))
    else:
        return Axis(item.key, low, high, logarithmic=bool(ends[2:]), unit=unit, start=item.value)
    return None
