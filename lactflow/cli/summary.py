"""What `lactflow run` says at the end."""

from __future__ import annotations

import os
import sys
from math import isfinite, isnan
from pathlib import Path
from shlex import quote
from shutil import which
from typing import TYPE_CHECKING, Any

from lactflow.config.text import counted
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lactflow.analysis.run import Run
    from lactflow.config.scenario import Scenario

_SHOWN = (
    ("milk made", "made_ml_per_day", "mL/day", 0),
    ("milk removed", "removed_ml_per_day", "mL/day", 0),
    ("intake of the infant", "intake_ml_per_day", "mL/day", 0),
    ("sessions", "sessions_per_day", "per day", 1),
    ("onset of copious milk", "onset_h", "h after birth", 0),
    ("let-downs", "let_downs_per_feed", "per feed", 2),
    ("fullness", "fullness", "of capacity", 2),
    ("emptied", "emptied_fraction", "of available milk", 2),
    ("fat", "fat_g_per_l", "g/L", 1),
    ("lactose", "lactose_g_per_l", "g/L", 1),
    ("protein", "protein_g_per_l", "g/L", 1),
    ("sodium", "sodium_mmol_per_l", "mmol/L", 1),
)
"""Label, measure, unit, digits."""


def as_object(run: Run, scenario: Scenario, measures: Mapping[str, float]) -> dict[str, Any]:
    """The JSON object; a measure that could not be told is null."""
    return {
        "run_dir": str(run.path),
        "status": run.status,
        "rows": dict(run.manifest["rows"]),
        "summary": {name: value if isfinite(value) else None for name, value in measures.items()},
        "recorded": _against_log(run),
        "warnings": list(scenario.warnings),
        "wall_s": run.manifest["wall_s"],
        "simulated_days": _simulated_days(run),
    }


def as_text(run: Run, scenario: Scenario, measures: Mapping[str, float]) -> str:
    """Lines worth reading: where the run is, what came out, what to type next."""
    replicates = scenario.config.replicates
    each = f", {replicates} replicates together" if replicates > 1 else ""
    lines = [
        f"{run.path}",
        f"{_simulated_days(run):g} days simulated in {run.manifest['wall_s'] or 0.0:.1f} s{each}",
        "",
        f"{'':<22}{'both':>9}{'left':>9}{'right':>9}",
    ]
    for label, measure, unit, digits in _SHOWN:
        if measure == "onset_h" and isnan(measures[measure]):
            continue  # most runs begin later
        values = [measures.get(f"{measure}{side}") for side in ("", "_left", "_right")]
        cells = "".join(f"{_cell(value, digits):>9}" for value in values)
        lines.append(f"{label:<22}{cells}  {unit}")
    log = _against_log(run)
    if log is not None:
        means = f"{_known(log['recorded_ml'], 0)} mL on average; the model gave {_known(log['simulated_ml'], 0)} mL"
        apart = (
            f"difference {_known(log['bias_ml'], 0)} mL, SD {_known(log['sd_ml'], 0)}, "
            f"r {_known(log['correlation'], 2)}"
        )
        has = f"the log has {counted(log['sessions'], 'volume')}, {means}"
        lines += ["", has, f"{apart}; each of them in `run.recorded()`"]
    removals = str(run.path / "removals")
    rows = ", ".join(f"{table} {count:,}" for table, count in run.manifest["rows"].items())
    lines += [
        "",
        f"rows: {rows}",
        f"balance: worst residual {_worst_residual(run)}",
        "",
        "next:",
        f"  {typed('python')} -c {_in_shell(f'import pandas; print(pandas.read_parquet({removals!r}))')}",
        f"  {typed('lactflow')} report {quote(str(run.path))}",
        f"  {typed('lactflow')} verify {quote(str(run.path))}",
    ]
    return "\n".join(lines)


def _against_log(run: Run) -> dict[str, Any] | None:
    """Volumes of a feeding log against the model's; None where the log has none."""
    from lactflow.analysis.recorded import agreement, recorded

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
    return name if which(name) == str(beside) or not beside.exists() else quote(os.path.relpath(beside))


def _in_shell(code: str) -> str:
    """Code as one word of a shell; in double quotes where that is enough, which is easier to read."""
    return quote(code) if set(code) & set('"$`\\!') else f'"{code}"'


def _cell(value: float | None, digits: int) -> str:
    if value is None:
        return ""
    return f"{value:,.{digits}f}" if isfinite(value) else "-"


def _known(value: float | None, digits: int) -> str:
    """A value of which there is always one: a dash where it is not known."""
    return "-" if value is None else _cell(value, digits)


def _simulated_days(run: Run) -> float:
    return float(run.manifest["simulated_min"] or 0.0) / DAY_MIN


def _worst_residual(run: Run) -> str:
    balance = run["balance"].dropna(subset=["residual"])
    if balance.empty:
        return "not known"
    quantity, residual = max(zip(balance["quantity"], balance["residual"].abs(), strict=True), key=lambda row: row[1])
    return f"{residual:.1e} ({quantity})"
