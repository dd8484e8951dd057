"""Numpydoc docstrings as Markdown: the page of the functions of a namespace."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import lactflow

LISTED = ("Parameters", "Raises")
"""Sections whose entries are a name and what it is; the others are text."""

_HEADING = re.compile(r"^(\w+)\n-+\n", flags=re.MULTILINE)


def source_of(name):
    """The file with the source of a module of lactflow, compiled or not."""
    return Path(lactflow.__file__).parents[1].joinpath(*name.split(".")).with_suffix(".py")


@cache
def docstrings_in(path):
    """Docstrings of the functions of a source and of the methods of its classes, by name."""
    found = {}
    for node in ast.parse(path.read_text("utf-8")).body:
        within = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in node.body if within else [node]:
            if isinstance(each, ast.FunctionDef):
                found[within + each.name] = ast.get_docstring(each)
    return found


def docstring_of(function):
    """Its docstring; that of a compiled function stands in the source only."""
    said = inspect.getdoc(function)
    if said is None:
        owner = getattr(function, "__objclass__", function)  # the class of a compiled method
        name = getattr(function, "__qualname__", function.__name__)
        said = docstrings_in(source_of(owner.__module__)).get(name)
    return said or ""


def call_of(function):
    """The function as it is called: names and defaults, no annotations."""
    signature = inspect.signature(function)
    bare = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
    return f"{function.__name__}{signature.replace(parameters=bare, return_annotation=signature.empty)}"


def sections_of(function):
    """Summary, text, and the sections of its docstring by their names."""
    first, *found = _HEADING.split(docstring_of(function))
    summary, _, text = first.strip().partition("\n\n")
    return summary.replace("\n", " "), text.strip(), dict(zip(found[::2], map(str.strip, found[1::2]), strict=True))


def entries(text):
    """Entries of a listed section: a name on a line of its own, what it is below it."""
    found = re.findall(r"^(\S.*)\n((?:[ ]{4}.*\n?)+)", f"{text}\n", flags=re.MULTILINE)
    return [
        f"- {', '.join(f'`{name}`' for name in names.split(', '))}: {inspect.cleandoc(about).replace(chr(10), ' ')}"
        for names, about in found
    ]


def function_as_markdown(function):
    """Lines of one function: how it is called, and each section of its docstring."""
    summary, text, sections = sections_of(function)
    lines = ["", f"## `{call_of(function)}`", "", summary]
    lines += ["", text] if text else []
    for name, content in sections.items():
        body = entries(content) if name in LISTED else [content]
        lines += ["", f"**{name}**", "", *body]
    return lines


def namespace_as_markdown(module: ModuleType):
    """A table of all public functions, then each of them."""
    functions = [getattr(module, name) for name in module.__all__]
    lines = ["", "| function | gives |", "|---|---|"]
    for function in functions:
        summary = sections_of(function)[0].removesuffix(".")
        lines.append(f"| `{call_of(function)}` | {summary} |")
    for function in functions:
        lines += function_as_markdown(function)
    return "\n".join([*lines, "", ""])
