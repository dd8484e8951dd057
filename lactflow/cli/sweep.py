"""`lactflow sweep`, and `work`, `status` and `close` below it."""

from __future__ import annotations

import json
import re
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from lactflow.cli.completion import (
    complete_folders,
    complete_measure,
    complete_record,
    complete_sampled,
    complete_scenarios,
    complete_varied,
)
from lactflow.cli.options import resume_option, scenario_options
from lactflow.cli.progress import shown_by_phase, stopping_on_signals
from lactflow.cli.tables import echo, page_width, sentences, warn
from lactflow.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from lactflow.experiments.sweep.plan import Planned
    from lactflow.experiments.sweep.results import Sweep
    from lactflow.experiments.sweep.status import Counts

_WITH_RESUME = {"resume", "executor", "workers", "cache", "as_json", "quiet"}
"""Options that change nothing about the results."""


class _SweepGroup(click.Group):
    """`sweep CONFIG` and `sweep work DIR`: what is no command below it is a config."""

    start: click.Command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of a command below it, or of the sweep itself."""
        if args and args[0] in self.commands:
            return super().make_context(info_name, args, parent, **extra)
        return self.start.make_context(info_name, args, parent, **extra)


@click.group("sweep", cls=_SweepGroup, short_help="Simulate many points, on any number of machines; resumable.")
def command() -> None:
    """Work on a sweep, see how far it is, or merge its files.

    \b
    Example:
      lactflow sweep status "$(ls -d outputs/every-three-hours-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark


@click.command("sweep", short_help="Simulate many points, on any number of machines; resumable.")
@click.argument("config", required=False, shell_complete=complete_scenarios)
@click.option(
    "--vary",
    multiple=True,
    metavar="KEY=A,B,C",
    shell_complete=complete_varied,
    help="Values of a key; several make a grid. Repeatable.",
)
@click.option(
    "--sample",
    multiple=True,
    metavar="KEY=LOW:HIGH[:log]",
    shell_complete=complete_sampled,
    help="Draw values of a key from a range. Repeatable.",
)
@click.option("--n", type=click.IntRange(1, 10_000_000), help="Points drawn from the ranges of --sample.")
@click.option("--design", metavar="NAME", help="How they are drawn: lhs (the default), sobol or random.")
@click.option("--points", metavar="FILE.csv", help="Points from a file whose columns are keys.")
@click.option(
    "--cohort", type=click.IntRange(1, 100_000), metavar="N", help="Mothers of a virtual cohort at each point."
)
@click.option("--replicates", type=int, help="Runs of each point with other random numbers.")
@click.option(
    "--record",
    default="measures",
    show_default=True,
    metavar="WHAT",
    shell_complete=complete_record,
    help="measures, full, or TABLE,...",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME@DAY",
    shell_complete=complete_measure,
    help="A measure of a day, or of days FIRST:LAST, beside those of the whole run. Repeatable.",
)
@click.option("--no-visits", is_flag=True, help="No row for each packet, where tables are recorded.")
@click.option(
    "--executor", metavar="WHO", help="local[:N] (the default), dask, dask://host:port, or none: only the plan."
)
@click.option("--cache", metavar="DIR", help="Folder of results that sweeps share: nothing in it is simulated again.")
@resume_option("Resume a sweep; without CONFIG.")
@scenario_options
@click.pass_context
def _start(ctx: click.Context, /, **given: Any) -> None:
    """Simulate a scenario at many points: a grid (--vary), a sample (--sample), a table (--points), or all
    combinations of these. Results go into one folder below DIR, in few files; a sweep that was stopped is resumed with
    --resume, and several machines work on one with `lactflow sweep work`.

    Commands below it: `lactflow sweep work DIR`, `lactflow sweep status DIR`, `lactflow sweep close DIR`.

    \b
    Examples:
      lactflow sweep every-three-hours --days 2 --vary gland.lumen.capacity_ml=120,180,240 --replicates 2
      lactflow sweep every-three-hours --days 2 --sample gland.lumen.capacity_ml=100:300 --n 50 --dry-run
    """  # noqa: D301 - \b is click's mark
    from lactflow.experiments.sweep.sweep import engine_for

    _check_given(ctx, given)
    engine = engine_for(given["executor"], given["workers"])
    silent = given["quiet"] or given["as_json"]
    if given["resume"] is not None:
        from lactflow.experiments.sweep.campaign import resume_sweep

        _shown(lambda shown: resume_sweep(given["resume"], engine, cache=_path(given["cache"]), **shown), given)
        return
    plan = _planned(given)
    if not silent:
        for warning in plan.warnings:
            warn(warning)
    if given["dry_run"]:
        print_estimate(plan, given)
        return
    from lactflow.experiments.sweep.campaign import run_sweep

    command_line = ["lactflow", *sys.argv[1:]]
    out, cache = Path(given["out"]), _path(given["cache"])
    _shown(lambda shown: run_sweep(plan, out, command_line, engine, cache=cache, **shown), given)


command.start = _start


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def _check_given(ctx: click.Context, given: dict[str, Any]) -> None:
    """A config, or a sweep to resume and nothing that would change it."""
    if given["resume"] is None:
        if given["config"] is None:
            raise click.UsageError("Missing argument 'CONFIG'.", ctx)
        return
    if given["config"] is not None:
        raise ConfigError(
            Problem(f"resumes a sweep as it was planned (allowed: without {given['config']})", "--resume")
        )
    names = {option.name: option.opts[0] for option in ctx.command.params}
    changing = [
        names[name]
        for name in given
        if name not in _WITH_RESUME and ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
    ]
    if changing:
        raise ConfigError(
            *(Problem("would change what was planned (allowed: without it, or a new sweep)", name) for name in changing)
        )


def _planned(given: dict[str, Any]) -> Planned:
    from lactflow.experiments.sweep.sweep import plan_sweep

    settings = [*given["settings"], *(["record.visits=false"] if given["no_visits"] else [])]
    names = (
        "vary",
        "sample",
        "points",
        "n",
        "design",
        "cohort",
        "record",
        "measures",
        "days",
        "seed",
        "replicates",
        "name",
    )
    return plan_sweep(given["config"], settings=settings, **{name: given[name] for name in names})


def _shown(sweep_with: Callable[[dict[str, Any]], Sweep], given: dict[str, Any]) -> None:
    """Carry a sweep out, with a bar, and print how it ended."""
    from lactflow.errors import SomeUnitsFailedError

    with ExitStack() as open_:
        stop = open_.enter_context(stopping_on_signals())
        bar = open_.enter_context(shown_by_phase("sweep", quiet=given["quiet"] or given["as_json"]))

        def progress(share: float, time_min: float) -> None:
            stop(share, time_min)
            bar(share, time_min)

        try:
            sweep = sweep_with({"progress": progress, "phase": bar.begin})
        except SomeUnitsFailedError as error:
            if given["as_json"] and isinstance(error.kept, Path):
                from lactflow.experiments.sweep.status import status

                click.echo(
                    json.dumps(_object(error.kept, status(error.kept)[0]) | {"exit_code": error.exit_code}, indent=2)
                )
                sys.exit(error.exit_code)
            raise
    for each in sweep.manifest.get("retried", []) if not (given["quiet"] or given["as_json"]) else []:
        warn(f"{each['units']}: given again, {each['reason']}")
    _print(sweep.path, sweep.counts, as_json=given["as_json"])


def _object(path: Path, counts: Counts) -> dict[str, Any]:
    return {
        "sweep_dir": str(path),
        "status": counts.status,
        "units": counts.units,
        "complete": counts.complete,
        "failed": counts.failed,
        "remaining": counts.remaining,
        "cpu_s": counts.cpu_s,
        "files": counts.files,
        "branched": counts.branched,
    }


def _print(path: Path, counts: Counts, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_object(path, counts), indent=2))
        return
    from lactflow.config.text import counted

    complete = f"{counts.complete:,} of {counted(counts.units, 'unit is', 'units are')} complete"
    lines = [
        f"{complete}, {counts.failed:,} failed: {counts.status}",
        f"{counts.cpu_s:,.0f} s of CPU time; {counted(counts.files, 'file')} of results in {path}",
    ]
    if counts.branched:
        lines.append(f"{counted(counts.branched, 'unit')} shared a simulated past with others")
    if counts.status == "complete":
        lines.append(f"Read them with lactflow.open_sweep({path.as_posix()!r}).results")
    else:
        lines.append(f"`lactflow sweep work {path} --shard 1/2` and 2/2 would do it on two machines")
    echo(sentences(lines, width=page_width()))


def print_estimate(plan: Planned, given: dict[str, Any]) -> None:
    """
    Print what a sweep will take.

    Parameters
    ----------
    plan
        The sweep.
    given
        What was typed: `out`, `executor`, `workers`, `as_json`.
    """
    from lactflow.config.text import counted
    from lactflow.experiments.crew import cores
    from lactflow.experiments.sweep.estimate import estimate
    from lactflow.recording.files import check_folder

    check_folder(Path(given["out"]))
    local = re.fullmatch(r"local:([0-9]+)", given["executor"] or "")
    workers = given["workers"] or (int(local[1]) if local else cores())
    with stopping_on_signals() as stop:
        expected = estimate(plan, workers, stop)
    if given["as_json"]:
        shown = {"dry_run": True, "estimate": expected._asdict(), "warnings": plan.warnings}
        click.echo(json.dumps(shown, indent=2))
        return
    points, units = plan.about["points"], plan.about["units"]
    what = f"{counted(points, 'point')}, {counted(units, 'unit')}, {expected.units:,} of them different"
    took = f"about {expected.cpu_hours:,.3g} core-hours, {expected.wall_s:,.0f} s with {counted(workers, 'worker')}"
    lines = [
        f"{plan.name}: {what}; nothing is wrong with it",
        f"{took}, by a few units that were simulated",
        f"about {counted(expected.files, 'file')} and {expected.disk_bytes / 1e6:,.1f} MB on disk; nothing was written",
    ]
    echo(sentences(lines, width=page_width()))


def _shard(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text.strip())
    part, of = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= part <= of:
        raise ConfigError(Problem(f"{text!r} is no shard (allowed: 1/N to N/N, such as 2/8)", "--shard"))
    return part, of


@command.command("work")
@click.argument("directory", metavar="DIR", shell_complete=complete_folders)
@click.option("--shard", default="1/1", show_default=True, metavar="I/N", help="Which of N equal parts, from 1.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--quiet", is_flag=True, help="No progress.")
def _work(*, directory: str, shard: str, as_json: bool, quiet: bool) -> None:
    """Simulate units of a sweep in this process: one of many, on machines that share the folder.

    A planned sweep comes from `lactflow sweep CONFIG ... --executor none`. Units that are done are passed over, so a
    shard that was stopped can be started again, and shards of another number may be mixed. Exit code 3 where units
    failed.

    \b
    Example:
      lactflow sweep work "$(ls -d outputs/every-three-hours-* | tail -n 1)" --shard 1/2
    """  # noqa: D301 - \b is click's mark
    from lactflow.cli.progress import shown
    from lactflow.experiments.sweep.shard import work_on_shard

    part, of = _shard(shard)
    with stopping_on_signals() as stop, shown(f"shard {part} of {of}", quiet=quiet or as_json) as bar:

        def progress(share: float, time_min: float) -> None:
            stop(share, time_min)
            bar(share, time_min)

        counts = work_on_shard(Path(directory), part, of, progress)
    if as_json:
        click.echo(json.dumps({"sweep_dir": directory, "shard": f"{part}/{of}", **counts}, indent=2))
    else:
        from lactflow.config.text import counted

        done = f"{counted(counts['done'], 'unit')} simulated"
        others = [f"{counts[name]:,} {word}" for name, word in _WORDS.items() if counts[name]]
        click.echo(f"shard {part} of {of}: {', '.join([done, *others])}")
    if counts["failed"]:
        sys.exit(3)


_WORDS = {"cached": "from the cache", "passed": "done before", "failed": "failed"}


@command.command("status")
@click.argument("directory", metavar="DIR", shell_complete=complete_folders)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def _status(*, directory: str, as_json: bool) -> None:
    """Show how far a sweep is, from what its workers have written.

    \b
    Example:
      lactflow sweep status "$(ls -d outputs/every-three-hours-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    from lactflow.experiments.sweep.status import status

    counts, failures = status(directory)
    if as_json:
        click.echo(json.dumps(_object(Path(directory), counts) | {"failures": failures}, indent=2))
        return
    from lactflow.config.text import counted

    click.echo(
        f"{counts.status}: {counts.complete:,} of {counted(counts.units, 'unit')} complete, {counts.failed:,} failed, "
        f"{counts.remaining:,} to do; {counts.cpu_s:,.0f} s of CPU time, {counted(counts.files, 'file')} of results"
    )
    for line in failures:
        click.secho(line, fg="red", err=True)


@command.command("close")
@click.argument("directory", metavar="DIR", shell_complete=complete_folders)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def _close(*, directory: str, as_json: bool) -> None:
    """Merge the files of a sweep into few large ones, sorted by unit.

    It may be stopped at any time, and workers may continue meanwhile; nothing is lost or counted twice. A sweep that is
    closed can be resumed.

    \b
    Example:
      lactflow sweep close "$(ls -d outputs/every-three-hours-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    from lactflow.experiments.sweep.close import close

    found = close(directory)
    if as_json:
        click.echo(json.dumps({"sweep_dir": directory, **found._asdict()}, indent=2))
    else:
        from lactflow.config.text import counted

        click.echo(f"{counted(found.before, 'file')} before, {found.after:,} now")
