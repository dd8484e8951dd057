"""Heat maps of a page: values by row and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lactflow.analysis.drawing.heat import draw_heat
from lactflow.report.blocks import Picture, Table
from lactflow.report.numbers import TimeAxis, evenly, number
from lactflow.report.picture import picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.figure import Figure

    Floats = npt.NDArray[np.float64]

_SHORT_ROWS = 12
_FRAME_PX, _NARROW_FRAME_PX = 60.0, 120.0
"""Room for the axis below, and on a phone for the scale as well."""


def heat_map(
    cells: Floats,
    axis: TimeAxis,
    *,
    name: str,
    title: str,
    caption: str,
    rows: Sequence[str],
    unit: str,
    highest: float | None = None,
    at_right: Sequence[str] = (),
    row_px: int = 18,
) -> Picture:
    """
    A heat map from 0 up.

    Parameters
    ----------
    cells
        A row for each of `rows`, a column for each equal stretch of time; NaN for no value.
    axis
        The time that the columns share.
    name, title, caption
        As in `Picture`.
    rows, at_right
        What each row is, and what stands behind it.
    unit
        Of the values.
    highest
        Where the colours end; the largest value when None.
    row_px
        Height of a row.
    """

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        draw_heat(axes, cells, axis.ends, rows, unit, highest=highest, at_right=at_right)
        axes.set_xticks(axis.marks())
        axes.set_xlim(*axis.ends)
        axes.set_xlabel(axis.label)

    height_px = max(3, len(rows)) * float(row_px)
    return picture(
        name,
        title,
        caption,
        draw,
        _short(cells, axis, title, rows),
        height_px=height_px + _FRAME_PX,
        narrow_px=height_px + _NARROW_FRAME_PX,
    )


def _short(cells: Floats, axis: TimeAxis, title: str, rows: Sequence[str]) -> Table:
    """Some columns of the map as numbers."""
    middles = np.linspace(axis.from_min, axis.to_min, 2 * cells.shape[1] + 1)[1::2]
    chosen = evenly(cells.shape[1], _SHORT_ROWS)
    shown = axis.of(middles)
    return Table(
        f"{title}: some of the values",
        [axis.label, *rows],
        [[number(shown[column]), *(number(value, 2) for value in cells[:, column])] for column in chosen],
    )
