"""`lactflow drugs`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lactflow.cli import NearestGroup
from lactflow.cli.completion import complete_drugs
from lactflow.cli.tables import Printed, echo, page_width, sentences, table, warn
from lactflow.errors import ArchiveError, ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lactflow.pharmacology.declared import Drug
    from lactflow.pharmacology.effects import Effect
    from lactflow.pharmacology.summary import Row

_TEMPLATE = """\
# A drug for lactflow. It is a model, and no medical advice. Numbers are those of a woman of 70 kg.
# Name it in a config:  drug_library: {file}   drugs: [{{drug: {name}, dose_mg: 100, times: ["08:00"]}}]
# `lactflow drugs show {file}` prints what follows from it.
format: 1
drug: {name}
title: One line for people

kinetics:
  bioavailability: 0.9              # share of a dose by mouth that reaches the blood
  clearance_l_per_h: 10             # elimination from plasma
  volume_l: 50                      # volume of distribution
  absorption_per_h: 1               # first-order rate; all at once when left out
  # lag_h: 0.5                      # time from the dose to the beginning of its absorption
  # Two compartments, in place of clearance_l_per_h and volume_l:
  # compartments: [{{clearance_l_per_h: 10, volume_l: 20}}, {{exchange_l_per_h: 5, volume_l: 30}}]

passage:                            # into milk; leave it out where none is modelled
  class: neutral                    # neutral, acid, base, zwitterion; antibody with transcytosis_ml_per_day alone
  # pka: 9.5                        # needed of acids and bases
  unbound_plasma: 0.5               # share in plasma that no protein binds
  # unbound_skim: 0.8               # the same in skim milk; follows from unbound_plasma when left out
  # fat_partition: 5                # fat over skim; or log_d (octanol and water, pH 7.2); 1 when both are left out
  # exchange_ml_per_h: 200          # between blood and the milk of a breast; that of its class when left out
  # active_ratio: 1                 # how many times as much a transporter holds in milk
  # carried: 0.7                    # what fresh milk brings of it; follows from the exchange when left out

infant:
  bioavailability: 1
  clearance: hepatic                # renal, glucuronidation, hepatic, cyp1a2

forms:                              # the first is taken when a config names none
  immediate: {{}}
  # extended: {{release_h: 8}}
  # intravenous: {{route: bolus}}
  # infusion: {{route: infusion, release_h: 2}}

# metabolites:
#   - {{drug: {name}-m, formed_share: 0.5, molar_ratio: 1, clearance_l_per_h: 5, volume_l: 40}}   # and passage, infant

# effects:                          # on let_down, lactotroph, translation, fat, genes; on junctions with law opening
#   - {{on: let_down, law: inhibition, half_effect: 10, steepness: 2}}      # level of half the effect [mg/L]
#   - {{on: lactotroph, law: rise, largest: 2, half_effect: 15, by: daily_dose}}      # daily dose of it [mg/d]

sources:                            # of each number: by its key, its dotted path, or its section
  kinetics: {{cite: "{cite}", locator: "table 1", seen: false}}
uses:                               # measured, fitted (and on what), class, assumed
  unbound_plasma: assumed
"""

_BY = {
    "level": "its level in plasma",
    "daily_dose": "its daily dose",
    "site": "what is left of each dose where it acts",
    "pulse": "each dose",
}
"""What an effect follows, in words."""


@click.group("drugs", cls=NearestGroup)
def command() -> None:
    """List, show or begin the files of drugs. A model, and no medical advice.

    \b
    Examples:
      lactflow drugs list
      lactflow drugs show paracetamol
      lactflow drugs new my-drug
    """  # noqa: D301 - \b is click's mark


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def list_drugs(*, as_json: bool) -> None:
    """Drugs that come with lactflow, with one line each. A model, and no medical advice.

    \b
    Example:
      lactflow drugs list
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.drugs.files import shipped_data, shipped_drugs
    from lactflow.pharmacology.summary import NO_ADVICE

    titles = {name: str(shipped_data(name).get("title", "")) for name in shipped_drugs()}
    if as_json:
        listed = [{"name": name, "title": title} for name, title in titles.items()]
        click.echo(json.dumps({"drugs": listed, "note": NO_ADVICE}, indent=2, ensure_ascii=False))
        return
    width = page_width()
    rows = table([Printed("", list(titles)), Printed("", list(titles.values()))], width=width)
    echo([*rows, "", *sentences([NO_ADVICE], width=width)])


@command.command("show")
@click.argument("name", shell_complete=complete_drugs)
@click.option("--weight-kg", type=float, default=70.0, show_default=True, help="Weight of the mother.")
@click.option("--milk-ph", type=float, default=7.1, show_default=True, help="pH of her milk.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def show(*, name: str, weight_kg: float, milk_ph: float, as_json: bool) -> None:
    """A drug, what follows from its file, and what each number rests on. A model, and no medical advice.

    NAME is a shipped drug, or the file of another one.

    \b
    Examples:
      lactflow drugs show paracetamol
      lactflow drugs show my-drug.yaml --milk-ph 6.9
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.drugs.files import drug_of
    from lactflow.parameters.pharmacology import Pharmacology
    from lactflow.pharmacology.derived import Body
    from lactflow.pharmacology.rests_on import without_source
    from lactflow.pharmacology.summary import NO_ADVICE, follows, rests_on

    _check_mother(weight_kg, milk_ph)
    drug = drug_of(name)
    following = follows(drug, Body(weight_kg=weight_kg, milk_ph=milk_ph), Pharmacology())
    numbers = rests_on(drug)
    if as_json:
        shown: dict[str, Any] = {
            "drug": drug.model_dump(mode="json", by_alias=True),
            "follows": [row._asdict() for row in following],
            "numbers": [row._asdict() for row in numbers],
            "without_source": without_source(drug),
            "note": NO_ADVICE,
        }
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    width = page_width()
    head = f"{drug.drug}: {drug.title}" if drug.title else drug.drug
    lines = [*sentences([head, f"forms: {', '.join(drug.forms)}"], width=width), ""]
    lines += _rows("in the file", numbers, width) if numbers else []
    lines += sentences([_acts(drug, effect) for effect in drug.effects], width=width)
    if following:
        lines += ["", *_rows(f"follows ({weight_kg:g} kg)", following, width)]
    if lacking := without_source(drug):
        lines += ["", *sentences([f"no source: {', '.join(lacking)}"], width=width)]
    echo([*lines, "", *sentences([NO_ADVICE], width=width)])


@command.command("new")
@click.argument("name")
@click.option("--out", default=".", show_default=True, metavar="DIR", help="Folder for the file.")
def new(*, name: str, out: str) -> None:
    """Write NAME.yaml, the commented file of a drug, to start from. Overwrites no file.

    \b
    Example:
      lactflow drugs new my-drug
    """  # noqa: D301 - \b is click's mark
    from lactflow.config.drugs.files import drug_of, shipped_drugs
    from lactflow.config.text import shown_path
    from lactflow.pharmacology.rests_on import PLACEHOLDER

    name = name.removesuffix(".yaml")
    _check_name(name)
    path = Path(out) / f"{name}.yaml"
    shown = shown_path(path)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(_TEMPLATE.format(name=name, file=path.name, cite=PLACEHOLDER))
    except FileExistsError:
        message = "exists already; nothing was written (choose another name or --out)"
        raise ConfigError(Problem(message, shown)) from None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise ConfigError(Problem(f"there is no folder {shown_path(out)!r}", "--out")) from None
    except OSError as error:
        raise ArchiveError(f"{shown} cannot be written: {error.strerror}") from None
    drug_of(str(path))
    if name in shipped_drugs():
        warn(f"{shown}: {name} comes with lactflow too: a config that names this file takes it in place of that")
    click.echo(f"{path}\nnext:\n  lactflow drugs show {path}")


def _acts(drug: Drug, effect: Effect) -> str:
    """What it does, and which of its numbers are quantities of the config."""
    by = _BY[drug.acts_by(effect)]
    quantities = "; ".join(f"{name} is {key}" for name, key in effect.quantities.items())
    return f"acts on {effect.on}: {effect.law}, by {by}{f' ({quantities})' if quantities else ''}"


def _rows(title: str, rows: Sequence[Row], width: int | None) -> list[str]:
    columns = [
        Printed(title, [row.name for row in rows]),
        Printed("", [f"{row.value:.4g}" for row in rows], number=True),
        Printed("", [row.unit for row in rows]),
        Printed("", [row.note for row in rows]),
    ]
    return table(columns, width=width)


def _check_name(name: str) -> None:
    """
    Check a name by the rule that checks it later.

    Raises
    ------
    ConfigError
        If it is not allowed.
    """
    from lactflow.config.text import quoted
    from lactflow.pharmacology.declared import is_drug_name

    if not is_drug_name(name):
        allowed = "letters, digits, underscores and hyphens, not beginning with a digit or a hyphen"
        raise ConfigError(f"{quoted(name)} is no name of a drug (allowed: {allowed})")


def _check_mother(weight_kg: float, milk_ph: float) -> None:
    """
    Check the mother by the rule of configs.

    Raises
    ------
    ConfigError
        If she is outside what a config may say.
    """
    from pydantic import ValidationError

    from lactflow.config.messages import problems_of
    from lactflow.config.tree import Spot
    from lactflow.parameters.cohort import Mother

    try:
        Mother(weight_kg=weight_kg, milk_ph=milk_ph)
    except ValidationError as error:
        options = {"weight_kg": "--weight-kg", "milk_ph": "--milk-ph"}
        problems = problems_of(error, lambda path, _: (options.get(str(path[0])), None, None), Spot((), Mother))
        raise ConfigError(*(Problem(each.message, each.file) for each in problems)) from None
