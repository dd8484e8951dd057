"""What all pictures share: colours that do not depend on seeing red and green, axes, and shading of nights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lactflow.errors import ConfigError
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed

SIDES = {"left": "#0072b2", "right": "#d55e00"}
"""Colour of each breast: blue and vermilion of Okabe and Ito."""
KINDS = {"feed": "#009e73", "pump": "#cc79a7", "hand": "#e69f00", "bottle": "#999999"}
"""Colour of each kind of session."""
LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Colours of other lines, in their order."""
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
"""Dashes of the same lines: they differ in print without colours."""
BAND = "#56b4e9"
NIGHT = (22.0, 6.0)
"""From which to which hour of the clock a picture is shaded as night."""


@contextmanager
def matplotlib_at_hand() -> Iterator[None]:
    """
    Say how to install matplotlib where it is missing.

    Raises
    ------
    ConfigError
        If it is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        raise ConfigError("drawing needs matplotlib (pip install 'lactflow[plots]')") from None
    del mpl
    yield


def new_axes(axes: Axes | None, height: float = 3.6) -> Axes:
    """
    Axes to draw on.

    Parameters
    ----------
    axes
        Those that were given; a figure of its own when None.
    height
        Of a new figure [inches].
    """
    with matplotlib_at_hand():
        import matplotlib.pyplot as plt

        return plt.subplots(figsize=(9.0, height), layout="constrained")[1] if axes is None else axes


def plain_frame(axes: Axes) -> None:
    """No lines at the top and right; a faint grid behind everything."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(visible=True, color="0.92", linewidth=0.8)
    axes.set_axisbelow(True)


def shade_nights(axes: Axes, from_min: float, to_min: float, birth_clock_min: float, per_unit: float) -> None:
    """
    Shade the hours of the night.

    Parameters
    ----------
    axes
        Their horizontal axis counts from `from_min`.
    from_min, to_min
        What is shown [min since birth].
    birth_clock_min
        Time of day at birth [min].
    per_unit
        Minutes in one unit of the axis.
    """
    begin_h, end_h = NIGHT
    length_min = (end_h - begin_h) % 24.0 * HOUR_MIN
    first = ((from_min + birth_clock_min) // DAY_MIN - 1.0) * DAY_MIN + begin_h * HOUR_MIN - birth_clock_min
    start = first
    while start < to_min:
        low, high = max(start, from_min), min(start + length_min, to_min)
        if high > low:
            axes.axvspan((low - from_min) / per_unit, (high - from_min) / per_unit, color="0.95", zorder=0)
        start += DAY_MIN


def clock_ticks(axes: Axes, from_min: float, to_min: float, birth_clock_min: float) -> None:
    """Ticks at every third hour of the clock; the axis is in hours from `from_min`."""
    clock_h = (from_min + birth_clock_min) / HOUR_MIN
    first = -(-clock_h // 3.0) * 3.0
    hours: list[float] = []
    while (first - clock_h) * HOUR_MIN <= to_min - from_min + 1e-6:
        hours.append(first)
        first += 3.0
    axes.set_xticks([hour - clock_h for hour in hours], [f"{int(hour % 24.0):02d}:00" for hour in hours])
    axes.set_xlim(0.0, (to_min - from_min) / HOUR_MIN)


def config_of(run: Analysed) -> dict[str, Any]:
    """The resolved config of a run, as plain data; not to be changed."""
    return _parsed(run.config_text)


@lru_cache(maxsize=4)
def _parsed(text: str) -> dict[str, Any]:
    """Configs are long, and pictures of one run follow one another."""
    from lactflow.config.yaml_source import parse_yaml

    data: dict[str, Any] = parse_yaml(text.encode()).data
    return data


def one_unit(frame: Any, mother: int, replicate: int) -> Any:
    """Rows of one mother and one replicate."""
    return frame[(frame["mother"] == mother) & (frame["replicate"] == replicate)]
