"""`lactflow run`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lactflow.cli.completion import complete_scenarios
from lactflow.cli.failures import retried_in_words
from lactflow.cli.options import needs_config_or_resume, resume_option, scenario_options
from lactflow.cli.progress import ShowProgress, shown, stopping_on_signals
from lactflow.cli.tables import echo, page_width, sentences, warn
from lactflow.errors import SomeUnitsFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lactflow.analysis.run import Run
    from lactflow.config.scenario import Scenario


@click.command("run", short_help="Simulate a scenario and write a run directory.")
@click.argument("config", required=False, metavar="CONFIG", shell_complete=complete_scenarios)
@click.option("--replicates", type=int, help="Runs of the same scenario with other random numbers.")
@click.option("--no-visits", is_flag=True, help="No row for each packet; all other tables stay.")
@resume_option("Resume a run that was killed, interrupted or failed; alone.")
@scenario_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    config: str | None,
    resume: str | None,
    settings: tuple[str, ...],
    workers: int | None,
    out: str,
    no_visits: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    **options: object,
) -> None:
    """Simulate a scenario: a YAML file, or the name of a shipped one.

    Writes a run directory below DIR and prints what came out. A key of --set is a dotted path, as
    `lactflow parameters` lists them.

    --resume takes the directory of a run that did not end well, and beside it only --workers, --json and --quiet.
    Replicates and mothers that were simulated to their end are kept, the others begin again.

    \b
    Examples:
      lactflow run every-three-hours --days 2
      lactflow run every-three-hours --days 1 --set gland.lumen.capacity_ml=150 --dry-run
      lactflow run --resume "$(ls -d outputs/every-three-hours-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.scenario import load_scenario
    from lactflow.recording.files import check_folder

    needs_config_or_resume(ctx, "config", resume)
    if resume is not None:
        _resume(Path(resume), workers, as_json=as_json, quiet=quiet)
        return
    assert config is not None
    # After the user's own settings: `--set record.visits=true` does not undo what `--no-visits` says.
    settings = (*settings, "record.visits=false") if no_visits else settings
    scenario = load_scenario(config, settings, **options)
    if not quiet and not as_json:
        for warning in scenario.warnings:
            warn(warning)
    if dry_run:
        check_folder(Path(out))
        _print_estimate(scenario, as_json=as_json)
        return
    from lactflow.experiments.run import run_scenario

    typed = ["lactflow", *sys.argv[1:]]
    _show(
        lambda progress: run_scenario(scenario, Path(out), typed, progress, workers=workers),
        scenario.config.name,
        lambda: scenario,
        as_json=as_json,
        quiet=quiet,
    )


def _resume(path: Path, workers: int | None, *, as_json: bool, quiet: bool) -> None:
    """Resume a run."""
    from lactflow.config.scenario import load_scenario
    from lactflow.experiments.run import resume_run
    from lactflow.recording.manifest import CONFIG, read_manifest

    if read_manifest(path)[1] == "complete" and not (as_json or quiet):
        click.echo(f"{path} is complete: nothing was simulated", err=True)
    _show(
        lambda progress: resume_run(path, progress, workers=workers),
        path.name,
        lambda: load_scenario(path / CONFIG),
        as_json=as_json,
        quiet=quiet,
    )


def _show(
    simulated: Callable[[ShowProgress], Run],
    name: str,
    scenario: Callable[[], Scenario],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Simulate with a bar, until a signal comes, and print what came out; what is whole too, where some failed."""
    try:
        with stopping_on_signals() as stop, shown(name, quiet=quiet or as_json) as show:

            def progress(fraction: float, simulated_min: float) -> None:
                stop(fraction, simulated_min)
                show(fraction, simulated_min)

            run = simulated(progress)
    except SomeUnitsFailedError as error:
        if not as_json:
            _print_what_is_whole(error, scenario())
        raise
    _print(run, scenario(), as_json=as_json, quiet=quiet)


def _print(run: Run, scenario: Scenario, *, as_json: bool, quiet: bool) -> None:
    from lactflow.analysis.stages import overview
    from lactflow.cli.summary import as_lines, as_object
    from lactflow.experiments.outcome import outcome_warnings

    found = overview(run, scenario.config.record.warm_up_days, config=scenario.config.model_dump(by_alias=True))
    if as_json:
        click.echo(json.dumps(as_object(run, scenario, found), indent=2, allow_nan=False))
    else:
        odd = [] if quiet else outcome_warnings(run, scenario)
        for line in (*retried_in_words(run.manifest), *odd):
            warn(line)
        echo(as_lines(run, scenario, found))


def _print_what_is_whole(error: SomeUnitsFailedError, scenario: Scenario) -> None:
    """The summary of the units of work that did not fail."""
    from lactflow.analysis.run import open_run
    from lactflow.analysis.stages import overview
    from lactflow.cli.summary import as_lines

    if error.kept is None:
        return
    run = open_run(str(error.kept))
    whole = [unit for unit in run.spans_min if unit not in error.failed]
    if whole:
        found = overview(run, scenario.config.record.warm_up_days, whole)
        echo(as_lines(run, scenario, found, failed=len(error.failed)))


def _print_estimate(scenario: Scenario, *, as_json: bool) -> None:
    from lactflow.cli.estimate import estimate
    from lactflow.cli.summary import extent

    expected = estimate(scenario.config)
    if as_json:
        click.echo(
            json.dumps({"dry_run": True, "estimate": expected._asdict(), "warnings": list(scenario.warnings)}, indent=2)
        )
        return
    lines = [
        f"{scenario.config.name}: {extent(scenario.config)}, seed {scenario.config.seed}; nothing is wrong with it",
        f"about {expected.visit_rows:,} rows of visits and {expected.other_rows:,} of other tables",
        f"about {expected.disk_bytes / 1e6:,.1f} MB on disk, {expected.wall_s:,.0f} s; nothing was run or written",
    ]
    echo(sentences(lines, width=page_width()))
