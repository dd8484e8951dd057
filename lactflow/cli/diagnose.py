"""`lactflow diagnose`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli.completion import complete_setting
from lactflow.cli.progress import shown, stopping_on_signals
from lactflow.cli.tables import Printed, echo, sentences, table, warn
from lactflow.systems import shell_word

if TYPE_CHECKING:
    from lactflow.diagnosis.diagnosis import Diagnosis

_DEFAULT_MOTHERS = 150
_MOST_CONTRIBUTIONS = 6
_ITS_OWN = (
    "There are {} virtual mothers of each mechanism; `its own` is the mean probability that those of a mechanism get "
    "of it from these observations, by a model that they did not teach."
)
_IF_BOTH = (
    "`if both` is the mean probability that virtual mothers with both get; where they are one more rival, all "
    "probabilities are other ones."
)


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
    help="A shipped mechanism, or a file of another; repeatable. Shipped ones that are named rival in place of the "
    "eight by which the method was judged; `combined_pill` and files are added to them.",
)
@click.option(
    "--prior",
    "priors",
    multiple=True,
    metavar="NAME=WEIGHT",
    help="How probable a mechanism is before the record, relative to the others, which have 1; repeatable.",
)
@click.option(
    "--pairs/--no-pairs",
    default=True,
    show_default=True,
    help="Simulate the two leading mechanisms together as well, after the first answer.",
)
@click.option(
    "--pair-prior",
    type=float,
    default=1.0,
    show_default=True,
    metavar="TIMES",
    help="How often the two are in one mother, relative to what chance would bring together.",
)
@click.option(
    "--mothers",
    type=int,
    default=_DEFAULT_MOTHERS,
    show_default=True,
    help="Virtual mothers of each mechanism: 40 to 5000, and 10 more than there are observations.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of their random numbers.")
@click.option("--day-first/--month-first", default=None, help="How to read 3/4, where the record does not show it.")
@click.option(
    "--executor",
    metavar="WHO",
    help="Who simulates virtual mothers: local[:N] (the default), dask, or dask://host:port.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that share the work; the default is all cores.")
@click.option(
    "--cache",
    metavar="DIR",
    help="Folder of virtual mothers; the default is `virtual-mothers` in --out. Beyond 1 GB, those that were used "
    "longest ago are removed when others come in.",
)
@click.option("--out", default="outputs", show_default=True, metavar="DIR", help="Folder for what is written.")
@click.option("--name", default="diagnosis", show_default=True, help="First part of the name of what is written.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else.")
@click.option("--quiet", is_flag=True, help="No progress, no warnings.")
def command(*, record: str | None, template: bool, as_json: bool, quiet: bool, **options: Any) -> None:
    """Find which mechanisms fit a clinical record, how sure that is, and what to measure next.

    A tool for research and teaching, no medical device. The gland is simulated under her record for each rival
    mechanism, in virtual mothers who differ as women do; what fits, what cannot be distinguished and which measurement
    would decide is printed. Everything in a record is optional but the birth. It needs scikit-learn: pip install
    'lactflow[calibrate]'.

    \b
    Examples:
      lactflow diagnose --template
      lactflow diagnose record.csv
      lactflow diagnose record.csv --log feeds.csv --prior mastitis=3
    """  # noqa: D301 - \b is click's mark
    if template:
        from lactflow.diagnosis.template import template_text

        click.echo(template_text(), nl=False)
        return
    if record is None:
        raise click.UsageError("a record is needed (`lactflow diagnose --template` prints an empty one)")
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
    if as_json:
        click.echo(json.dumps(_as_object(found), indent=2, allow_nan=False))
    else:
        echo(_lines(found))


def _priors(given: tuple[str, ...]) -> dict[str, float]:
    """`mastitis=3` as a mapping."""
    found: dict[str, float] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        try:
            weight = float(value)
        except ValueError:
            equals, weight = "", 0.0
        if not (name and equals):
            raise click.BadParameter(f"{text!r} (allowed: NAME=WEIGHT, such as mastitis=3)", param_hint="--prior")
        if name in found:
            before = f"{name} has a weight already, {found[name]:g}"
            raise click.BadParameter(f"{text!r}: {before} (allowed: one for each mechanism)", param_hint="--prior")
        found[name] = weight
    return found


def _as_object(found: Diagnosis) -> dict[str, Any]:
    """The JSON object of a diagnosis."""
    about = found.manifest
    tables = {name: getattr(found, name) for name in ("diagnoses", "observations", "confusion", "next", "pairs")}
    return {
        "diagnosis_dir": str(found.path),
        "note": about["note"],
        "answer": about["answer"],
        "leaders": about["leaders"],
        "in_words": found.in_words(),
        "pair": about.get("pair"),
        "pair_in_words": found.pair_in_words(),
        **{key: about[key] for key in ("assumed", "unused", "warnings", "mothers", "seed")},
        **{name: json.loads(table.to_json(orient="records")) for name, table in tables.items()},
    }


def _lines(found: Diagnosis) -> list[str]:
    """The answer, what it rests on, and what to measure next."""
    from lactflow.cli.summary import typed

    about = found.manifest
    return [
        str(found.path),
        "",
        *sentences([found.in_words()]),
        "",
        *_mechanisms(found),
        "",
        *_both(found),
        *_evidence(found),
        "",
        *_next(found),
        "",
        *sentences(
            [
                *(f"Assumed: {line}." for line in about["assumed"]),
                *(f"Not used: {line}." for line in about["unused"]),
                _ITS_OWN.format(about["mothers"]),
                *([_IF_BOTH] if "answer" in (about.get("pair") or {}) else []),
                about["note"],
            ]
        ),
        "",
        f"next: {typed('lactflow')} report {shell_word(str(found.path))}",
    ]


def _mechanisms(found: Diagnosis) -> list[str]:
    rows = found.diagnoses
    return table(
        [
            Printed("mechanism", list(rows["title"])),
            Printed("probability", [f"{each:.0%}" for each in rows["probability"]], number=True),
            Printed(
                "95 % interval",
                [f"{low:.0%} to {high:.0%}" for low, high in zip(rows["low"], rows["high"], strict=True)],
                number=True,
            ),
            Printed("its own", [f"{each:.0%}" for each in rows["right"]], number=True),
        ]
    )


def _both(found: Diagnosis) -> list[str]:
    """Whether two are at work, where that was asked."""
    from lactflow.diagnosis.together import side_by_side

    text, pair = found.pair_in_words(), found.manifest.get("pair") or {}
    if not text:
        return []
    if "why_not" in pair:
        return [*sentences([text]), ""]
    rows = side_by_side(found.pairs, pair)
    ends = zip(rows["low"], rows["high"], rows["low"].notna(), strict=True)
    intervals = [f"{low:.0%} to {high:.0%}" if known else "" for low, high, known in ends]
    columns = [
        Printed("both at once?", list(rows["title"])),
        Printed("probability", [f"{each:.0%}" for each in rows["probability"]], number=True),
        Printed("95 % interval", intervals, number=True),
        Printed("if both", [f"{each:.0%}" for each in rows["of_both"]], number=True),
    ]
    return [*sentences([text]), "", *table(columns), ""]


def _evidence(found: Diagnosis) -> list[str]:
    first, second = (found.diagnoses["title"].iloc[number] for number in (0, 1))
    rows = found.observations
    rows = rows.reindex(rows["log_odds"].abs().sort_values(ascending=False).index)[:_MOST_CONTRIBUTIONS]
    return table(
        [
            Printed("observation", list(rows["observation"])),
            Printed("hers", [f"{value:.3g}" for value in rows["value"]], number=True),
            Printed("unit", list(rows["unit"]), whole=True),
            Printed(f"log odds of {first}\nover {second}", [f"{each:+.1f}" for each in rows["log_odds"]], number=True),
        ]
    )


def _next(found: Diagnosis) -> list[str]:
    helps = found.next[found.next["helps"]]
    useless = ", ".join(found.next.loc[~found.next["helps"], "measurement"])
    lines = sentences(["Nothing that can be simulated would help to decide."])
    if len(helps):
        falls = [f"{each:.2f}" for each in helps["fall_nats"]]
        lines = table(
            [
                Printed("measure next", list(helps["measurement"])),
                Printed("fall of entropy\n[nats]", falls, number=True),
                Printed("effort", list(helps["effort"])),
            ]
        )
    return [*lines, *(sentences([f"Would hardly help: {useless}."]) if useless else [])]
