"""`lactflow run`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lactflow.cli.options import complete_scenarios, scenario_options
from lactflow.cli.progress import shown, stopping_on_signals
from lactflow.cli.tables import echo, page_width, sentences, warn
from lactflow.errors import SomeUnitsFailedError

if TYPE_CHECKING:
    from lactflow.analysis.run import Run
    from lactflow.config.scenario import Scenario


@click.command("run", short_help="Simulate a scenario and write a run directory.")
@click.argument("config", shell_complete=complete_scenarios)
@click.option("--replicates", type=int, help="Runs of the same scenario with other random numbers.")
@click.option("--no-visits", is_flag=True, help="No row for each packet; all other tables stay.")
@scenario_options
def command(
    *,
    config: str,
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

    \b
    Examples:
      lactflow run every-three-hours --days 2
      lactflow run every-three-hours --days 1 --set gland.lumen.capacity_ml=150 --dry-run
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.scenario import load_scenario
    from lactflow.recording.files import check_folder

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
    try:
        run = _simulated(scenario, Path(out), workers, quiet=quiet or as_json)
    except SomeUnitsFailedError as error:
        if not as_json:
            _print_what_is_whole(error, scenario)
        raise
    _print(run, scenario, as_json=as_json)


def _simulated(scenario: Scenario, out: Path, workers: int | None, *, quiet: bool) -> Run:
    from lactflow.experiments.run import run_scenario

    with stopping_on_signals() as stop, shown(scenario.config.name, quiet=quiet) as show:

        def progress(fraction: float, simulated_min: float) -> None:
            stop(fraction, simulated_min)
            show(fraction, simulated_min)

        return run_scenario(scenario, out, ["lactflow", *sys.argv[1:]], progress, workers=workers)


def _print(run: Run, scenario: Scenario, *, as_json: bool) -> None:
    from lactflow.analysis.stages import overview
    from lactflow.cli.summary import as_lines, as_object

    found = overview(run, scenario.config.record.warm_up_days, config=scenario.config.model_dump(by_alias=True))
    if as_json:
        click.echo(json.dumps(as_object(run, scenario, found), indent=2, allow_nan=False))
    else:
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
