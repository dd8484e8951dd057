"""What a validation has found: values in bands as wide as they are, and claims with their mechanism and without."""

from __future__ import annotations

from math import inf, isfinite, isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from lactflow.analysis.drawing.style import (
    BAND,
    FAINT,
    INK,
    LINES,
    NIGHT,
    RULE,
    is_narrow,
    legend_above,
    literal,
    new_axes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

REACH = 100.0
"""How far from the middle of its band a value is drawn [% of the middle]; beyond stands an arrow."""
MOST = 10.0
"""Times that a number of a claim is drawn to be better or worse than required."""
_TIMES = ("[h]", "[day]", "[min]")
_ROW_IN, _CLAIM_IN = 0.28, 0.6
_GROUND = 0.62
_PT, _NARROW_PT = 10.5, 9.5
_ID = 15
"""Characters of an id that a narrow picture has room for."""


class Banded(NamedTuple):
    """
    A value with its band.

    Attributes
    ----------
    name, about
        Its id, and what it is.
    value, low, high
        As found, and the ends of the band.
    n
        Size of the sample that the band comes from; None where it is not known.
    """

    name: str
    about: str
    value: float
    low: float
    high: float
    n: int | None

    @property
    def middle(self) -> float:
        """Of the band."""
        return 0.5 * (self.low + self.high)

    @property
    def width(self) -> float:
        """Half the width of the band [% of its middle]; inf around 0."""
        half = 0.5 * (self.high - self.low)
        return 100.0 * half / abs(self.middle) if self.middle else inf

    @property
    def place(self) -> float:
        """Where the value is [% of the middle, from the middle]; inf or -inf for a band around 0."""
        off = self.value - self.middle
        return 100.0 * off / abs(self.middle) if self.middle else (inf if off > 0.0 else -inf if off else 0.0)

    @property
    def inside(self) -> bool:
        """Whether the value lies in the band."""
        edge = 1e-6 * max(abs(self.low), abs(self.high))
        return self.low - edge <= self.value <= self.high + edge

    def size_in_words(self) -> str:
        """Sample and width: `n = 9, \N{PLUS-MINUS SIGN} 78 %`."""
        sample = "n not given" if self.n is None else f"n = {self.n}"
        return f"{sample}, \N{PLUS-MINUS SIGN} {self.width:.0f} %" if isfinite(self.width) else f"{sample}, around 0"


class Decided(NamedTuple):
    """
    A number that decides a claim: with everything there, and without what an adversary removes.

    Attributes
    ----------
    name, what
        Id of the claim, and what the number is.
    value, low, high
        As found with everything there, and what is required; None where there is none, or it is open.
    without, adverse
        What was removed, and the number then; None for no adversary, and where there was nothing to judge.
    """

    name: str
    what: str
    value: float | None
    low: float | None
    high: float | None
    without: str | None
    adverse: float | None

    def required(self) -> str:
        """In words: `48 to 72`."""
        if self.low is None:
            return f"at most {self.high:g}"
        return f"at least {self.low:g}" if self.high is None else f"{self.low:g} to {self.high:g}"


def margin(value: float | None, low: float | None, high: float | None) -> float:
    """
    How many times better a number is than it must be; below 1 it is not met.

    Parameters
    ----------
    value
        As found; None where there is none, which is not met.
    low, high
        Ends of what is required; None where it is open. An end of 0 or less does not count.
    """
    if value is None or isnan(value):
        return 0.0
    times = inf
    if low is not None and low > 0.0:
        times = min(times, max(0.0, value) / low)
    if high is not None and high > 0.0 and value > 0.0:
        times = min(times, high / value)
    return times


def decisive(observed: pd.DataFrame) -> list[Decided]:
    """
    For each claim and each of its adversaries the number that fails most; what fails with everything there as well.

    Parameters
    ----------
    observed
        `id`, `without`, `what`, `value`, `low`, `high`, as a validation keeps them.

    Returns
    -------
    In the order of the claims; a claim without an adversary has its number that is nearest to failing, and one of
    which no numbers were kept is left out.
    """
    found: list[Decided] = []
    table = observed.astype(object).where(observed.notna(), None)
    for name, rows in table.groupby("id", sort=False):
        whole = {row["what"]: row for row in rows[rows["without"].isna()].to_dict("records") if row["what"]}
        if not whole:
            continue
        tightest = min(whole, key=lambda what: margin(*_numbers(whole[what])))
        adverse = rows[rows["without"].notna()]
        if adverse.empty or margin(*_numbers(whole[tightest])) < 1.0:
            found.append(Decided(str(name), tightest, *_numbers(whole[tightest]), None, None))
        for without, under in adverse.groupby("without", sort=False):
            these = {row["what"]: row for row in under.to_dict("records") if row["what"] in whole}
            what = min(these, key=lambda each: margin(*_numbers(these[each]))) if these else tightest
            left = these[what]["value"] if these else None
            found.append(Decided(str(name), what, *_numbers(whole[what]), str(without), left))
    return found


def _numbers(row: Mapping[Any, Any]) -> tuple[float | None, float | None, float | None]:
    return row["value"], row["low"], row["high"]


def draw_bands(rows: Sequence[Banded], axes: Axes | None = None) -> Axes:
    """
    Values in their bands, each band as wide as it is relative to its middle; narrow ones first.

    A circle lies in its band, a triangle outside; an arrow is an end, or a value, beyond the axis.

    Parameters
    ----------
    rows
        At least one.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes, in per cent from the middle of each band.
    """
    ranked = sorted(rows, key=lambda each: (each.width, each.name))
    axes = new_axes(axes, height=0.9 + _ROW_IN * len(ranked))
    narrow = is_narrow(axes)
    for at, each in enumerate(ranked):
        half = min(each.width, REACH)
        label = "band" if not at else None
        axes.barh(
            at,
            2.0 * half,
            left=-half,
            height=_GROUND,
            color=BAND,
            edgecolor=FAINT,
            linewidth=0.5,
            label=label,
            zorder=1,
        )
        if each.width > REACH:
            for end, marker in ((-REACH, "<"), (REACH, ">")):
                axes.plot([end], [at], marker, markersize=5, color=FAINT, zorder=2)
        axes.text(
            1.02,
            at,
            _size_in_short(each) if narrow else each.size_in_words(),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=_NARROW_PT if narrow else _PT,
            color=INK,
        )
    _draw_values(axes, ranked)
    axes.axvline(0.0, color=FAINT, linewidth=0.8, zorder=1.5)
    if narrow:
        heading = "n, half-width"
        axes.text(1.02, -1.0, heading, transform=axes.get_yaxis_transform(), fontsize=_NARROW_PT, color=FAINT)
    names = [literal(each.name, _ID) if narrow else f"{literal(each.about)}  {literal(each.name)}" for each in ranked]
    axes.set_yticks(range(len(ranked)), names)
    axes.set_xlim(-1.08 * REACH, 1.08 * REACH)
    axes.set_xlabel("from the middle of the band [% of it]")
    _rows_frame(axes, len(ranked))
    return axes


def _draw_values(axes: Axes, ranked: Sequence[Banded]) -> None:
    """Values inside as circles and outside as triangles; one beyond the axis is written at its edge."""
    for inside, marker, colour, words in ((True, "o", LINES[0], "inside"), (False, "^", LINES[1], "outside")):
        of_these = [(at, each) for at, each in enumerate(ranked) if each.inside == inside]
        places = [max(-REACH, min(REACH, each.place)) for _, each in of_these]
        axes.plot(places, [at for at, _ in of_these], marker, color=colour, markersize=6.5, label=words, zorder=3)
        for at, each in of_these:
            if abs(each.place) > REACH:
                side = "\N{RIGHTWARDS ARROW}" if each.place > 0.0 else "\N{LEFTWARDS ARROW}"
                axes.annotate(
                    f"{each.value:.3g} {side}" if each.place > 0.0 else f"{side} {each.value:.3g}",
                    (max(-REACH, min(REACH, each.place)), at),
                    xytext=(-8 if each.place > 0.0 else 8, 0),
                    textcoords="offset points",
                    ha="right" if each.place > 0.0 else "left",
                    va="center",
                    fontsize="small",
                )


def _size_in_short(each: Banded) -> str:
    """Sample and width where there is little room."""
    width = f"\N{PLUS-MINUS SIGN}{each.width:.0f} %" if isfinite(each.width) else "around 0"
    return f"{'?' if each.n is None else each.n}, {width}"


def draw_claims(rows: Sequence[Decided], axes: Axes | None = None) -> Axes:
    """
    Numbers that decide claims, with the mechanism (circles) and without (triangles), relative to what is required.

    Right of the line a number is as it must be. Both numbers and what is required stand at the right of each row.

    Parameters
    ----------
    rows
        Of `decisive`; at least one.
    axes
        To draw on; a new figure when None.

    Returns
    -------
    The axes; across them, on a scale of logarithms, how many times better than required a number is.
    """
    axes = new_axes(axes, height=0.9 + _CLAIM_IN * len(rows))
    narrow = is_narrow(axes)
    axes.axvspan(1.0 / MOST / 1.3, 1.0, color=NIGHT, zorder=0)
    axes.axvline(1.0, color=INK, linewidth=1.0, zorder=1)
    for at, each in enumerate(rows):
        ours = _drawn(margin(each.value, each.low, each.high))
        theirs = _drawn(margin(each.adverse, each.low, each.high))
        if each.without is not None:
            axes.plot([ours, theirs], [at, at], color=FAINT, linewidth=1.2, zorder=2)
            label = "without the mechanism" if not _has(axes, "without the mechanism") else None
            axes.plot([theirs], [at], "^", markersize=8, color=LINES[1], markerfacecolor="none", label=label, zorder=3)
        label = "with everything there" if not _has(axes, "with everything there") else None
        axes.plot([ours], [at], "o", markersize=8, color=LINES[0], label=label, zorder=4)
        if narrow:
            axes.text(1.0 / MOST, at - 0.3, literal(each.what, 44), fontsize=_NARROW_PT, va="center", color=INK)
        axes.text(
            1.02,
            at,
            _numbers_in_words(each, narrow=narrow),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=_NARROW_PT if narrow else _PT,
            color=INK,
        )
    axes.set_yticks(range(len(rows)), [literal(each.name, _ID) if narrow else _named(each) for each in rows])
    axes.set_xscale("log")
    axes.set_xlim(1.0 / MOST / 1.3, MOST * 1.3)
    ticks = (0.1, 1.0, 10.0) if narrow else (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
    axes.set_xticks(ticks, [f"{each:g}" for each in ticks])
    axes.xaxis.minorticks_off()
    axes.set_xlabel("times better than required" if narrow else "times better than required; left of 1 it is not met")
    _rows_frame(axes, len(rows))
    return axes


def _drawn(times: float) -> float:
    """A margin within the axis."""
    return max(1.0 / MOST, min(MOST, times))


def _has(axes: Axes, label: str) -> bool:
    return label in axes.get_legend_handles_labels()[1]


def _named(each: Decided) -> str:
    """A claim and its number, and what was removed."""
    without = "with everything there" if each.without is None else f"without {each.without}"
    return f"{literal(each.name)} {literal(each.what, 56)}\n{literal(without, 56)}"


def _numbers_in_words(each: Decided, *, narrow: bool) -> str:
    """Both numbers, and what is required of them."""
    ours, theirs = (_in_words(value, each.what) for value in (each.value, each.adverse))
    arrow = "" if each.without is None else f" \N{RIGHTWARDS ARROW} {theirs}"
    return f"{ours}{arrow}\n{each.required() if narrow else f'required: {each.required()}'}"


def _in_words(value: float | None, what: str) -> str:
    """A number; one that is of a time and has no end is `never`."""
    if value is not None and isfinite(value):
        return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value + 0.0:.3g}"  # 0 makes a zero of a negative one
    return "never" if what.endswith(_TIMES) else "none" if value is None or isnan(value) else "no end"


def _rows_frame(axes: Axes, count: int) -> None:
    """Rows from the top down, over a faint grid."""
    axes.set_ylim(count - 0.4, -0.6)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0.0, labelsize=_NARROW_PT if is_narrow(axes) else _PT)
    axes.grid(visible=True, axis="x", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    legend_above(axes)
