"""`lactflow sensitivity`."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.completion import complete_folders_and_scenarios, complete_measure, complete_quantity
from lactflow.cli.options import scenario_options
from lactflow.cli.progress import shown, stopping_on_signals
from lactflow.cli.tables import Printed, echo, page_width, sentences, table, warn

if TYPE_CHECKING:
    from lactflow.experiments.sensitivity import Sensitivity


@click.command("sensitivity", short_help="Rank the quantities that decide a measure.")
@click.argument("source", metavar="CONFIG|SWEEP", shell_complete=complete_folders_and_scenarios)
@click.option(
    "--quantity",
    "quantities",
    multiple=True,
    metavar="KEY",
    shell_complete=complete_quantity,
    help="What to move: keys, * for parts; all when left out.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME[@DAY]",
    shell_complete=complete_measure,
    help="What to rank by; a day, or FIRST:LAST days. Repeatable.",
)
@click.option(
    "--trajectories", type=click.IntRange(2, 1000), default=10, show_default=True, help="Moves of each quantity."
)
@click.option(
    "--replicates", type=click.IntRange(1, 10_000), default=2, show_default=True, help="Runs of each point, for chance."
)
@click.option(
    "--index",
    type=click.Choice(["delta", "pawn", "rbd_fast"]),
    default="delta",
    show_default=True,
    help="Of a sweep that is no screening.",
)
@click.option("--top", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Rows of each measure.")
@click.option("--cache", metavar="DIR", help="Folder of results that sweeps share.")
@scenario_options
def command(*, source: str, as_json: bool, quiet: bool, top: int, **given: Any) -> None:
    """Rank the quantities that decide a measure.

    Of a CONFIG, declared quantities are moved one at a time within their plausible ranges (Morris), on common random
    numbers: that is a sweep, and `lactflow sweep --resume` continues it. Of the folder of a SWEEP, the points that
    are there are ranked: by elementary effects where they move one quantity at a time, else by an index of the sample.
    The ranking is written into the folder as sensitivity.parquet.

    \b
    Examples:
      lactflow sensitivity on-demand --days 3 --quantity "gland.lumen.*" --trajectories 4 --set resolution=coarse
      lactflow sensitivity "$(ls -d outputs/on-demand-* | tail -n 1)" --measure stored_ml
      lactflow report "$(ls -d outputs/on-demand-* | tail -n 1)"
    """  # noqa: D301 - \b is click's mark
    from lactflow.experiments.sensitivity import USUAL_MEASURES, sensitivity_of

    measures = given.pop("measures")
    if (Path(source) / "plan.parquet").exists():
        found = sensitivity_of(source, measures, given["index"])
    else:
        screened = _screened(source, measures or USUAL_MEASURES, as_json=as_json, quiet=quiet, **given)
        if screened is None:
            return
        found = screened
    if as_json:
        click.echo(json.dumps(_as_object(found), indent=2, allow_nan=False))
        return
    if not quiet:
        for note in found.notes:
            warn(note)
    _print(found, top)


def _screened(source: str, measures: Any, *, as_json: bool, quiet: bool, **given: Any) -> Sensitivity | None:
    """Simulate a screening, with a bar, until a signal comes; None where it is only estimated."""
    from lactflow.experiments.sensitivity import plan_screening, sensitivity_of
    from lactflow.experiments.sweep.campaign import run_sweep
    from lactflow.experiments.sweep.sweep import engine_for

    options = {name: given[name] for name in ("days", "seed", "replicates", "name")}
    plan, _ = plan_screening(source, given["quantities"], measures, given["trajectories"], given["settings"], **options)
    for warning in plan.warnings if not (quiet or as_json) else ():
        warn(warning)
    if given["dry_run"]:
        from lactflow.cli.sweep import print_estimate

        print_estimate(plan, {"executor": None, "as_json": as_json, **given})
        return None
    engine, cache = engine_for(None, given["workers"]), None if given["cache"] is None else Path(given["cache"])
    with stopping_on_signals() as check, shown("screening", quiet=quiet or as_json) as bar:

        def progress(share: float, time_min: float) -> None:
            check(share, time_min)
            bar(share, time_min)

        typed = ["lactflow", *sys.argv[1:]]
        swept = run_sweep(plan, Path(given["out"]), typed, engine, cache=cache, progress=progress)
    return sensitivity_of(swept, measures)


def _as_object(found: Sensitivity) -> dict[str, Any]:
    def plain(frame: Any) -> list[dict[str, Any]]:
        rows = [] if frame is None else json.loads(frame.to_json(orient="records", double_precision=15))
        return [{key: _number(value) for key, value in row.items()} for row in rows]

    return {
        "sweep_dir": str(found.sweep.path),
        "method": found.method,
        "ranking": plain(found.ranking),
        "chance": plain(found.chance),
        "notes": [*found.sweep.manifest["warnings"], *found.notes],
    }


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _print(found: Sensitivity, top: int) -> None:
    """A table for each measure, and what its columns say."""
    from lactflow.experiments.ranking import IN_WORDS, in_words

    for measure in dict.fromkeys(found.ranking["measure"]):
        rows = in_words(found.ranking, measure, top)
        if not rows:
            continue
        rank, key, size, interval, direction, chance = (list(column) for column in zip(*rows, strict=True))
        columns = [
            Printed("", rank, number=True),
            Printed(measure, key),
            Printed("size", size, number=True),
            Printed("95 % interval", interval, number=True),
        ]
        if any(direction):
            columns.append(Printed("", direction))
        if any(chance):
            columns.append(Printed("chance", chance, number=True))
        echo([*table(columns, width=page_width()), ""])
    page = f"As a page: `lactflow report {found.sweep.path}`"
    kept = f"All of it: {found.sweep.path / 'sensitivity.parquet'}"
    echo(sentences([IN_WORDS[found.method], kept, page], width=page_width()))
