"""`lactflow compare`."""

from __future__ import annotations

import json
import re
import sys
from math import isnan
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.options import complete_scenarios, scenario_options
from lactflow.cli.progress import shown_by_phase, stopping_on_signals

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.experiments.compare import Stop
    from lactflow.experiments.comparison import Comparison

_WIDTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(mL(/day)?)?\s*", re.IGNORECASE)
_STOPPED_ON = "removed_ml_per_day"


@click.command("compare", short_help="Play scenarios on shared chance and tell how they differ.")
@click.argument("configs", nargs=-1, required=True, metavar="CONFIG...", shell_complete=complete_scenarios)
@click.option(
    "--vary",
    metavar="KEY=A,B,C",
    help="Compare one CONFIG under several values of a key, the first being the baseline.",
)
@click.option("--replicates", type=int, help="Replicates of each scenario; 10 when nobody says, 1 for a cohort.")
@click.option("--until-ci", "width", metavar="WIDTH", help="Go on until the interval is +- WIDTH, such as 5mL.")
@click.option(
    "--measure", default=_STOPPED_ON, show_default=True, metavar="NAME", help="Measure whose interval --until-ci means."
)
@click.option(
    "--visits/--no-visits", default=None, help="A row for each packet in every run; none when nothing is said."
)
@scenario_options
def command(
    *,
    configs: tuple[str, ...],
    settings: tuple[str, ...],
    vary: str | None,
    width: str | None,
    measure: str,
    workers: int | None,
    out: str,
    name: str | None,
    visits: bool | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    **options: object,
) -> None:
    """Compare two or more scenarios, the first being the baseline.

    All are played by the same mothers with the same luck: differences are taken pair by pair. Writes the runs, the
    differences as Parquet and a figure into a folder below DIR, and prints a table: means, paired differences, and
    their 95 % intervals.

    \b
    Examples:
      lactflow compare every-two-hours every-four-hours --replicates 4 --days 3
      lactflow compare every-three-hours on-demand --days 10 --until-ci 20mL
      lactflow compare every-three-hours --days 10 --vary gland.lumen.capacity_ml=100,200
    """  # noqa: D301 - \b is click's mark
    from lactflow.experiments.compare import SIMULATING, compare, loaded
    from lactflow.recording.files import check_folder

    # What the user says comes after, and so goes before, what is usual here.
    said = () if visits is None else (f"record.visits={'true' if visits else 'false'}",)
    settings = ("record.visits=false", *settings, *said)
    stop = _stop(width, measure)
    scenarios = loaded(configs, settings, stop, vary, **options)
    if not quiet and not as_json:
        for label, scenario in scenarios.items():
            for warning in scenario.warnings:
                click.secho(f"warning: {label}: {warning}", fg="yellow", err=True)
    if dry_run:
        check_folder(Path(out))
        _tell_estimate(scenarios, as_json=as_json)
        return
    with stopping_on_signals() as check, shown_by_phase(SIMULATING, quiet=quiet or as_json) as bar:

        def progress(fraction: float, simulated_min: float) -> None:
            check(fraction, simulated_min)
            bar(fraction, simulated_min)

        comparison = compare(
            scenarios, out=out, name=name, stop=stop, workers=workers, progress=progress, phase=bar.begin,
            command=["lactflow", *sys.argv[1:]],
        )  # fmt: skip
    figure = _draw(comparison)
    if as_json:
        click.echo(json.dumps(_as_object(comparison), indent=2, allow_nan=False))
    else:
        legend = [f"{label}: {scenario.config.title}" for label, scenario in scenarios.items()] if vary else []
        click.echo("\n".join(_lines(comparison, figure, legend)))


def _stop(width: str | None, measure: str) -> Stop | None:
    """
    The rule of `--until-ci`.

    Raises
    ------
    ConfigError
        If the width is none, or there is no such measure.
    """
    from lactflow.analysis.daily import MEASURES
    from lactflow.config.text import nearest, quoted
    from lactflow.errors import ConfigError, Problem
    from lactflow.experiments.compare import Stop

    problems = []
    if measure not in MEASURES:
        match = nearest(measure, MEASURES, cutoff=0.0)
        problems.append(Problem(f"there is no measure {quoted(measure)} (nearest: {match})", "--measure"))
    found = _WIDTH.fullmatch(width) if width is not None else None
    if width is not None and (found is None or float(found[1]) <= 0.0):
        message = f"{quoted(width)} is no half-width (allowed: a number above 0, such as 5mL or 0.02)"
        problems.append(Problem(message, "--until-ci"))
    if problems:
        raise ConfigError(*problems)
    return Stop(measure=measure, half_width=float(found[1])) if found is not None else None


def _tell_estimate(scenarios: dict[str, Any], *, as_json: bool) -> None:
    from lactflow.cli.estimate import estimate

    expected = {label: estimate(scenario.config) for label, scenario in scenarios.items()}
    if as_json:
        objects = {label: each._asdict() for label, each in expected.items()}
        click.echo(json.dumps({"dry_run": True, "estimates": objects}, indent=2))
        return
    for label, each in expected.items():
        click.echo(f"{label}: {scenarios[label].config.replicates} replicates, about {each.wall_s:,.0f} s on one core")
    click.echo("nothing is wrong with them; nothing was run or written")


def _as_object(comparison: Comparison) -> dict[str, Any]:
    rows = comparison.differences.astype(object).where(comparison.differences.notna(), None)
    return {
        "comparison_dir": str(comparison.path),
        "status": comparison.status,
        "replicates": comparison.manifest["replicates"],
        "differences": rows.to_dict("records"),
    }


def _draw(comparison: Comparison) -> Path | None:
    """The figure, where matplotlib is installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        return None
    del mpl
    from lactflow.report.figures import draw_differences

    return draw_differences(comparison)


def _lines(comparison: Comparison, figure: Path | None, legend: list[str]) -> list[str]:
    """The table, by scenario, and how to read it; what the names stand for, where they are not the user's own."""
    from lactflow.cli.summary import typed

    found = comparison.differences
    baseline, *others = comparison.scenarios
    lines = [str(comparison.path)]
    for name in others:
        rows = found[(found["scenario"] == name) & found["difference"].notna()]
        lines += ["", *_table(rows, baseline, name)]
    lines += ["", *legend] if legend else []
    each = f"{found['level'].iloc[0]:.1%}"
    several = f" ({each} each, to be 95% together)" if len(others) > 1 else ""
    lines += [
        "",
        f"Differences from {baseline}, pair by pair; 95% intervals{several}; * leaves out 0.",
        f"With {len(found['measure'].unique())} measures, some intervals leave out 0 by chance.",
        *_pairing(found),
        *_reached(comparison),
        "A model's answer; no medical advice.",
        "",
    ]
    if figure is None:
        lines.append("no figure: it needs matplotlib (pip install 'lactflow[plots]')")
    else:
        lines.append(f"figure: {figure}")
    code = f"import lactflow; print(lactflow.open_comparison({str(comparison.path)!r}).differences)"
    page = f"  {typed('lactflow')} report {quote(str(comparison.path))}"
    return [*lines, "next:", f'  {typed("python")} -c "{code}"', page]


def _table(rows: pd.DataFrame, baseline: str, name: str) -> list[str]:
    from lactflow.analysis.paired import telling

    heading = f"{'':<38}{_short(baseline):>14}{_short(name):>14}{'difference':>12}   interval"
    lines = [heading]
    for row in rows.to_dict("records"):
        digits = _digits(max(abs(row["baseline_mean"]), abs(row["mean"])))
        interval = "-" if isnan(row["low"]) else f"{row['low']:.{digits}f} to {row['high']:.{digits}f}"
        lines.append(
            f"{row['measure']:<38}{row['baseline_mean']:>14.{digits}f}{row['mean']:>14.{digits}f}"
            f"{row['difference']:>+12.{digits}f}   {interval}{' *' if telling(row) else ''}"  # type: ignore[arg-type]
        )
    return lines


def _short(name: str) -> str:
    return name if len(name) <= 13 else f"{name[:12]}~"


def _digits(largest: float) -> int:
    """Digits after the point: three or four that count."""
    return 0 if largest >= 1000.0 else 1 if largest >= 10.0 else 2 if largest >= 1.0 else 3


def _pairing(found: pd.DataFrame) -> list[str]:
    """What shared chance was worth."""
    rows = found[(found["measure"] == _STOPPED_ON) & (found["sd_ratio"] > 0.0)]
    return [
        f"Shared chance: the SD of a difference in {_STOPPED_ON} is {row['sd_paired']:.1f} instead of "
        f"{row['sd_independent']:.1f} with luck of their own ({row['scenario']}; ratio {row['sd_ratio']:.2f})."
        for row in rows.to_dict("records")
    ]


def _reached(comparison: Comparison) -> list[str]:
    """How the stages of `--until-ci` went."""
    stopped = comparison.manifest["stopped_on"]
    if stopped is None:
        return []
    rows = comparison.differences[comparison.differences["measure"] == stopped["measure"]]
    reached = float((rows["high"] - rows["low"]).max() / 2.0)
    if isnan(reached):
        return [f"--until-ci: there are no values of {stopped['measure']} to tell an interval from."]
    wanted = stopped["half_width"]
    missed = "" if reached <= wanted * (1.0 + 1e-9) else ", not reached: it takes more replicates than are played"
    stages = f"{comparison.manifest['pilot']} replicates, then {comparison.manifest['replicates']} in all"
    return [f"--until-ci: {stages}; {stopped['measure']} is known to +- {reached:.3g} (asked: {wanted:g}{missed})."]
