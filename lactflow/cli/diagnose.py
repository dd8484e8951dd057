"""`lactflow diagnose`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.completion import complete_setting
from lactflow.cli.progress import shown, stopping_on_signals
from lactflow.cli.tables import table_lines, warn
from lactflow.systems import shell_word

if TYPE_CHECKING:
    from lactflow.diagnosis.diagnosis import Diagnosis

_DEFAULT_MOTHERS = 150
_MOST_CONTRIBUTIONS = 6


@click.command("diagnose", short_help="Which mechanism fits a clinical record; research and teaching.")
@click.argument("record", required=False, type=click.Path())
@click.option("--template", is_flag=True, help="Print an empty record with comments, and do nothing else.")
@click.option("--log", metavar="LOG", type=click.Path(), help="Feeding log of the same days.")
@click.option("--config", metavar="CONFIG", help="What else is known of her: a config, or a shipped scenario.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=complete_setting,
    help="One thing of that; repeatable.",
)
@click.option(
    "--mechanism",
    "mechanisms",
    multiple=True,
    metavar="NAME|FILE",
    help="A shipped mechanism that is a rival, or a file of another; repeatable. The default is all that are shipped.",
)
@click.option(
    "--prior",
    "priors",
    multiple=True,
    metavar="NAME=WEIGHT",
    help="How probable a mechanism is before the record, relative to the others, which have 1; repeatable.",
)
@click.option(
    "--mothers",
    type=int,
    default=_DEFAULT_MOTHERS,
    show_default=True,
    help="Virtual mothers of each mechanism.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of their random numbers.")
@click.option("--day-first/--month-first", default=None, help="How to read 3/4, where the record does not show it.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that share the work; the default is all cores.")
@click.option("--cache", metavar="DIR", help="Folder of virtual mothers; the default is `virtual-mothers` in --out.")
@click.option("--out", default="outputs", show_default=True, metavar="DIR", help="Folder for what is written.")
@click.option("--name", default="diagnosis", show_default=True, help="First part of the name of what is written.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else.")
@click.option("--quiet", is_flag=True, help="No progress, no warnings.")
def command(*, record: str | None, template: bool, as_json: bool, quiet: bool, **options: Any) -> None:
    """Find which mechanisms fit a clinical record, how sure that is, and what to measure next.

    A tool for research and teaching, no medical device. The gland is simulated under her record for each rival mechanism,
    in virtual mothers who differ as women do; what fits, what cannot be distinguished and which measurement would decide
    is printed. Everything in a record is optional but the birth. It needs scikit-learn: pip install
    'lactflow[calibrate]'.

    \b
    Examples:
      lactflow diagnose --template > record.csv
      lactflow diagnose record.csv
      lactflow diagnose record.csv --log feeds.csv --prior mastitis=3
    """  # noqa: D301 - \b is click's mark
    if template:
        from lactflow.diagnosis.template import template_text

        click.echo(template_text(), nl=False)
        return
    if record is None:
        raise click.UsageError("a record is needed (`lactflow diagnose --template > record.csv` writes an empty one)")
    from lactflow.diagnosis.diagnose import diagnose

    settled = options | {"prior": _priors(options.pop("priors"))}
    with stopping_on_signals() as check, shown("diagnose", quiet=quiet or as_json) as show:

        def progress(fraction: float, simulated_min: float) -> None:
            check(fraction, simulated_min)
            show(fraction, simulated_min)

        found = diagnose(record, progress=progress, command=["lactflow", *sys.argv[1:]], **settled)
    if not quiet and not as_json:
        for line in found.manifest["warnings"]:
            warn(line)
    click.echo(json.dumps(_as_object(found), indent=2, allow_nan=False) if as_json else "\n".join(_lines(found)))


def _priors(given: tuple[str, ...]) -> dict[str, float]:
    """`mastitis=3` as a mapping."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise click.BadParameter(f"{text!r} (allowed: NAME=WEIGHT, such as mastitis=3)", param_hint="--prior")
    return found


def _as_object(found: Diagnosis) -> dict[str, Any]:
    """The JSON object of a diagnosis."""
    about = found.manifest
    tables = {name: getattr(found, name) for name in ("diagnoses", "observations", "confusion", "next")}
    return {
        "diagnosis_dir": str(found.path),
        "note": about["note"],
        "answer": about["answer"],
        "leaders": about["leaders"],
        "in_words": found.in_words(),
        **{key: about[key] for key in ("assumed", "unused", "warnings", "mothers", "seed")},
        **{name: json.loads(table.to_json(orient="records")) for name, table in tables.items()},
    }


def _lines(found: Diagnosis) -> list[str]:
    """The answer, what it rests on, and what to measure next."""
    from lactflow.cli.summary import typed

    about = found.manifest
    page = f"{typed('lactflow')} report {shell_word(str(found.path))}"
    return [
        str(found.path),
        "",
        found.in_words(),
        "",
        *_mechanisms(found),
        "",
        *_evidence(found),
        "",
        *_next(found),
        "",
        *(f"assumed: {line}" for line in about["assumed"]),
        *(f"not used: {line}" for line in about["unused"]),
        f"{about['mothers']} virtual mothers of each mechanism; right: what its own get from these observations",
        about["note"],
        "",
        f"next: {page}",
    ]


def _mechanisms(found: Diagnosis) -> list[str]:
    rows = [
        (row.title, f"{row.probability:.0%}", f"{row.low:.0%} to {row.high:.0%}", f"{row.right:.0%}")
        for row in found.diagnoses.itertuples()
    ]
    return table_lines(("mechanism", "probability", "95 % interval", "right"), rows)


def _evidence(found: Diagnosis) -> list[str]:
    first, second = (found.diagnoses["title"].iloc[number] for number in (0, 1))
    table = found.observations
    strongest = table.reindex(table["log_odds"].abs().sort_values(ascending=False).index)[:_MOST_CONTRIBUTIONS]
    rows = [
        (row.observation, "" if row.value is None else f"{row.value:.3g} {row.unit}".strip(), f"{row.log_odds:+.1f}")
        for row in strongest.itertuples()
    ]
    head = f"what speaks for {first} (+) or for {second} (-)"
    return table_lines((head, "hers", "log odds"), rows)


def _next(found: Diagnosis) -> list[str]:
    helps = found.next[found.next["helps"]]
    rows = [(row.measurement, f"{row.fall_nats:.2f}", row.effort) for row in helps.itertuples()]
    useless = ", ".join(found.next.loc[~found.next["helps"], "measurement"])
    lines = table_lines(("measure next", "nats", "effort"), rows) if rows else ["nothing that can be simulated would help"]
    return [*lines, *([f"would hardly help: {useless}"] if useless else [])]
