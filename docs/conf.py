"""The documentation site: Sphinx with the theme furo, pages in Markdown (MyST), the API from docstrings."""

from __future__ import annotations

import re

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

from lactflow.version import __version__

project = "lactflow"
author = "The lactflow developers"
project_copyright = author
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
    "sphinx_copybutton",
]
default_role = "literal"  # docstrings put code between single backticks
nb_execution_mode = "off"  # lessons are kept as they were executed, and tests execute them again
smartquotes = False
exclude_patterns = ["_build", "guides/recipes"]
nitpicky = False  # annotations name private and third-party types, which have no page here

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_inherit_docstrings = True
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_custom_sections = ["Result", "Equation"]

html_theme = "furo"
html_title = f"lactflow {version}"
html_static_path = ["_static"]
html_css_files = ["wide-tables.css"]
html_js_files = ["reachable.js"]
html_show_sphinx = False
html_copy_source = False
copybutton_exclude = ".linenos, .gp"

_RETURNS = re.compile(r"^Returns$")
"""Heading of a section that docstrings of lactflow write as plain text; Napoleon would read its lines as types."""


def plain_sections(_app: Sphinx, kind: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Make the section *Returns* one of text, and keep a colon in the first line of a property from being a type."""
    if kind in {"property", "attribute"} and lines:
        lines[0] = lines[0].replace(": ", " \N{EN DASH} ", 1)
    for number, line in enumerate(lines[:-1]):
        if _RETURNS.match(line) and set(lines[number + 1]) == {"-"}:
            lines[number : number + 2] = ["Result", "------"]


def setup(app: Sphinx) -> None:
    """Connect the hook above (a lower priority is called earlier), and name a lexer for tables."""
    app.connect("autodoc-process-docstring", plain_sections, priority=100)
    app.add_lexer("csv", TextLexer)
