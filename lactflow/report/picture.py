"""Pictures of matplotlib in pages: each drawn twice, as wide as a page and as wide as a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.report.blocks import Picture, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE_PX, _NARROW_PX = 900, 366
_PX_PER_IN = 72.0
"""So that a point, in which fonts and lines are measured, is a pixel."""


def by_breast(draw: Callable[..., Axes], sides: Sequence[str]) -> Callable[[Figure], object]:
    """
    A panel for each breast that has volumes of its own; one legend, above the first.

    Parameters
    ----------
    draw
        Draws on axes, by its keyword `breast`.
    sides
        Breasts in the order of their panels.
    """

    def onto(figure: Figure) -> None:
        for place, (axes, side) in enumerate(zip(figure.subplots(len(sides), squeeze=False)[:, 0], sides, strict=True)):
            draw(axes, breast=side)
            if place and (legend := axes.get_legend()) is not None:
                legend.remove()
            if place < len(sides) - 1:
                axes.set_xlabel("")

    return onto


def picture(
    name: str,
    title: str,
    caption: str,
    draw: Callable[[Figure], object],
    table: Table,
    *,
    height_px: float = 300.0,
    narrow_px: float | None = None,
    choice: str = "",
) -> Picture:
    """
    A block that shows what `draw` draws.

    Parameters
    ----------
    name, title, caption, table, choice
        As in `Picture`.
    draw
        Draws on an empty figure, as pages do (`lactflow.analysis.drawing.style`).
    height_px, narrow_px
        Height in a wide and in a narrow page; the same when None.
    """
    from matplotlib.figure import Figure

    from lactflow.analysis.drawing.style import in_style
    from lactflow.analysis.drawing.svg import as_svg

    def drawn(face: str, width_px: float, height_px: float) -> str:
        with in_style():
            size = (width_px / _PX_PER_IN, height_px / _PX_PER_IN)
            figure = Figure(figsize=size, dpi=_PX_PER_IN, layout="constrained")
            draw(figure)
        return as_svg(figure, f"{name}-{face}")

    name = name.replace("[", "-").replace("]", "")  # of a drug; ids of pages are plain
    wide = drawn("wide", _WIDE_PX, height_px)
    narrow = drawn("narrow", _NARROW_PX, narrow_px or height_px)
    return Picture(name, title, caption, wide, narrow, table, choice)
