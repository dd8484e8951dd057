"""Figures as parts of pages: no style attributes, colours by class, text as text, names that do not clash."""

from __future__ import annotations

import re
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from matplotlib.figure import Figure

from lactflow.analysis.drawing.style import DASHES, LINES, PALETTE, in_style, legend, plain_frame, round_dots
from lactflow.analysis.drawing.svg import as_svg

PAYLOAD = "<script>window.ran=1</script>&\"'"


@pytest.fixture
def drawn():
    """A figure with lines, dashes, a shape, an image, a title and a legend with a payload."""

    def make():
        with in_style():
            figure = Figure(figsize=(9.0, 3.0), dpi=72, layout="constrained")
            axes = figure.add_subplot()
            for colour, dash in zip(LINES[:2], DASHES, strict=False):
                axes.plot([0.0, 1.0, 2.0], [0.0, 2.0, 1.0], color=colour, linestyle=dash, marker="o", label=PAYLOAD)
            axes.axvspan(0.5, 1.0, color=PALETTE["night"])
            axes.imshow([[0.0, 1.0]], extent=(0.0, 2.0, 0.0, 0.5), aspect="auto")
            axes.set_title(PAYLOAD)
            plain_frame(axes)
            legend(axes)
        return figure

    return make


def test_nothing_that_a_policy_forbids(drawn):
    """No style attributes or elements, no scripts, no handlers, no names of fonts."""
    root = ET.fromstring(as_svg(drawn(), "x"))
    tags = {element.tag for element in root.iter()}
    assert tags <= {"svg", "g", "defs", "path", "use", "text", "clipPath", "rect", "image"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not names & {"style", "font-family", "onload"}
    assert not [name for name in names if name.startswith(("on", "{"))]
    assert root.attrib["viewBox"] == "0 0 648 216"
    assert "width" not in root.attrib


def test_colours_are_classes(drawn):
    """Every paint is of the palette, or none."""
    root = ET.fromstring(as_svg(drawn(), "x"))
    paints = {element.get(paint) for element in root.iter() for paint in ("fill", "stroke")}
    assert paints <= {None, "none"}
    classes = {each for element in root.iter() for each in element.get("class", "").split()}
    assert {"s-tone-1", "s-tone-2", "f-night", "f-ink", "f-faint", "s-rule"} <= classes
    assert {each[2:] for each in classes} <= set(PALETTE)


def test_text_stays_text(drawn):
    """A payload in a title and in a legend."""
    text = as_svg(drawn(), "x")
    assert "<script" not in text
    assert [each.text for each in ET.fromstring(text).iter("text")].count(PAYLOAD) == 3


def test_names_begin_with_that_of_the_figure_and_are_used(drawn):
    """Two figures in one page do not share a name; the same figure is the same text."""
    text = as_svg(drawn(), "first")
    ids = set(re.findall(r' id="([^"]+)"', text))
    used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text))
    assert ids == {a or b for a, b in used}
    assert ids
    assert all(each.startswith("first-") for each in ids)
    assert as_svg(drawn(), "first") == text
    assert as_svg(drawn(), "second") == text.replace("first-", "second-")


def test_pages_have_every_colour_of_the_palette():
    """The same on white, and another on black; a class for each to fill and to line with."""
    css = files("lactflow.report").joinpath("assets/report.css").read_text(encoding="utf-8")
    light, dark, *_ = re.findall(r":root[^{]*\{(.*?)\}", css, flags=re.DOTALL)
    colours = [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", part)) for part in (light, dark)]
    assert {name: colours[0].get(name) for name in PALETTE} == PALETTE
    assert all(colours[1].get(name) not in (None, PALETTE[name]) for name in PALETTE)
    for name in PALETTE:
        assert f".f-{name} {{ fill: var(--{name}); }}" in css
        assert f".s-{name} {{ stroke: var(--{name}); }}" in css


def test_dots_are_seen_in_images_too():
    """Two of them, as round as they are wide; a line without length would be left out."""
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = Figure(figsize=(3.0, 2.0), dpi=72)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0.0, 100.0)
    axes.set_ylim(0.0, 1.0)
    round_dots(axes, [20.0, 60.0], [0.5, 0.5], 8.0, LINES[0])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    inked = np.asarray(canvas.buffer_rgba())[:, :, 0] < 128
    columns = np.flatnonzero(inked.any(axis=0))
    assert inked.sum() == pytest.approx(2.0 * np.pi * 16.0, rel=0.2)
    assert (columns.min(), columns.max()) == (
        pytest.approx(0.2 * 216.0 - 4.0, abs=1.5),
        pytest.approx(0.6 * 216.0 + 4.0, abs=1.5),
    )
