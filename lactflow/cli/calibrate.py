"""`lactflow calibrate`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.completion import complete_scenarios
from lactflow.cli.failures import retried_in_words
from lactflow.cli.options import needs_config_or_resume, resume_option, scenario_options
from lactflow.cli.progress import shown, stopping_on_signals
from lactflow.cli.tables import Printed, echo, page_width, sentences, table, warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from lactflow.analysis.calibration.axes import Axis
    from lactflow.calibration.plan import Planned
    from lactflow.calibration.result import Calibration
    from lactflow.experiments.work import ShowProgress


@click.command("calibrate", short_help="Find values of quantities that meet a table of targets; resumable.")
@click.argument("config", required=False, shell_complete=complete_scenarios)
@click.option(
    "--quantity",
    "quantities",
    multiple=True,
    metavar="KEY[=LOW:HIGH[:log]]",
    help="What to look for, and where; within its plausible range when no range is given. Repeatable.",
)
@click.option(
    "--targets", metavar="FILE.csv|validate", help="Table of targets; validate: the published ones of that command."
)
@click.option("--target", multiple=True, metavar="ID", help="Fit to these targets of the table only. Repeatable.")
@click.option("--held-out", multiple=True, metavar="ID", help="Do not fit to this target; report it. Repeatable.")
@click.option("--trials", type=click.IntRange(1, 100_000), default=100, show_default=True, help="Points to try.")
@click.option(
    "--replicates", type=click.IntRange(1, 10_000), help="Runs of each trial with other random numbers; as CONFIG says."
)
@click.option("--mothers", type=click.IntRange(1, 10_000), help="Mothers of a cohort in each trial; as CONFIG says.")
@click.option(
    "--batch",
    type=click.IntRange(1, 1000),
    default=4,
    show_default=True,
    help="Trials that are proposed at once. The points depend on it, and not on --workers.",
)
@resume_option("Resume a calibration; without CONFIG.")
@scenario_options
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Find values of quantities with which the model meets a table of targets, and what the targets leave open.

    A trial is all mothers and replicates of CONFIG with one value for each quantity, on the same random numbers as all
    other trials. The table has columns id, observable (a measure), value, sd, and where they are needed day, statistic
    (mean, or sd or cv between mothers), weight, use (fit or check). The folder gets tables of trials, targets, profiles
    and of what they cannot distinguish, and calibrated.yaml, a config with the result. It needs Optuna and
    scikit-learn: pip install 'lactflow[calibrate]'.

    \b
    Examples:
      lactflow calibrate on-demand --quantity gland.lumen.capacity_ml --quantity infants.0.appetite --targets t.csv
      lactflow calibrate on-demand --quantity gland.tight_junctions.healthy_leak --targets validate --dry-run
      lactflow calibrate --resume "$(ls -d outputs/on-demand-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    needs_config_or_resume(ctx, "config", given["resume"])
    silent = given["quiet"] or given["as_json"]
    if given["resume"] is not None:
        from lactflow.calibration.calibrate import resume_calibration

        found = _shown(lambda progress: resume_calibration(given["resume"], given["workers"], progress), quiet=silent)
    else:
        planned = _planned(ctx, given)
        for warning in () if silent else planned.warnings:
            warn(warning)
        if given["dry_run"]:
            _print_estimate(planned, given)
            return
        from lactflow.calibration.calibrate import run_calibration

        out, typed = Path(given["out"]), ["lactflow", *sys.argv[1:]]
        found = _shown(lambda progress: run_calibration(planned, out, typed, given["workers"], progress), quiet=silent)
    if given["as_json"]:
        from lactflow.calibration.calibrate import summary_of

        click.echo(json.dumps(summary_of(found), indent=2, allow_nan=False))
        return
    if not given["quiet"]:
        for line in retried_in_words(found.manifest):
            warn(line)
    _print(found)


def _planned(ctx: click.Context, given: dict[str, Any]) -> Planned:
    """The options, checked."""
    from lactflow.calibration.plan import plan_calibration

    if given["targets"] is None:
        option = next(each for each in ctx.command.params if each.name == "targets")
        raise click.MissingParameter(ctx=ctx, param=option)
    names = ("target", "held_out", "trials", "replicates", "mothers", "batch", "settings", "days", "seed", "name")
    return plan_calibration(
        given["config"], given["quantities"], given["targets"], **{name: given[name] for name in names}
    )


def _shown(calibrate: Callable[[ShowProgress], Calibration], *, quiet: bool) -> Calibration:
    """Carry a calibration out, with a bar, until a signal comes."""
    with stopping_on_signals() as check, shown("calibration", quiet=quiet) as bar:

        def progress(share: float, time_min: float) -> None:
            check(share, time_min)
            bar(share, time_min)

        return calibrate(progress)


def _print_estimate(planned: Planned, given: dict[str, Any]) -> None:
    """What it will take."""
    from lactflow.calibration.trying import estimate
    from lactflow.experiments.crew import cores
    from lactflow.recording.files import check_folder

    check_folder(Path(given["out"]))
    workers = given["workers"] or cores()
    with stopping_on_signals() as check:
        expected = estimate(planned, workers, check)
    fitted = [each.id for each in planned.objective.targets if each.fitted]
    held_out = [each.id for each in planned.objective.targets if not each.fitted]
    if given["as_json"]:
        answer = {
            "dry_run": True,
            "estimate": expected._asdict(),
            "fitted": fitted,
            "held_out": held_out,
            "warnings": planned.warnings,
        }
        click.echo(json.dumps(answer, indent=2))
        return
    name, took = planned.scenario.config.name, f"{expected.cpu_hours:,.3g} core-hours, {expected.wall_s:,.0f} s"
    lines = [
        f"{name}: {expected.trials:,} trials, {expected.units:,} runs; nothing is wrong with it",
        f"Looked for: {'; '.join(_range_in_words(axis) for axis in planned.plan.axes)}",
        f"Fitted to: {', '.join(fitted)}",
        *([f"Held out, and reported beside the result: {', '.join(held_out)}"] if held_out else []),
        f"About {took} with {workers} workers, by one run that was simulated; nothing was written",
    ]
    echo(sentences(lines, width=page_width()))


def _range_in_words(axis: Axis) -> str:
    """A quantity with its range."""
    scale = ", by factors" if axis.logarithmic else ""
    return f"{axis.key}, {axis.low:.4g} to {axis.high:.4g} {axis.unit}".rstrip() + scale


def _print(found: Calibration) -> None:
    """Quantities, targets, what cannot be distinguished, where the config is."""
    from lactflow.config.text import counted

    width = page_width()
    quantities = found.quantities.to_dict("records")
    columns = [
        Printed("quantity", [row["key"] for row in quantities]),
        Printed("found", [f"{row['value']:.4g}" for row in quantities], number=True),
        Printed("95 % interval", [f"{row['low']:.4g} to {row['high']:.4g}" for row in quantities], number=True),
        Printed("range", [f"{row['range_low']:.4g} to {row['range_high']:.4g}" for row in quantities], number=True),
        Printed("unit", [row["unit"] for row in quantities]),
        Printed("", [row["verdict"] for row in quantities]),
    ]
    echo([*table(columns, width=width), ""])
    for use, heading in (("fitted", "fitted to"), ("held out", "not fitted to")):
        rows = found.targets[found.targets["use"] == use].to_dict("records")
        if rows:
            echo([*table(_of_targets(heading, rows), width=width), ""])
    manifest = found.manifest
    fitted = int((found.targets["use"] == "fitted").sum())
    tried = f"{len(found.trials):,} trials, {manifest['failed']:,} failed"
    lines = [
        *manifest["words"],
        *manifest["notes"],
        f"Loss {manifest['loss']:.4g} over {counted(fitted, 'target')}; {tried}, in {found.path}",
        f"A config with these values: {found.config}",
    ]
    echo(sentences(lines, width=width))


def _of_targets(heading: str, rows: list[Any]) -> list[Printed]:
    """Columns of a table of targets."""
    return [
        Printed(heading, [row["id"] for row in rows]),
        Printed("observable", [row["observable"] for row in rows]),
        Printed("target", [f"{row['value']:.4g}" for row in rows], number=True),
        Printed("SD", [f"{row['sd']:.3g}" for row in rows], number=True),
        Printed("model", [f"{row['model']:.4g}" for row in rows], number=True),
        Printed("z", [f"{row['z']:+.2f}" for row in rows], number=True),
    ]
