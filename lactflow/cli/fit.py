"""`lactflow fit`."""

from __future__ import annotations

import json
import sys
import warnings
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.completion import complete_setting
from lactflow.cli.failures import retried_in_words
from lactflow.cli.progress import shown, stopping_on_signals
from lactflow.cli.tables import warn
from lactflow.systems import shell_word

if TYPE_CHECKING:
    from lactflow.experiments.fitting import Fit

_UNLIKE = 0.99
"""Further away than this share of virtual mothers, she is unlike them."""
_SCATTERED = 1.5
"""Times the scatter of virtual mothers."""
_MOST_LEFT_OUT = 10
"""Volumes that are left out, listed one by one."""


_NOT_IDENTIFIED = "not identifiable: posterior spread exceeds three quarters of the spread between women"
_DEFAULT_MOTHERS = 300


@click.command("fit", short_help="Find what a log with volumes shows about a mother.")
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--start-day",
    "start_days",
    type=float,
    multiple=True,
    help="Day of lactation of the log's first date, 1 being that of birth; once for all logs, or once for each of them "
    "in their order. When left out: what the config beside a log says, as `lactflow import --init` writes it, else 1.",
)
@click.option("--mothers", type=int, default=_DEFAULT_MOTHERS, show_default=True, help="Virtual mothers to learn from.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=complete_setting,
    help="What else is known of her; repeatable.",
)
@click.option(
    "--hold-out",
    metavar="SPAN",
    help="Leave the end of the log out (3d, 72h), forecast it, and compare with two simple forecasts.",
)
@click.option("--unit", metavar="mL", help="`mL` says that volumes are millilitres though they look like ounces.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that share the work; the default is all cores.")
@click.option("--out", default="outputs", show_default=True, metavar="DIR", help="Folder for what is written.")
@click.option("--name", help="First part of the name of what is written.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else.")
@click.option("--quiet", is_flag=True, help="No progress, no warnings.")
def command(
    *,
    logs: tuple[str, ...],
    start_days: tuple[float, ...],
    mothers: int,
    settings: tuple[str, ...],
    hold_out: str | None,
    unit: str | None,
    workers: int | None,
    out: str,
    name: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find what a feeding log with volumes shows about the gland of its mother.

    Virtual mothers, who differ as women do, keep the log; what their volumes show about their traits is learned and
    applied to hers. Prints each trait with a 95 % interval, or that the log cannot identify it, and writes a config
    that simulates her. Volumes that do not go with the others (an added zero) are left out and listed. Several logs are
    of one mother each. A log of two weeks takes some minutes. It needs scikit-learn: pip install 'lactflow[calibrate]'.

    \b
    Examples:
      lactflow fit my-log.csv --start-day 40
      lactflow fit my-log.csv --start-day 40 --hold-out 3d
      lactflow fit my-log.csv --start-day 40 --set infants.0.birth_weight_kg=2.9
    """  # noqa: D301 - \b is click's mark
    from lactflow.errors import ScenarioWarning
    from lactflow.experiments.fit import fit

    with (
        stopping_on_signals() as check,
        shown("fit", quiet=quiet or as_json) as show,
        warnings.catch_warnings(),
    ):
        # At once and in this command's own way: a fit on the wrong day takes minutes.
        warnings.simplefilter("ignore" if quiet or as_json else "always", ScenarioWarning)
        warnings.showwarning = _show_warning

        def progress(fraction: float, simulated_min: float) -> None:
            check(fraction, simulated_min)
            show(fraction, simulated_min)

        found = fit(
            logs[0] if len(logs) == 1 else logs,
            start_day=start_days or None,
            mothers=mothers,
            settings=settings,
            hold_out=hold_out,
            unit=unit,
            out=out,
            name=name,
            workers=workers,
            progress=progress,
            command=["lactflow", *sys.argv[1:]],
        )
    if not quiet and not as_json:
        for line in (line for each in _each(found) for line in retried_in_words(each.manifest)):
            warn(line)
    several = bool(found.logs)
    if as_json:
        click.echo(json.dumps(_all_as_object(found) if several else _as_object(found), indent=2, allow_nan=False))
    else:
        click.echo("\n".join(_lines_of_all(found) if several else _lines(found)))


def _show_warning(message: Warning | str, *_where: object, **_more: object) -> None:
    """A warning as this command prints it; the place in the program is nothing to a user."""
    warn(str(message))


def _each(found: Fit) -> list[Fit]:
    """The fit of each log."""
    return [found.of(log) for log in found.logs] or [found]


_SHOWN = (
    "log",
    "mothers",
    "volumes",
    "left_out",
    "cut",
    "recorded_ml",
    "bias_ml",
    "sd_ml",
    "correlation",
    "all_bias_ml",
    "all_sd_ml",
    "hold_out",
    "scatter",
    "distance",
    "misses",
)


def _as_object(found: Fit) -> dict[str, Any]:
    """The JSON object of the fit of one log."""
    return {
        "fit_dir": str(found.path),
        "status": found.status,
        "config": str(found.config),
        "warnings": found.manifest["warnings"],
        "retried": found.manifest.get("retried", []),
        **{key: found.manifest[key] for key in _SHOWN},
        "traits": found.traits.to_dict("records"),
    }


def _all_as_object(found: Fit) -> dict[str, Any]:
    """The JSON object of the fit of several logs."""
    return {
        "fit_dir": str(found.path),
        "status": found.status,
        "warnings": found.manifest["warnings"],
        "fits": [_as_object(each) for each in _each(found)],
        "traits": found.traits.to_dict("records"),
    }


def _lines(found: Fit) -> list[str]:
    """The table, what it rests on, and what to try next."""
    from lactflow.cli.summary import typed
    from lactflow.experiments.fit_about import questions

    program, about, config = typed("lactflow"), found.manifest, shell_word(str(found.config))
    return [
        str(found.path),
        "",
        *_table(found),
        "",
        *_volumes(about),
        *_forecast(about["hold_out"]),
        _ADVICE,
        "",
        "next: simulate her, and ask what she would give without the night",
        *(f"  {program} {arguments}" for _, arguments in questions(config, about)),
    ]


_ADVICE = "This is what a model says; it is no medical advice."


def _table(found: Fit) -> list[str]:
    """Traits that are identified, and the names of the others."""
    rows = found.traits.to_dict("records")
    lines = [f"{'':<24}{'she':>10}  {'95% interval':<20}{'usual':>8}"]
    for row in (row for row in rows if row["identified"]):
        interval = f"{row['low']:.4g} to {row['high']:.4g}"
        what = f"{row['key']} [{row['unit']}]" if row["unit"] else row["key"]
        lines.append(f"{row['trait']:<24}{row['value']:>10.4g}  {interval:<20}{row['reference']:>8.4g}  {what}")
    unknown = [row["trait"] for row in rows if not row["identified"]]
    if len(unknown) == len(rows):
        lines.append("nothing that sets her apart from other women")
    lines += ["", f"Not identifiable from this log: {', '.join(unknown) or 'nothing'}."]
    if unknown:
        lines += [
            f"({_NOT_IDENTIFIED}.",
            "Some are known only together: the config has the values of all traits that are most probable together.)",
        ]
    edge = [row["trait"] for row in rows if row["at_edge"]]
    if edge:
        lines.append(f"Held at the edge of what nearly all women have: {', '.join(edge)}.")
    return lines


def _volumes(about: dict[str, Any]) -> list[str]:
    """What was learned from, what was left out, and how near the fitted mother comes."""
    from lactflow.config.text import counted

    number = about["volumes"]
    learned = f"Learned from {about['mothers']} virtual mothers who kept the log, and from {counted(number, 'volume')}"
    lines = [f"{learned} of {about['recorded_ml']:.0f} mL on average."]
    for each in about["left_out"][:_MOST_LEFT_OUT]:
        where = f"line {each['line']:.0f}, " if each["line"] is not None else ""
        side = "" if each["breast"] == "both" else f", {each['breast']}"
        lines.append(
            f"  left out: {where}{each['start']}{side}: {each['recorded_ml']:g} mL, where her other volumes lead to "
            f"expect {each['expected_ml']:.0f} mL"
        )
    rest = len(about["left_out"]) - _MOST_LEFT_OUT
    if rest > 0:
        lines.append(f"  left out: {rest} more, see volumes.parquet")
    if about["cut"]:
        lines.append(f"  left out: {counted(about['cut'], 'volume')} of sessions that the end of the run cuts")
    lines.append(
        f"The fitted mother, simulated with other random numbers, gives {_ml(about['bias_ml'])} a volume, SD "
        f"{_ml(about['sd_ml'], sign=False)}."
    )
    if about.get("misses"):
        lines.append(
            "THE FITTED MOTHER DOES NOT GIVE HER VOLUMES: nobody among the virtual mothers is like her. Do not use the "
            "intervals."
        )
    if about["left_out"] or about["hold_out"]:
        lines.append(
            f"(Over all volumes of the log, as `lactflow run` prints it: {_ml(about['all_bias_ml'])}, SD "
            f"{_ml(about['all_sd_ml'], sign=False)}.)"
        )
    if about["scatter"] > _SCATTERED:
        lines.append(
            f"Her volumes scatter {about['scatter']:.1f} times as much as those of virtual mothers; the intervals are "
            "wider for it."
        )
    if about["distance"] > _UNLIKE:
        far = f"{about['distance']:.0%} of the virtual mothers"
        lines.append(
            f"Her volumes are further from the usual than those of {far}: is --start-day right, and are all in mL?"
        )
    return lines


def _ml(value: float | None, *, sign: bool = True) -> str:
    if value is None:
        return "unknown"
    return f"{value:+.1f} mL" if sign else f"{value:.1f} mL"


def _forecast(held: dict[str, Any] | None) -> list[str]:
    """How well the days that were held out were forecast."""
    from lactflow.config.text import counted

    if held is None:
        return []
    lines = [
        f"The last {held['span']} ({counted(held['volumes'], 'volume')}) were not used; forecast from the days before:",
        f"{'':<42}{'mean abs. error':>16}{'bias':>12}",
    ]
    names = {
        "forecast": "virtual mothers",
        "yesterday": "same as on the last day used",
        "rate": "constant rate x interval",
    }
    lines += [
        f"  {title:<40}{_ml(held['mae_ml'][name], sign=False):>16}{_ml(held['bias_ml'][name]):>12}"
        for name, title in names.items()
    ]
    return [*lines, f"{held['inside']:.0%} of them lie in the 95% interval of the forecast."]


def _lines_of_all(found: Fit) -> list[str]:
    """A row for each log and trait; what was left out; where the rest is."""
    from lactflow.config.text import counted

    width = max(len("log"), *(len(log) for log in found.traits["log"]))
    heading = f"{'log':<{width}}  {'trait':<24}{'she':>10}  {'95% interval':<20}{'usual':>8}{'left':>7}"
    lines = [str(found.path), "", heading]
    for row in found.traits.to_dict("records"):
        interval, mark = f"{row['low']:.4g} to {row['high']:.4g}", "" if row["identified"] else "  -"
        lines.append(
            f"{row['log']:<{width}}  {row['trait']:<24}{row['value']:>10.4g}  {interval:<20}{row['reference']:>8.4g}"
            f"{row['left']:>7.2f}{mark}"
        )
    lines += ["", f"left: posterior spread over the spread between women. -: {_NOT_IDENTIFIED}."]
    for log in found.logs:
        one = found.of(log)
        about = one.manifest
        lines += ["", f"{about['log']}, {counted(about['volumes'], 'volume')}: {one.config}", *_volumes(about)[1:]]
        lines += _forecast(about["hold_out"])
    return [*lines, "", _ADVICE]
