"""What `lactflow run` says at the end."""

from __future__ import annotations

import os
import sys
from math import isfinite, nan
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any, NamedTuple

from lactflow.analysis.digits import number
from lactflow.analysis.drug_names import is_of_drug
from lactflow.cli.failures import retried_in_words
from lactflow.cli.tables import STUCK_SPACE, TIMES, Printed, in_blocks, page_width, sentences
from lactflow.config.cohort import mothers
from lactflow.config.resolution import in_words, stated
from lactflow.config.text import counted
from lactflow.systems import shell_word
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lactflow.analysis.run import Run
    from lactflow.analysis.stages import Overview, StageMeasures
    from lactflow.config.model import RunConfig
    from lactflow.config.scenario import Scenario

NO_ADVICE = "A model; no medical advice."


class _Row(NamedTuple):
    """A measure of the summary."""

    measure: str
    digits: int
    """After the point; of measures of drugs, those that count."""
    label: str = ""
    percent: bool = False


_ROWS = (
    _Row("made_ml_per_day", 0),
    _Row("made_ml_per_day_left", 0, "  left breast"),
    _Row("made_ml_per_day_right", 0, "  right breast"),
    _Row("removed_ml_per_day", 0),
    _Row("removed_ml_per_day_left", 0, "  left breast"),
    _Row("removed_ml_per_day_right", 0, "  right breast"),
    _Row("intake_ml_per_day", 0),
    _Row("sessions_per_day", 1),
    _Row("onset_h", 0),
    _Row("let_downs_per_feed", 2),
    _Row("fullness", 0, percent=True),
    _Row("emptied_fraction", 0, percent=True),
    _Row("fat_g_per_l", 1),
    _Row("fat_g_per_day", 1),
    _Row("lactose_g_per_l", 1),
    _Row("protein_g_per_l", 1),
    _Row("sodium_mmol_per_l", 1),
)
_OF_DRUGS = ("rid_percent", "rid_conventional_percent", "milk_plasma_ratio")
"""Measures of drugs, where some are taken: of any size, so that they have digits that count."""
_COUNTING = 3


def extent(config: RunConfig) -> str:
    """
    How much is simulated, such as 4 women times 3 days.

    Parameters
    ----------
    config
        Of a run.
    """
    women, replicates = len(mothers(config)), config.replicates
    parts = [
        *([counted(women, "woman", "women")] if config.mother.cohort is not None else []),
        *([counted(replicates, "replicate")] if replicates > 1 else []),
        f"{config.days:g} day{'' if config.days == 1.0 else 's'}",
    ]
    return f" {TIMES} ".join(parts)


def as_object(run: Run, scenario: Scenario, found: Overview | None) -> dict[str, Any]:
    """The JSON object; a measure that is not known is null."""
    from lactflow.analysis.daily import MEASURES
    from lactflow.experiments.outcome import outcome_warnings

    whole = found.whole.measures if found is not None else dict.fromkeys(MEASURES, nan)
    logged = _share_of_log(run, scenario)
    return {
        "run_dir": str(run.path),
        "status": run.status,
        "rows": dict(run.manifest["rows"]),
        "summary": _plain(whole),
        "sd": _sd(found, found.whole) if found is not None else None,
        "stages": {str(each.stage): _stage_object(found, each) for each in found.stages} if found is not None else {},
        "recorded": _against_log(run),
        "logged_minutes_simulated": logged if isfinite(logged) else None,
        "warnings": [*scenario.warnings, *outcome_warnings(run, scenario), *retried_in_words(run.manifest)],
        "wall_s": run.manifest["wall_s"],
        "seed": scenario.config.seed,
        "resolution": stated(scenario.config),
        "women": len(mothers(scenario.config)),
        "replicates": scenario.config.replicates,
        "days": scenario.config.days,
        "simulated_days": _unit_days(run),
    }


def _stage_object(found: Overview, window: StageMeasures) -> dict[str, Any]:
    return {
        "from_day": window.from_day,
        "to_day": window.to_day,
        "days": window.observed_days,
        "summary": _plain(window.measures),
        "sd": _sd(found, window),
    }


def _sd(found: Overview, window: StageMeasures) -> dict[str, float | None] | None:
    """The spread of each measure; none of one woman's only replicate."""
    return _plain(window.sd) if found.women * found.replicates > 1 else None


def _plain(measures: Mapping[str, float]) -> dict[str, float | None]:
    """Measures for JSON, which has no NaN."""
    return {name: value if isfinite(value) else None for name, value in measures.items()}


def as_lines(run: Run, scenario: Scenario, found: Overview | None, failed: int = 0) -> list[str]:
    """
    Lines worth reading: where the run is, what came out, what to type next.

    Parameters
    ----------
    run
        The run.
    scenario
        Whose run it is.
    found
        Its measures; None where nothing was left to summarise.
    failed
        Units of work that failed; they are not among the measures.
    """
    config, width = scenario.config, page_width()
    units = len(mothers(config)) * config.replicates
    wall = f"simulated in {run.manifest['wall_s'] or 0.0:.1f} s"
    about = [f"{extent(config)} {wall}; seed {config.seed}"]
    if failed:
        about.append(f"{failed} of {units} failed and are left out: what follows is of the other {units - failed}")
    table = _table(found, width) if found is not None else ["nothing was recorded that could be summarised"]
    removals = (run.path / "removals").as_posix()
    rows = ", ".join(f"{name}{STUCK_SPACE}{count:,}" for name, count in run.manifest["rows"].items())
    cut = f"resolution: {in_words(stated(config))}"
    closing = [f"rows: {rows}", cut, f"balance: worst residual {_worst_residual(run)}", NO_ADVICE]
    return [
        f"{run.path}",
        *sentences(about, width=width),
        "",
        *table,
        "",
        *sentences([*_spread(found), *_log(run, scenario)], width=width),
        *sentences(closing, width=width),
        "",
        "next:",
        f"  {typed('lactflow')} report {shell_word(str(run.path))}",
        f"  {typed('python')} -c {_in_shell(f'import pandas; print(pandas.read_parquet({removals!r}))')}",
        f"  {typed('lactflow')} verify {shell_word(str(run.path))}",
    ]


def _table(found: Overview, width: int | None) -> list[str]:
    """A row for each measure that there is, a column for each stage; beside it the spread, where there is one."""
    from lactflow.analysis.drug_names import split
    from lactflow.analysis.in_words import measure

    of_drugs = [_Row(name, _COUNTING) for name in found.whole.measures if split(name)[0] in _OF_DRUGS]
    rows = [row for row in (*_ROWS, *of_drugs) if any(isfinite(each.measures[row.measure]) for each in found.stages)]
    words = [measure(row.measure) for row in rows]
    labels = Printed("", [row.label or word.label for row, word in zip(rows, words, strict=True)])
    units = Printed(
        "", [f"% {word.unit}" if row.percent else word.unit for row, word in zip(rows, words, strict=True)], whole=True
    )
    several = found.women * found.replicates > 1
    groups = []
    for stage in found.stages:
        mean = [_cell(stage.measures[row.measure], row) for row in rows]
        sd = [_cell(stage.sd[row.measure], row) for row in rows]
        heading = f"{stage.stage}\n{days_of(stage.from_day, stage.to_day)}"
        groups.append([Printed(heading, mean, number=True), *([Printed("SD", sd, number=True)] if several else [])])
    return in_blocks(labels, groups, [units], width=width)


def days_of(first: int, last: int) -> str:
    """Days as the heading of a column."""
    return f"day {first}" if first == last else f"days {first} to {last}"


def _spread(found: Overview | None) -> list[str]:
    """Between whom the spread is."""
    if found is None or found.women * found.replicates < 2:
        return []
    units = found.women * found.replicates
    some = f"; copious milk began in {found.onsets} of {units}" if 0 < found.onsets < units else ""
    if found.women < 2:
        return [f"SD: between the {found.replicates} replicates of one woman{some}"]
    means = f", each the mean of her {found.replicates} replicates" if found.replicates > 1 else ""
    return [f"SD: between the {found.women} women{means}{some}"]


def _share_of_log(run: Run, scenario: Scenario) -> float:
    """Share of the logged minutes that was simulated; NaN for a scenario without a log."""
    from lactflow.analysis.logged import logged_minutes_simulated

    return logged_minutes_simulated(run) if scenario.logs else nan


def _log(run: Run, scenario: Scenario) -> list[str]:
    """What the run has to report about a feeding log."""
    lines = []
    share = _share_of_log(run, scenario)
    if isfinite(share):
        lines.append(f"logged minutes simulated: {100.0 * share:.0f} %")
    log = _against_log(run)
    if log is not None:
        means = f"{log['recorded_ml']:.0f} mL on average; the model gave {log['simulated_ml']:.0f} mL"
        lines.append(f"the log has {counted(log['sessions'], 'volume')}, {means}")
        apart = [
            f"{name} {log[key]:.{digits}f}{unit}"
            for name, key, digits, unit in (
                ("difference", "bias_ml", 0, " mL"),
                ("SD", "sd_ml", 0, " mL"),
                ("r", "correlation", 2, ""),
            )
            if log[key] is not None
        ]
        lines.append(f"{', '.join(apart)}; each of them in `run.recorded()`")
    return [*lines, ""] if lines else []


def _against_log(run: Run) -> dict[str, Any] | None:
    """Volumes of a feeding log against the model's; None where the log has none."""
    from lactflow.analysis.recorded import agreement, has_volumes, recorded

    if not has_volumes(run):
        return None
    found = agreement(recorded(run))
    if not found.sessions:
        return None
    return {name: value if isfinite(value) else None for name, value in found._asdict().items()}


def typed(name: str) -> str:
    """
    How to call a program that came with this one: by its name if a shell then finds this one, else by its path.

    Parameters
    ----------
    name
        `python` or `lactflow`.
    """
    beside = Path(sys.executable).with_name(name)
    return name if which(name) == str(beside) or not beside.exists() else shell_word(os.path.relpath(beside))


def _in_shell(code: str) -> str:
    """Code as one word of a shell; in double quotes where that is enough, which is easier to read."""
    return shell_word(code) if set(code) & set('"$`\\!') else f'"{code}"'


def _cell(value: float, row: _Row) -> str:
    if is_of_drug(row.measure):
        return number(value, row.digits)
    return f"{value * (100.0 if row.percent else 1.0):,.{row.digits}f}" if isfinite(value) else "-"


def _unit_days(run: Run) -> float:
    """Days simulated of all units of work together."""
    return float(run.manifest["simulated_min"] or 0.0) / DAY_MIN


def _worst_residual(run: Run) -> str:
    balance = run["balance"].dropna(subset=["residual"])
    if balance.empty:
        return "not known"
    quantity, residual = max(zip(balance["quantity"], balance["residual"].abs(), strict=True), key=lambda row: row[1])
    return f"{residual:.1e} ({quantity})"
