"""Values by row and time as colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.drawing.style import is_narrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

COLOURS = "viridis"
"""Read by the colour-blind, and in grey."""
_MOST_LABELS = 20


def draw_heat(
    axes: Axes,
    cells: npt.ArrayLike,
    ends: tuple[float, float],
    rows: Sequence[str],
    unit: str,
    *,
    highest: float | None = None,
    at_right: Sequence[str] = (),
) -> Axes:
    """
    A heat map from 0 up, with its scale.

    Parameters
    ----------
    axes
        To draw on.
    cells
        A row for each of `rows`, a column for each equal stretch of time; NaN for no value, which stays clear.
    ends
        First and last value of the axis of time.
    rows, at_right
        What each row is, and what stands behind it.
    unit
        Of the values.
    highest
        Where the colours end; the largest value when None.

    Returns
    -------
    The axes.
    """
    import numpy as np

    values = np.asarray(cells, dtype=float)
    known = values[np.isfinite(values)]
    largest = float(known.max()) if known.size else 0.0
    top = highest if highest is not None else largest or 1.0
    image = axes.imshow(
        np.ma.masked_invalid(values),
        aspect="auto",
        cmap=COLOURS,
        vmin=0.0,
        vmax=top,
        interpolation="none",
        extent=(*ends, float(len(rows)), 0.0),
    )
    every = -(-len(rows) // _MOST_LABELS)
    axes.set_yticks([at + 0.5 for at in range(0, len(rows), every)], list(rows[::every]), fontsize="small")
    axes.tick_params(axis="y", length=0.0)
    for at, text in enumerate(at_right):
        axes.text(1.005, at + 0.5, text, transform=axes.get_yaxis_transform(), va="center", fontsize="small")
    figure = axes.get_figure()
    if figure is not None:
        where = (
            {"orientation": "horizontal", "fraction": 0.05} if is_narrow(axes) else {"pad": 0.06 if at_right else 0.02}
        )
        scale = figure.colorbar(image, ax=axes, extend="max" if largest > top else "neither", **where)
        scale.set_label(unit)
        scale.outline.set_visible(False)
    for side in axes.spines.values():
        side.set_visible(False)
    return axes
