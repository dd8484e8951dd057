"""The generated part of `docs/reference/equations.md`: every formula of the model, from its docstring."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from docstrings import docstring_of, docstrings_in, entries, sections_of, source_of

import lactflow
from lactflow import sources
from lactflow.sources import Citation

PACKAGES = ("kinetics", "pharmacology", "endocrine", "gland", "dyad")
"""Where the formulas of the model stand."""

SOURCES = {source.key: source for source in vars(sources).values() if isinstance(source, Citation) and source.is_paper}
KEY = re.compile(r"\b[A-Z][A-Za-z]+[0-9_]*(?:19|20)\d\d\b")
"""What looks like the key of a source."""
OURS = (
    "The form is ours",
    "is ours",
    "of our own",
    "First-order",
    "Hill function",
    "textbook",
    "By definition",
    "A balance",
)
"""How a formula says that its form is from no paper."""
WRITTEN_OUT = (
    "steady",
    "following",
    "body_water_l",
    "one_compartment",
    "two_compartments",
    "as_metabolite",
    "factor_of",
    "caffeine_half_life_h",
    "infant_volume_l",
    "elimination_per_min",
    "mean_before",
    "milk_over_plasma",
    "ion_factor",
    "turnover",
    "Amounts.after",
    "DrugLevel.level",
    "LevelOver.felt",
    "Levels.settled",
    "ZeroOrderLevel.level",
)
"""Formulas that take more than numbers, or give more than one: other tests hold them to what they say."""


def routines(module):
    """Functions of a module, and methods of its classes; compiled ones are built in, and name no module as methods."""
    own = module.__name__
    for thing in vars(module).values():
        if getattr(thing, "__module__", None) == own:
            for each in vars(thing).values() if inspect.isclass(thing) else [thing]:
                if inspect.isroutine(each) and (getattr(each, "__module__", None) or own) == own:
                    yield each


def name_of(function):
    """Its name, after that of its class: what the page calls it."""
    return getattr(function, "__qualname__", function.__name__)


def formulas():
    """Every function that has an equation, by the module in which it stands, in their order."""
    found = {}
    for name in PACKAGES:
        package = import_module(f"lactflow.{name}")
        below = walk_packages(getattr(package, "__path__", []), f"{package.__name__}.")
        for module in (package, *(import_module(each.name) for each in below)):
            own = [each for each in routines(module) if "\nEquation\n---" in docstring_of(each)]
            if own:  # compiled modules have their classes and functions in an order of their own
                order = list(docstrings_in(source_of(module.__name__)))
                found[module] = sorted(own, key=lambda each: order.index(name_of(each)))
    return found


def unit_of(function):
    """Unit of what it gives: in brackets in its first line; empty for a fraction or a factor."""
    match = re.search(r"\[([^]]+)\]", sections_of(function)[0])
    return match[1] if match else ""


def equations_part():
    """A table of all formulas, then each with its equation, symbols and source."""
    lines = ["", "| formula | unit | sources |", "|---|---|---|"]
    for functions in formulas().values():
        for function in functions:
            references = sections_of(function)[2]["References"]
            source = ", ".join(KEY.findall(references)) or ("ours" if "ours" in references else "textbook")
            name = name_of(function)
            lines.append(f"| [`{name}`](#{name.lower().replace('.', '')}) | {unit_of(function)} | {source} |")
    cited = set()
    for module, functions in formulas().items():
        path = source_of(module.__name__).relative_to(Path(lactflow.__file__).parents[1]).as_posix()
        lines += ["", f"## `{path}`"]
        for function in functions:
            summary, text, sections = sections_of(function)
            lines += ["", f"### `{name_of(function)}`", "", summary]
            lines += ["", text] if text else []
            lines += ["", "```text", *sections["Equation"].splitlines(), "```", "", *entries(sections["Parameters"])]
            lines += ["", f"Source: {sections['References'].replace(chr(10), ' ')}"]
            cited.update(KEY.findall(sections["References"]))
    lines += ["", "## Sources", ""]
    for key in sorted(cited):
        doi = f", doi:{SOURCES[key].doi}" if SOURCES[key].doi else ""
        lines.append(f"- {key}: {SOURCES[key].text}{doi}.")
    return "\n".join([*lines, "", ""])
