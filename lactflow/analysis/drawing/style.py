"""What all pictures share: the palette, axes, legends, shading of nights, and one frame for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lactflow.analysis.run import Analysed

PALETTE = {
    "ink": "#1b2128",
    "faint": "#55606b",
    "rule": "#d5dbe1",
    "night": "#eef1f4",
    "band": "#cfe3f2",
    "tone-1": "#0072b2",
    "tone-2": "#d55e00",
    "tone-3": "#009e73",
    "tone-4": "#b3478a",
    "tone-5": "#7a6a00",
    "tone-6": "#3a3f45",
}
"""Colours by what they are for, the tones after Okabe and Ito; pages have the same names, and others on dark ground."""
INK, FAINT, RULE, NIGHT, BAND = (PALETTE[name] for name in ("ink", "faint", "rule", "night", "band"))
LINES = tuple(PALETTE[f"tone-{number}"] for number in range(1, 7))
"""Colours of lines, in their order."""
SIDES = {"left": LINES[0], "right": LINES[1]}
"""Colour of each breast."""
SIDE_COLOURS = {**SIDES, "both": INK}
"""Colour of volumes of each breast, and of those of a whole session."""
SIDE_MARKERS = {"left": "<", "right": ">", "both": "D"}
"""Marker of each breast, which points to its side: they differ without colours too."""
KINDS = {"feed": LINES[2], "pump": LINES[3], "hand": LINES[4], "bottle": LINES[5]}
"""Colour of each kind of session."""
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
"""Dashes of lines, in the same order: they differ in print without colours."""
MARKERS = ("o", "s", "^", "D", "v", "P")
"""Markers of points, in the same order."""
NIGHT_H = (22.0, 6.0)
"""From which to which hour of the clock a picture is shaded as night."""
_NARROW_IN = 6.0
"""Width of axes [inches] below which a legend stands under them."""
_LONG_LABEL = 22
"""Characters of a label, beyond which a narrow picture has no room for two beside each other."""
_LEGEND_LETTERS, _KEY_LETTERS = 66, 6
"""Of small text that a line of a legend holds on a phone, and that a mark with its gaps takes."""
_RC: Any = {
    "axes.edgecolor": FAINT,
    "axes.labelcolor": FAINT,
    "axes.titlecolor": INK,
    "axes.titlesize": "medium",
    "font.size": 11.5,
    "grid.color": RULE,
    "legend.frameon": False,
    "text.color": INK,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
}


def in_style() -> AbstractContextManager[None]:
    """A context in which matplotlib draws as pages do."""
    from matplotlib import rc_context

    return rc_context(_RC)


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
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(9.0, height), layout="constrained")[1] if axes is None else axes


def is_narrow(axes: Axes) -> bool:
    """Whether the figure of the axes is as narrow as a phone: fewer marks, and legends below."""
    figure = axes.get_figure(root=True)
    return figure is not None and figure.get_figwidth() < _NARROW_IN


def plain_frame(axes: Axes) -> None:
    """No lines at the top and right; a faint grid behind everything."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(visible=True, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)


def legend(*axes: Axes) -> None:
    """
    The labels of all the axes in one legend: at their right, or below where there is no room.

    Parameters
    ----------
    axes
        The first has the legend; others lie on it.
    """
    handles: list[Any] = []
    labels: list[str] = []
    for each in axes:
        of_each = each.get_legend_handles_labels()
        handles += of_each[0]
        labels += map(str, of_each[1])
    if not labels:
        return
    figure = axes[0].get_figure()
    if is_narrow(axes[0]) and figure is not None:
        columns = max(1, min(3, _LEGEND_LETTERS // (max(map(len, labels)) + _KEY_LETTERS)))
        figure.legend(handles, labels, loc="outside lower center", ncols=columns, fontsize="small")
    else:
        room = 1.0 if len(axes) == 1 else 1.08
        axes[0].legend(handles, labels, loc="upper left", bbox_to_anchor=(room, 1.0))


def legend_above(axes: Axes) -> None:
    """
    The labels of the axes in a legend above them: where numbers stand at the right, or pictures differ in height.

    Parameters
    ----------
    axes
        Without a title.
    """
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        columns = 4 if not is_narrow(axes) else 1 if max(map(len, labels)) > _LONG_LABEL else 2
        size = "small" if is_narrow(axes) else "medium"
        axes.legend(handles, labels, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, fontsize=size)


def literal(text: object, longest: int = 32) -> str:
    """
    Text of a user as matplotlib shall show it: no formula between dollars, no label that legends leave out, not long.

    Parameters
    ----------
    text
        Any; what no page can hold becomes a replacement character.
    longest
        Characters that there is room for; of more, the beginning and the end are left, which distinguish names.
    """
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in " ".join(str(text).split()))
    if len(shown) > longest:
        end = longest // 3
        shown = f"{shown[: longest - end - 3]}...{shown[-end:]}"
    shown = shown.replace("$", r"\$")
    return f" {shown}" if shown.startswith("_") else shown


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
    begin_h, end_h = NIGHT_H
    length_min = (end_h - begin_h) % 24.0 * HOUR_MIN
    first = ((from_min + birth_clock_min) // DAY_MIN - 1.0) * DAY_MIN + begin_h * HOUR_MIN - birth_clock_min
    start = first
    while start < to_min:
        low, high = max(start, from_min), min(start + length_min, to_min)
        if high > low:
            axes.axvspan((low - from_min) / per_unit, (high - from_min) / per_unit, color=NIGHT, zorder=0)
        start += DAY_MIN


def day_axis(axes: Axes, days: Sequence[float]) -> None:
    """
    Days since birth, marked at whole ones.

    Parameters
    ----------
    axes
        Their horizontal axis is in days; day 1 is from 0 to 1.
    days
        Numbers of the days that are shown, rising; the axis is left as it is without any.
    """
    from matplotlib.ticker import MaxNLocator

    if len(days):
        axes.set_xlim(days[0] - 1.0, days[-1])
    axes.xaxis.set_major_locator(MaxNLocator(7 if is_narrow(axes) else 10, integer=True))
    axes.set_xlabel("days since birth")


def clock_ticks(axes: Axes, from_min: float, to_min: float, birth_clock_min: float) -> None:
    """Ticks every third hour of a day, every sixth of two or on a phone; the axis is in hours from `from_min`."""
    days = max(1.0, (to_min - from_min) // DAY_MIN)
    every_h = (6.0 if is_narrow(axes) else 3.0) * days
    clock_h = (from_min + birth_clock_min) / HOUR_MIN
    first = -(-clock_h // every_h) * every_h
    hours: list[float] = []
    while (first - clock_h) * HOUR_MIN <= to_min - from_min + 1e-6:
        hours.append(first)
        first += every_h
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


def clock_text(time_min: float, run: Analysed) -> str:
    """A time since birth as day and clock: `day 30, 06:14`."""
    from lactflow.dyad.schedule.times import clock_minutes

    clock_min = time_min + clock_minutes(config_of(run)["birth_clock"])
    day = int(clock_min // DAY_MIN)
    minute = int(clock_min - day * DAY_MIN)
    return f"day {day + 1}, {minute // 60:02d}:{minute % 60:02d}"


def one_unit(frame: Any, mother: int, replicate: int) -> Any:
    """Rows of one mother and one replicate."""
    return frame[(frame["mother"] == mother) & (frame["replicate"] == replicate)]


def round_dots(axes: Axes, x: Iterable[float], y: Iterable[float], size: float, colour: str) -> None:
    """
    Many dots as one path, with which a page stays small.

    Parameters
    ----------
    axes
        To draw on; their horizontal limits are set.
    x, y
        Where they are.
    size
        Diameter [points].
    colour
        Of the palette.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    low, high = axes.get_xlim()
    length = 1e-5 * (high - low)  # a line without any length is left out of images
    corners = [corner for left, top in zip(x, y, strict=True) for corner in ((left, top), (left + length, top))]
    if not corners:
        return
    path = Path(corners, [Path.MOVETO, Path.LINETO] * (len(corners) // 2))
    path.should_simplify = False
    dots = PathPatch(path, fill=False, edgecolor=colour, linewidth=size, capstyle="round")
    dots.set_snap(False)  # moved onto whole pixels, so short a line has no length, and images leave it out
    axes.add_patch(dots)
