"""`lactflow branch`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lactflow.cli.compare import compared, print_estimate, show
from lactflow.cli.completion import complete_scenarios
from lactflow.cli.options import scenario_options
from lactflow.cli.tables import warn

if TYPE_CHECKING:
    from lactflow.config.model import RunConfig


@click.command("branch", short_help="Simulate one past and several futures of it, and compare these.")
@click.argument("past", metavar="CONFIG", shell_complete=complete_scenarios)
@click.argument("futures", nargs=-1, required=True, metavar="FUTURE...", shell_complete=complete_scenarios)
@click.option("--at", "at", type=float, required=True, metavar="DAY", help="Day from which on the futures may differ.")
@click.option("--replicates", type=int, help="Replicates of each future; the default is 10, and 1 for a cohort.")
@click.option("--visits/--no-visits", default=None, help="A row for each packet in every run; the default is none.")
@scenario_options
def command(
    *,
    past: str,
    futures: tuple[str, ...],
    at: float,
    settings: tuple[str, ...],
    visits: bool | None,
    workers: int | None,
    out: str,
    name: str | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    **options: object,
) -> None:
    """Simulate one past and several futures of it, and compare these.

    CONFIG is what all of them do before DAY. Each FUTURE is a whole config that agrees with it until then; the first is
    the baseline, and CONFIG itself is where there is only one. The past is simulated once where futures differ in
    nothing but their schedules, else once for each, and every run is the same to the bit as one from its beginning.

    \b
    Example: from day 35 every four hours, beside every three hours as before
      (lactflow scenarios show every-three-hours
       echo "  - {kind: every, from_day: 35, hours: 4}") > later.yaml
      lactflow branch every-three-hours later.yaml --at 35 --days 10 --replicates 2
    """  # noqa: D301 - \b is click's mark
    from lactflow.experiments.branch import checked_futures, reasons_to_repeat
    from lactflow.recording.files import check_folder

    recording = () if visits is None else (f"record.visits={'true' if visits else 'false'}",)
    scenarios = checked_futures(past, futures, at, ("record.visits=false", *settings, *recording), **options)
    if not quiet and not as_json:
        for label, scenario in scenarios.items():
            for warning in scenario.warnings:
                warn(f"{label}: {warning}")
        for warning in reasons_to_repeat(scenarios):
            warn(warning)
    if dry_run:
        check_folder(Path(out))
        print_estimate(dict(scenarios), as_json=as_json)
        return
    how = {
        "out": out,
        "name": name or f"branch-{next(iter(scenarios))}"[:64],
        "workers": workers,
        "command": ["lactflow", *sys.argv[1:]],
        "one_past": True,
    }
    show(lambda quiet: compared(scenarios, quiet=quiet, **how), as_json=as_json, quiet=quiet)
    about = _about_past(next(iter(scenarios.values())).config, at)
    if about and not as_json and not quiet:
        click.echo(about)


def _about_past(config: RunConfig, at: float) -> str:
    """How many days of the differences are the past, which is the same in all; nothing where it is left out."""
    from_day, to_day = config.start_day + config.record.warm_up_days, config.start_day + config.days
    if at <= from_day:
        return ""
    whole = f"differences are means over days {from_day:g} to {to_day:g}"
    past = f"the shared past, which has none, is {at - from_day:g} of them"
    return f"{whole}, and {past}: --set record.warm_up_days={at - config.start_day:g} leaves it out"
