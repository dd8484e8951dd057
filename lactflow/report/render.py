"""
A page as HTML: one file that loads nothing, neither from the network nor from the disk.

Jinja escapes every text. Data of charts stand in a script of type `application/json`, with `<`, `>` and `&` escaped,
so that no text can end it. The content security policy lets run and style only what has the hash of our own files;
images are `data:` addresses.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from lactflow.version import __version__

if TYPE_CHECKING:
    import jinja2
    import markupsafe

    from lactflow.report.blocks import Page

_STYLES = ("uplot/uPlot.min.css", "report.css")
_SCRIPTS = ("uplot/uPlot.iife.min.js", "report.js")
_LICENCE = "uplot/LICENSE"
"""Goes with every copy of uPlot, and a page has one."""
_CODE = re.compile(r"`([^`\n]+)`")


def render(page: Page) -> bytes:
    """A page as the bytes of its file."""
    styles, scripts = ([_asset(name) for name in names] for names in (_STYLES, _SCRIPTS))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    template = _environment().get_template("page.html")
    html = template.render(
        page=page,
        charts=page.charts(),
        policy=policy,
        styles=styles,
        scripts=scripts,
        licence=_asset(_LICENCE),
        version=__version__,
    )
    # Names of folders may hold what is no character.
    return html.encode("utf-8", "replace")


def with_code(text: str) -> markupsafe.Markup:
    """A text of a page, escaped; what stands between backticks in it as code."""
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _asset(name: str) -> str:
    return files("lactflow.report").joinpath("assets", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a policy names what may run; of the bytes between the tags."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lactflow.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_code"] = with_code
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":")}
    return environment
