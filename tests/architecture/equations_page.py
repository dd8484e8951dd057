"""The generated part of `docs/reference/equations.md`: every formula of the model, from its docstring."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from docstrings import docstring_of, entries, sections_of, source_of

import lactflow
from lactflow import sources
from lactflow.sources import Citation

PACKAGES = ("kinetics", "endocrine", "gland", "dyad")
"""Where the formulas of the model stand."""

SOURCES = {source.key: source for source in vars(sources).values() if isinstance(source, Citation) and source.is_paper}
KEY = re.compile(r"\b[A-Z][A-Za-z]+[0-9_]*(?:19|20)\d\d\b")
"""What looks like the key of a source."""
OURS = ("The form is ours", "is ours", "of our own", "First-order", "Hill function")
"""How a formula says that its form is from no paper."""


def formulas():
    """Every function that has an equation, by the module in which it stands, in their order."""
    found = {}
    for name in PACKAGES:
        package = import_module(f"lactflow.{name}")
        below = walk_packages(getattr(package, "__path__", []), f"{package.__name__}.")
        for module in (package, *(import_module(each.name) for each in below)):
            own = [
                function
                for function in vars(module).values()
                if inspect.isroutine(function)  # compiled ones are built in
                and function.__module__ == module.__name__
                and "\nEquation\n---" in docstring_of(function)
            ]
            if own:
                found[module] = own
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
            name = function.__name__
            lines.append(f"| [`{name}`](#{name}) | {unit_of(function)} | {source} |")
    cited = set()
    for module, functions in formulas().items():
        path = source_of(module.__name__).relative_to(Path(lactflow.__file__).parents[1]).as_posix()
        lines += ["", f"## `{path}`"]
        for function in functions:
            summary, text, sections = sections_of(function)
            lines += ["", f"### `{function.__name__}`", "", summary]
            lines += ["", text] if text else []
            lines += ["", "```text", *sections["Equation"].splitlines(), "```", "", *entries(sections["Parameters"])]
            lines += ["", f"Source: {sections['References'].replace(chr(10), ' ')}"]
            cited.update(KEY.findall(sections["References"]))
    lines += ["", "## Sources", ""]
    for key in sorted(cited):
        doi = f", doi:{SOURCES[key].doi}" if SOURCES[key].doi else ""
        lines.append(f"- {key}: {SOURCES[key].text}{doi}.")
    return "\n".join([*lines, "", ""])
