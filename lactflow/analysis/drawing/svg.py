"""
A figure of matplotlib as SVG for a page: no style attributes, colours by the page's own variables, text as text.

Pages forbid style attributes by their content security policy, and have a light and a dark face. Matplotlib writes both
colours and fonts as style attributes. Here they become presentation attributes, and a colour of the palette becomes a
class, which the style sheet of the page colours.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from lactflow.analysis.drawing.style import PALETTE, in_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_ROLES = {colour: role for role, colour in PALETTE.items()}
_PAINTS = {"fill": "f", "stroke": "s"}
"""Attributes that colour, and the letter that their classes begin with."""
_DEFAULTS = {
    "fill-rule": "nonzero",
    "font-family": None,
    "font-style": "normal",
    "font-variant": "normal",
    "font-weight": "normal",
    "font-stretch": "normal",
}
"""What need not be written; None: never written, as the page has its own."""
_FONT = re.compile(r"(?:(?P<weight>bold|\d{3}) )?(?P<size>[\d.]+px)")
_COORDINATES = {"d", "x", "y", "width", "height", "transform", "points"}
_LONG = re.compile(r"-?\d+\.\d{2,}")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def as_svg(figure: Figure, name: str) -> str:
    """
    A figure as an `<svg>` element of a page.

    Parameters
    ----------
    figure
        With colours of `lactflow.analysis.drawing.style.PALETTE`; others stay as they are in both faces of the page.
    name
        Unique in the page: the identifiers in the element begin with it.

    Returns
    -------
    The element as text. It has no name, no title and no role: what holds it has these.
    """
    content = io.StringIO()
    with in_style(), _written():
        if (layout := figure.get_layout_engine()) is not None:
            # Once, and not again when it is saved: that takes a third of the time.
            layout.execute(figure)
            figure.set_layout_engine(None)
        figure.savefig(content, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    root = ET.fromstring(content.getvalue())  # noqa: S314 - matplotlib has just written it
    _without(root, {"metadata", "style", "title"})
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        _painted(element)
    _named(root, name)
    _flattened(root)
    view = root.attrib["viewBox"]
    root.attrib = {"viewBox": view, "stroke-linejoin": "round", "stroke-linecap": "butt"}
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def as_file(draw: Callable[[Axes], object], height: float) -> bytes:
    """
    A picture as an SVG file that stands alone, with its letters as shapes: it looks the same everywhere.

    Parameters
    ----------
    draw
        Draws on axes.
    height
        Of the figure [inches].

    Returns
    -------
    The same file for the same picture.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    content = io.BytesIO()
    with in_style(), rc_context({"svg.fonttype": "path", "svg.hashsalt": "lactflow"}):
        figure = Figure(figsize=(9.0, height), layout="constrained")
        draw(figure.add_subplot())
        figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


def _flattened(element: ET.Element) -> None:
    """Groups that say nothing are taken away, and what is not seen, and the space between elements."""
    element.tail = None
    if element.tag != "text":
        element.text = None
    children: list[ET.Element] = []
    for child in list(element):
        _flattened(child)
        if child.tag in ("g", "defs") and not child.attrib and (child.tag == "g" or not len(child)):
            children += list(child)
        elif not _unseen(child):
            children.append(child)
    element[:] = children


def _unseen(element: ET.Element) -> bool:
    """Whether it is a path without line and ground."""
    painted = "class" in element.attrib or element.get("stroke", "none") != "none"
    return element.tag == "path" and element.get("fill") == "none" and not painted


def _written() -> AbstractContextManager[None]:
    """How matplotlib writes: text as text, and the same file for the same figure."""
    from matplotlib import rc_context

    return rc_context({"svg.fonttype": "none", "svg.hashsalt": "lactflow", "path.simplify": True})


def _without(root: ET.Element, tags: Iterable[str]) -> None:
    """Take out what a page has no use for."""
    unwanted = {f"{_SVG}{tag}" for tag in tags}
    for parent in root.iter():
        for child in [each for each in parent if each.tag in unwanted]:
            parent.remove(child)


def _painted(element: ET.Element) -> None:
    """Style attributes as presentation attributes, colours as classes, coordinates with one digit after the point."""
    for rule in element.attrib.pop("style", "").split(";"):
        key, _, value = (part.strip() for part in rule.partition(":"))
        for name, given in _attributes(key, value):
            element.set(name, given)
    classes = []
    for paint, letter in _PAINTS.items():
        role = _ROLES.get(element.get(paint, "").lower())
        if role is not None:
            del element.attrib[paint]
            classes.append(f"{letter}-{role}")
    if element.tag == "text" and not classes:
        classes.append("f-ink")
    if classes:
        element.set("class", " ".join(classes))
    for key in _COORDINATES.intersection(element.attrib) if element.tag != "image" else ():
        element.set(key, _short(element.attrib[key]))
    if f"{_XLINK}href" in element.attrib:
        element.set("href", element.attrib.pop(f"{_XLINK}href"))


def _attributes(key: str, value: str) -> Iterator[tuple[str, str]]:
    """A rule of a style attribute as presentation attributes; none for what is as it is anyway."""
    if key == "font":
        found = _FONT.match(value)
        if found is not None:
            yield "font-size", found["size"]
            if found["weight"] is not None:
                yield "font-weight", found["weight"]
    elif key and _DEFAULTS.get(key, "") not in (None, value):
        yield key, value


def _short(numbers: str) -> str:
    """Coordinates with one digit after the point, and one space between them."""
    return " ".join(_LONG.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), numbers).split())


def _named(root: ET.Element, name: str) -> None:
    """Identifiers that something refers to, made unique in the page; no others."""
    wanted = {
        each
        for element in root.iter()
        for value in element.attrib.values()
        for each in [*_REFERENCE.findall(value), *([value[1:]] if value.startswith("#") else [])]
    }
    new = {each: f"{name}-{number}" for number, each in enumerate(sorted(wanted))}
    for element in root.iter():
        if (identifier := element.attrib.pop("id", None)) in new:
            element.set("id", new[identifier])
        for key, value in element.attrib.items():
            if value.startswith("#") and value[1:] in new:
                element.set(key, f"#{new[value[1:]]}")
            elif "url(#" in value:
                element.set(key, _REFERENCE.sub(lambda found: f"url(#{new[found[1]]})", value))
