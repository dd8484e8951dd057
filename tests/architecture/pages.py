"""
What the README and the pages in `docs` have from the code: generated parts, and how to find what stands in them.

Some parts are generated, between pairs of marker lines. To write them anew:

    python tests/architecture/pages.py              tables, keys, functions, the mistakes: takes seconds
    python tests/architecture/pages.py --examples   what the examples print too
    python tests/architecture/pages.py --outputs    and the first run, its picture and the validation: takes minutes
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import tempfile
from inspect import cleandoc
from pathlib import Path
from typing import Any, get_args, get_type_hints

from calls import call, cells
from click.testing import CliRunner
from deciding_page import deciding_part
from docstrings import namespace_as_markdown
from equations_page import equations_part
from examples import filled, outputs_of
from fit_page import fit_part
from guide import GUIDES, all_blocks, blocks_of, installed, typed, with_outputs
from mechanisms_page import limits_part, mechanisms_part, rival_part
from PIL import Image
from record_page import record_part
from speed_page import speed_part
from validation_page import believed_part, validation_part

import lactflow
from lactflow import analysis
from lactflow.analysis.markers import FLAGS
from lactflow.cli import main
from lactflow.config.tree import ROOT as ROOT_KEY
from lactflow.config.tree import Spot, step
from lactflow.parameters.dyad import InfantTraits
from lactflow.pharmacology.declared import (
    Compartment,
    Drug,
    Effect,
    Form,
    InfantUse,
    Kinetics,
    Marks,
    Metabolite,
    Passage,
)
from lactflow.pharmacology.rests_on import Reference
from lactflow.records import IDENTITY, TABLES, Column

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = {
    "parameters": DOCS / "reference" / "parameters.md",
    "tables": DOCS / "reference" / "tables.md",
    "config": DOCS / "reference" / "config.md",
    "analysis": DOCS / "reference" / "analysis.md",
    "equations": DOCS / "reference" / "equations.md",
    "record": DOCS / "reference" / "record.md",
    "mechanisms": DOCS / "reference" / "mechanisms.md",
    "rival": DOCS / "reference" / "mechanisms.md",
    "limits": DOCS / "guides" / "diagnose.md",
    "trust": DOCS / "background" / "trust.md",
    "fit": DOCS / "guides" / "fit.md",
    "deciding": DOCS / "guides" / "sensitivity.md",
    "flags": DOCS / "guides" / "markers.md",
    "mistakes": DOCS / "guides" / "configuring.md",
    "speed": DOCS / "background" / "speed.md",
    "validation": DOCS / "background" / "results.md",
}
"""Where a generated part stands, when it is not the README."""
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
FIRST_RUN_LINES = 14
FIRST_DAY = DOCS / "first-run.png"
"""The picture of the first run in the README: one of its days."""
SHOWN_DAY = 30
TUTORIAL, FIGURE = DOCS / "tutorials" / "first-week.md", DOCS / "tutorials" / "first-week.png"
OWN_QUESTION = DOCS / "tutorials" / "own-question.md"
TYPED = ("sh", "python")
"""Languages of the blocks that a reader of the tutorial types."""
EXAMPLES = (
    DOCS / "tutorials" / "reading-a-run.md",
    DOCS / "guides" / "experiments.md",
    DOCS / "guides" / "drugs.md",
    DOCS / "guides" / "markers.md",
    DOCS / "guides" / "diagnose.md",
    DOCS / "guides" / "dose-times.md",
    DOCS / "guides" / "immune-proteins.md",
    DOCS / "guides" / "from-ode.md",
    DOCS / "guides" / "from-simpy.md",
)
"""Pages whose blocks of Python are run as they stand, and print what they show."""
COMMANDS_PAGE = DOCS / "reference" / "cli.md"


# -- the text ---------------------------------------------------------------------------------------------


def markers(name):
    """Lines before and after a generated part."""
    return f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->\n"


def part(name):
    """A generated part as it stands."""
    begin, end = markers(name)
    text = PAGES.get(name, README).read_text(encoding="utf-8")
    assert text.count(begin) == text.count(end) == 1
    return text.partition(begin)[2].partition(end)[0]


def blocks(language, text):
    """Contents of the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def texts():
    """The README and every page of the site, by path."""
    return {path: path.read_text(encoding="utf-8") for path in (README, *sorted(DOCS.rglob("*.md")))}


def spoken_commands(text):
    """Every call of lactflow between backticks."""
    return re.findall(r"`(lactflow [^`]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))


def typed_commands(text):
    """Every call of lactflow in a shell block, one a line."""
    lines = [line for block in blocks("sh", text) for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.startswith("lactflow ")]


# -- what the code would say ------------------------------------------------------------------------------


def parameters_part():
    """Every quantity, from `lactflow parameters --json`, and the references behind them."""
    found: dict[str, list[dict[str, Any]]] = json.loads(call("parameters", "--json"))
    quantities = found["parameters"]
    rows = [cells("key", "value", "unit", "plausible", "source", "shaped"), "|---|---|---|---|---|---|"]
    references: dict[str, str] = {}
    for item in quantities:
        place = f", {item['locator']}" if item["locator"] else ""
        plausible = f"{item['low']:.4g} to {item['high']:.4g}"
        value, source = f"{item['value']:.4g}", item["source"] + place
        rows.append(cells(f"`{item['key']}`", value, item["unit"], plausible, source, item["shaped"] or ""))
        doi = f", doi:{item['doi']}" if item["doi"] else ""
        references[item["source"]] = f"{item['reference']}{doi}"
    assumed = sum(item["assumed"] for item in quantities)
    shaped = sum(item["shaped"] is not None for item in quantities)
    count = f"{len(quantities)} quantities, {assumed} of them assumptions, {shaped} shaped."
    levels = [cells("`resolution`", "lobes a breast", "packet", "source", "note"), "|---|---|---|---|---|"]
    for level in found["resolutions"]:
        cut = str(level["lobes_per_breast"]), f"{level['packet_ml']:g} mL"
        levels.append(cells(f"`{level['name']}`", *cut, level["source"], level["note"]))
    sizes = [cells("condition or birth", "sets", "size", "source", "note"), "|---|---|---|---|---|"]
    for each in found["conditions"]:
        if "refused" in each:
            sizes.append(cells(each["condition"], "refused", "", "", each["refused"]))
            continue
        unit = f" {each['unit']}" if each["unit"] else ""
        size = f"{each['size']:g}{unit} ({each['low']:g} to {each['high']:g})"
        sizes.append(cells(each["condition"], each["words"], size, each["source"], each["note"]))
        references[each["source"]] = each["reference"]
    lines = [f"- {key}: {reference}." for key, reference in sorted(references.items())]
    return "\n".join(["", *rows, "", count, "", *levels, "", *sizes, "", "Sources:", "", *lines, "", ""])


def kind_of(hint):
    """Type of a column in words."""
    members = get_args(hint) or (hint,)
    words = {float: "number", int: "whole number", str: "text", bool: "true or false"}
    kind = next(words[member] for member in members if member is not type(None))
    return f"{kind} or null" if type(None) in members else kind


def column_row(name, hint, about: Column):
    """One column as a row; the words it may hold, unless its meaning names them."""
    listed = about.values and not all(value in about.description for value in about.values)
    words = ": " + ", ".join(f"`{value}`" for value in about.values) if listed else ""
    return cells(f"`{name}`", kind_of(hint), about.unit, about.description + words)


def tables_part():
    """Every table with its columns, from the annotations of `lactflow.records`."""
    heading = [cells("column", "type", "unit", "meaning"), "|---|---|---|---|"]
    lines = []
    for table, kind in TABLES.items():
        hints = get_type_hints(kind, include_extras=True)
        rows = [column_row(name, *get_args(hint)) for name, hint in hints.items()]
        lines += ["", f"## `{table}`", "", cleandoc(kind.__doc__ or "").replace("\n", " "), "", *heading, *rows]
    identity = [column_row(name, int, about) for name, about in IDENTITY.items()]
    return "\n".join([*lines, "", "Every table ends with:", "", *heading, *identity, "", ""])


def default_group(group):
    """A group of keys that is a default: the infant by its words, what says nothing as an empty mapping."""
    return "the reference infant" if isinstance(group, InfantTraits) else group.model_dump(exclude_defaults=True)


def key_row(spot, name):
    """One key of the config as a row: what may stand there, its default, its meaning."""
    below = step(spot, name)
    field = below.field
    if field.is_required():
        default = ""
    else:
        value = field.get_default(call_default_factory=True)
        default = "none" if value is None else f"`{json.dumps(value, default=default_group)}`"
    return cells(f"`{name}`", below.allowed(), default, field.description or "")


def config_part():
    """Every key of the config that is no quantity: of its groups, of each kind of phase and of intervention."""
    heading = [cells("key", "allowed", "default", "meaning"), "|---|---|---|---|"]
    lines = []
    for group in ("", "resolution", "record", "mother", "birth", "gland", "breasts.left", "infants", "drugs"):
        spot = ROOT_KEY
        for name in group.split(".") if group else ():
            spot = step(spot, name)
        if group in ("infants", "drugs"):
            spot = step(spot, 0)
        rows = [
            key_row(spot, name)
            for name in spot.known()
            if step(spot, name).quantity is None and not step(spot, name).models()
        ]
        words = spot.words() if group else []
        named = [f"One of {', '.join(f'`{word}`' for word in words)} ([Parameters](parameters.md)), or:", ""]
        lines += ["", f"## {f'`{group}`' if group else 'The whole'}", "", *(named if words else []), *heading, *rows]
    for group in ("mother.conditions", "schedule", "interventions"):
        entry = ROOT_KEY
        for name in group.split("."):
            entry = step(entry, name)
        entry = step(entry, 0)
        lines += ["", f"## `{group}`"]
        for kind, model in entry.kinds().items():
            spot = Spot((group, 0), model)
            meaning = cleandoc(model.__doc__ or "").replace("\n", " ")
            also = getattr(model, "also_written", {})
            rows = [key_row(spot, name) for name in spot.known() if name != "kind" and name not in also]
            lines += ["", f"### `kind: {kind}`", "", meaning, *(["", *heading, *rows] if rows else [])]
        if group == "schedule":
            for name in ("night_gap", "miss"):
                spot = step(entry, name)
                spot = step(spot, 0) if name == "miss" else spot
                lines += ["", f"### `{name}`", "", *heading, *(key_row(spot, each) for each in spot.known())]
            lines += single_sessions(entry, heading)
    for path, model in drug_groups():
        meaning = cleandoc(model.__doc__ or "").replace("\n", " ")
        spot = Spot(("drug_library",), model)
        rows = [key_row(spot, name) for name in spot.known()]
        lines += ["", f"## {path}", "", meaning, "", *heading, *rows]
    return "\n".join([*lines, "", ""])


def single_sessions(entry, heading):
    """Keys of the sessions of `kind: once`, by what they are."""
    lines = []
    for what, model in step(step(entry, "sessions"), 0).kinds().items():
        spot = Spot(("schedule", 0, "sessions", 0), model)
        rows = [key_row(spot, name) for name in spot.known() if name != "what"]
        lines += ["", f"### `what: {what}` in `sessions`", "", cleandoc(model.__doc__), "", *heading, *rows]
    return lines


def drug_groups():
    """Groups of keys in the file of a drug, in their order, each with what it is called."""
    parts = {"kinetics": Kinetics, "kinetics.compartments": Compartment, "passage": Passage, "infant": InfantUse}
    more = {"forms": Form, "metabolites": Metabolite, "effects": Effect, "marks": Marks, "sources": Reference}
    return [("A file of a drug", Drug), *((f"`{name}` of a drug", model) for name, model in (parts | more).items())]


def analysis_part():
    """Every function of `lactflow.analysis`, from its docstring."""
    return namespace_as_markdown(analysis)


def flags_part():
    """Limits of clinics on sodium and potassium of milk, each with its source."""
    rows = [
        cells(f"`{flag.name}`", f"{flag.sampled}: {flag.worth}", f"{flag.source.text} ({flag.source.key})")
        for flag in FLAGS
    ]
    return "\n".join(["", cells("column", "worth, as printed", "source"), "|---|---|---|", *rows, "", ""])


def trust_part():
    """What was tried to break lactflow, from the results that `python -m benchmarks.trust` has left."""
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    from benchmarks.trust.results import page_part

    return page_part()


def mistakes_part():
    """The bad config as it stands, and what lactflow says about it."""
    (config,) = blocks("yaml", part("mistakes"))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("mine.yaml").write_text(config, encoding="utf-8")
        result = CliRunner().invoke(main, ["run", "mine.yaml"])
        assert result.exit_code == 2
        assert [path.name for path in Path().iterdir()] == ["mine.yaml"]
    return f"```yaml\n{config}```\n\ngives, with exit code 2:\n\n```text\n{result.stderr}```\n"


def first_run(folder):
    """Simulate the first run of the README into a folder; gives the lines that it prints."""
    config = str(ROOT / "configs" / "feeding-log.yaml")
    return call("run", config, "--no-visits", "--quiet", "--out", folder).splitlines()


def draw_first_run(path):
    """Draw one day of the first run into a file."""
    with tempfile.TemporaryDirectory() as folder:
        first_run(folder)
        (run,) = map(lactflow.open_run, Path(folder).iterdir())
        drawn = io.BytesIO()
        run.plot.day(SHOWN_DAY).figure.savefig(drawn, dpi=110)
    Image.open(drawn).convert("RGB").quantize(64).save(path, optimize=True)


def first_run_part():
    """The table of the summary of the first run; rows of visits are left out, they change nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        lines = first_run(folder)
    first = lines.index(next(line for line in lines if line.split() == ["onset", "established"]))
    return "```text\n" + "\n".join(lines[first : first + FIRST_RUN_LINES]) + "\n```\n"


PARTS = {
    "parameters": parameters_part,
    "tables": tables_part,
    "config": config_part,
    "analysis": analysis_part,
    "equations": equations_part,
    "record": record_part,
    "mechanisms": mechanisms_part,
    "rival": rival_part,
    "limits": limits_part,
    "trust": trust_part,
    "fit": fit_part,
    "deciding": deciding_part,
    "flags": flags_part,
    "speed": speed_part,
    "mistakes": mistakes_part,
    "believed": lambda: believed_part(part("validation")),
}
OUTPUTS = {"first-run": first_run_part, "validation": validation_part}


def update(*, outputs):
    """Write the generated parts anew; those of the README after the pages that they are made from."""
    for name, make in {**(OUTPUTS if outputs else {}), **PARTS}.items():
        begin, end = markers(name)
        page = PAGES.get(name, README)
        text, content = page.read_text(encoding="utf-8"), make()
        before, after = text.partition(begin)[0], text.partition(end)[2]
        page.write_text(before + begin + content + end + after, encoding="utf-8")


def update_examples():
    """Write what the examples print anew."""
    for page in EXAMPLES:
        text = page.read_text(encoding="utf-8")
        page.write_text(filled(text, outputs_of(text, page.name)), encoding="utf-8")
    text = TUTORIAL.read_text(encoding="utf-8")
    outputs = outputs_of(text, TUTORIAL.name, TYPED, keep={"first-week.png": FIGURE})
    TUTORIAL.write_text(filled(text, outputs, TYPED), encoding="utf-8")
    text = OWN_QUESTION.read_text(encoding="utf-8")
    OWN_QUESTION.write_text(filled(text, outputs_of(text, OWN_QUESTION.name, TYPED), TYPED), encoding="utf-8")
    for page in GUIDES:
        text = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder, installed(all_blocks(), Path(folder)):
            outputs = typed(blocks_of(text))
        page.write_text(with_outputs(text, outputs), encoding="utf-8")


if __name__ == "__main__":
    update(outputs="--outputs" in sys.argv[1:])
    if {"--outputs", "--examples"} & {*sys.argv[1:]}:
        update_examples()
    if "--outputs" in sys.argv[1:]:
        draw_first_run(FIRST_DAY)
