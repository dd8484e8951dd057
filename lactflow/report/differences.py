"""Blocks of paired differences: a forest, the pairs behind a measure, tables, and what they rest on in words."""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.analysis.digits import apart
from lactflow.analysis.drawing.comparison import draw_forest, draw_pairs, forest_rows, gaps_of, reach_of
from lactflow.analysis.in_words import measure
from lactflow.analysis.paired import excludes_zero
from lactflow.report.blocks import Picture, Table
from lactflow.report.numbers import evenly, number, signed
from lactflow.report.picture import picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_SHORT_ROWS = 14
_ROW_PX, _SCENARIO_PX, _LABEL_PX = 10.0, 13.0, 15.0


def forest(differences: pd.DataFrame, others: Sequence[str], baseline: str) -> Picture | None:
    """
    Differences as percent of the baseline with their intervals, a row a measure.

    Parameters
    ----------
    differences
        As a comparison has them.
    others, baseline
        Names of the scenarios.

    Returns
    -------
    The block; None where no measure has an interval.
    """
    rows = forest_rows(differences, others)
    if rows.empty:
        return None
    reach, measures = reach_of(rows), rows["measure"].nunique()
    cut = bool((rows[["low", "high"]].abs() > reach).any(axis=None))
    px = measures * (_ROW_PX + _SCENARIO_PX * len(others))
    return picture(
        "forest",
        "Differences in percent",
        f"A mark is the difference from {baseline}, in percent of the mean there; the line through it is its "
        f"interval. A filled mark: the interval leaves out 0, as {int(rows['sure'].sum())} of {len(rows)} do. At the "
        "right, the difference in the unit of the measure."
        + (" Lines that are wider than the picture end in an arrow." if cut else ""),
        lambda figure: draw_forest(differences, figure.add_subplot(), scenarios=others),
        _forest_table(rows),
        height_px=90.0 + px,
        narrow_px=120.0 + px + measures * _LABEL_PX,
    )


def _forest_table(rows: pd.DataFrame) -> Table:
    """The same as text."""
    cells = [
        [measure(row["measure"]).label, row["scenario"], *(signed(row[end]) for end in ("middle", "low", "high"))]
        for row in rows.to_dict("records")
    ]
    columns = ["measure", "scenario", "difference [%]", "low [%]", "high [%]"]
    return Table("Differences in percent", columns, cells, words=frozenset({1}))


def pairs(differences: pd.DataFrame, subjects: pd.DataFrame, name: str, others: Sequence[str]) -> Picture | None:
    """
    Paired differences in one measure, a dot a subject.

    Parameters
    ----------
    differences, subjects
        As a comparison has them.
    name
        The measure.
    others
        Names of the scenarios.

    Returns
    -------
    The block; None where there is no pair.
    """
    gaps = {other: each for other, each in gaps_of(subjects, differences, name).items() if other in others}
    if not gaps:
        return None
    words, baseline = measure(name), differences["baseline"].iloc[0]
    rows = differences[differences["measure"] == name].set_index("scenario")
    means = "; ".join(f"{other}: {_mean_in_words(rows.loc[other].to_dict(), words.unit)}" for other in gaps)
    return picture(
        f"pairs-{name}",
        words.label,
        f"Each dot is a pair: the value less that of {baseline} with common random numbers. Below the dots their mean "
        f"and its interval. {means}.",
        lambda figure: draw_pairs(differences, subjects, name, figure.add_subplot(), scenarios=list(gaps)),
        _pairs_table(words.label, gaps),
        height_px=80.0 + 66.0 * len(gaps),
        narrow_px=90.0 + 96.0 * len(gaps),
        choice="pairs",
    )


def _mean_in_words(row: Mapping[Any, Any], unit: str) -> str:
    """`-135 mL/day (-161 to -109), 6 pairs`."""
    gap, low, high = apart(row["difference"], row["low"], row["high"], row["baseline_mean"])
    interval = f" ({low} to {high})" if isfinite(row["low"]) else ""
    count = int(row["replicates"])
    return f"{gap} {unit}".rstrip() + f"{interval}, {count:,} pair{'s' * (count != 1)}"


def _pairs_table(label: str, gaps: Mapping[str, Any]) -> Table:
    rows = []
    for other, values in gaps.items():
        ordered = np.sort(values)
        rows += [[other, signed(ordered[place])] for place in evenly(len(ordered), _SHORT_ROWS)]
    return Table(f"{label}: differences by size, some of them", ["scenario", "difference"], rows)


def table_of(rows: Sequence[Mapping[str, Any]], baseline: str, other: str) -> Table:
    """
    All measures of one scenario; the difference comes first, so that a phone shows it.

    Parameters
    ----------
    rows
        Differences of the scenario.
    baseline, other
        Names of both.
    """
    level = f"{100.0 * rows[0]['level']:.4g} %" if rows else ""
    # As many pairs in each row stand in the sentence above.
    uneven = len({int(row["replicates"]) for row in rows}) > 1
    return Table(
        f"{other} less {baseline}; * the interval leaves out 0",
        [
            *("measure", "difference", f"{level} interval".strip(), baseline, other),
            *(["pairs"] if uneven else []),
            "SD ratio",
        ],
        [_as_row(row, uneven=uneven) for row in rows],
    )


def _as_row(row: Mapping[str, Any], *, uneven: bool) -> list[str]:
    """One difference as a row of a table."""
    words = measure(row["measure"])
    mark = " *" if excludes_zero(row) else ""
    gap, low, high = apart(row["difference"], row["low"], row["high"], row["baseline_mean"])
    return [
        f"{words.label} [{words.unit}]" if words.unit else words.label,
        gap,
        f"{low} to {high}{mark}" if isfinite(row["low"]) else "-",
        number(row["baseline_mean"]),
        number(row["mean"]),
        *([f"{int(row['replicates'])}"] if uneven else []),
        ratio_in_words(row),
    ]


def ratio_in_words(row: Mapping[Any, Any]) -> str:
    """The ratio of two standard deviations with its interval: `0.54 (0.31 to 0.86)`."""
    low, high = row.get("sd_ratio_low", nan), row.get("sd_ratio_high", nan)  # older comparisons have none
    ratio = number(row["sd_ratio"], 2)
    return f"{ratio} ({number(low, 2)} to {number(high, 2)})" if isfinite(low) else ratio


def coarse_in_words(found: pd.DataFrame, cut: str) -> list[str]:
    """
    What of a comparison rests on coarse replicates, and how these follow the others.

    Parameters
    ----------
    found
        Differences, as a comparison has them.
    cut
        How finely the coarse replicates are cut, in words.

    Returns
    -------
    Sentences; none where nothing rests on them.
    """
    rows = found[found["coarse_replicates"] > 0] if "coarse_replicates" in found else found[:0]
    if rows.empty:
        return []
    names = " and ".join(measure(name).label for name in dict.fromkeys(rows["measure"]))
    pairs, coarse = int(rows["replicates"].max()), int(rows["coarse_replicates"].max())
    about = (
        f"{names.capitalize()} are estimated from {coarse:,} coarse pairs, {cut}, corrected by the {pairs:,} pairs "
        "that were simulated at both resolutions; all other measures from the latter alone."
    )
    each = [
        f"{row['scenario']}, {measure(row['measure']).label}: coarse differences were corrected by "
        f"{signed(row['correction'])} {measure(row['measure']).unit}; their correlation with the others is "
        f"{number(row['coarse_correlation'], 4)}."
        for row in rows.to_dict("records")
    ]
    return [about, *each]
