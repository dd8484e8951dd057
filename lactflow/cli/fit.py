"""`lactflow fit`."""

from __future__ import annotations

import json
import sys
import warnings
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.progress import shown, stopping_on_signals

if TYPE_CHECKING:
    from lactflow.experiments.fitting import Fit

_UNLIKE = 0.99
"""Further away than this share of virtual mothers, she is unlike them."""


@click.command("fit", short_help="Find what a log with volumes tells of a mother.")
@click.argument("log", type=click.Path())
@click.option("--start-day", type=float, help="Day of the log's first date; 1, that of birth, when left out.")
@click.option("--mothers", type=int, default=300, show_default=True, help="Virtual mothers to learn from.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="What else is known of her; repeatable.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that share the work; all cores when left out.")
@click.option("--out", default="outputs", show_default=True, metavar="DIR", help="Folder for what is written.")
@click.option("--name", help="First part of the name of what is written.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else.")
@click.option("--quiet", is_flag=True, help="No progress, no warnings.")
def command(
    *,
    log: str,
    start_day: float | None,
    mothers: int,
    settings: tuple[str, ...],
    workers: int | None,
    out: str,
    name: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find what a feeding log with volumes tells of the gland of its mother.

    Virtual mothers, who differ as women do, keep the log; what their volumes say of their traits is learned and applied
    to hers. Tells each trait with a 95 % interval, or that the log cannot tell it, and writes a config that plays her.
    A log of two weeks takes some minutes. It needs scikit-learn: pip install 'lactflow[calibrate]'.

    \b
    Examples:
      lactflow fit my-log.csv --start-day 40
      lactflow fit my-log.csv --start-day 40 --set infants.0.birth_weight_kg=2.9
    """  # noqa: D301 - \b is click's mark
    from lactflow.errors import ScenarioWarning
    from lactflow.experiments.fit import fit

    with (
        stopping_on_signals() as check,
        shown("fit", quiet=quiet or as_json) as show,
        warnings.catch_warnings(action="ignore", category=ScenarioWarning),  # told below, in this command's own way
    ):

        def progress(fraction: float, simulated_min: float) -> None:
            check(fraction, simulated_min)
            show(fraction, simulated_min)

        found = fit(
            log, start_day=start_day, mothers=mothers, settings=settings, out=out, name=name, workers=workers,
            progress=progress, command=["lactflow", *sys.argv[1:]],
        )  # fmt: skip
    if not quiet and not as_json:
        for warning in found.manifest["warnings"]:
            click.secho(f"warning: {warning}", fg="yellow", err=True)
    if as_json:
        click.echo(json.dumps(_as_object(found), indent=2, allow_nan=False))
    else:
        click.echo("\n".join(_lines(found)))


def _as_object(found: Fit) -> dict[str, Any]:
    told = {key: found.manifest[key] for key in ("mothers", "volumes", "recorded_ml", "bias_ml", "sd_ml", "distance")}
    return {
        "fit_dir": str(found.path),
        "status": found.status,
        "config": str(found.config),
        "warnings": found.manifest["warnings"],
        **told,
        "traits": found.traits.to_dict("records"),
    }


def _lines(found: Fit) -> list[str]:
    """The table, what it rests on, and what to ask next."""
    from lactflow.cli.summary import typed

    program, told, config = typed("lactflow"), found.manifest, quote(str(found.config))
    rows = found.traits.to_dict("records")
    lines = [str(found.path), "", f"{'':<24}{'she':>10}  {'95% interval':<20}{'usual':>8}"]
    for row in (row for row in rows if row["identified"]):
        interval = f"{row['low']:.4g} to {row['high']:.4g}"
        what = f"{row['key']} [{row['unit']}]" if row["unit"] else row["key"]
        lines.append(f"{row['trait']:<24}{row['value']:>10.4g}  {interval:<20}{row['reference']:>8.4g}  {what}")
    unknown = [row["trait"] for row in rows if not row["identified"]]
    if len(unknown) == len(rows):
        lines.append("nothing that tells her from other women")
    lines += [
        "",
        f"Not identifiable from this log: {', '.join(unknown) or 'nothing'}.",
        "Of each of these it leaves more than three quarters of what women differ by. Some are told together only:",
        "the config has the values of all traits that are most probable together.",
        f"Learned from {told['mothers']} virtual mothers who kept the log.",
        f"It has {told['volumes']} volumes of {told['recorded_ml']:.0f} mL on average.",
        f"The fitted mother gives {told['bias_ml']:+.1f} mL a volume, with an SD of {told['sd_ml']:.1f} mL.",
    ]
    if told["distance"] > _UNLIKE:
        far = f"{told['distance']:.0%} of the virtual mothers"
        lines.append(f"Her volumes are further from the usual than those of {far}: is --start-day right?")
    gap = 'night_gap: {from: "23:00", to: "06:00"}'
    often, seldom = ("on_demand",) * 2 if told["fed"] else ("pump, per_day: 7", "pump, per_day: 5")
    nights = f"schedule=[{{kind: {often}}}],[{{kind: {seldom}, {gap}}}]"
    return [
        *lines,
        "A model's answer; no medical advice.",
        "",
        "next: play her, and ask what she would give without the night",
        f"  {program} run {config}",
        f"  {program} compare {config} --days 30 --vary '{nights}'",
    ]
