"""The course of a run within days: fullness, hormones and let-downs, sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lactflow.dyad.watching import PLASMA
from lactflow.records import BREASTS
from lactflow.report.blocks import Block, Note
from lactflow.report.courses import over_time
from lactflow.report.heat import heat_map
from lactflow.report.numbers import TimeAxis, in_words, number
from lactflow.report.provenance import cut
from lactflow.report.thinning import MOST_COLUMNS, columns_for, means, thinned

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from lactflow.analysis.run import Run
    from lactflow.report.moments import Moment

_SIGNALS = (
    ("prolactin", "Prolactin", "prolactin_ng_per_ml", "ng/mL"),
    ("progesterone", "Progesterone", "progesterone_ng_per_ml", "ng/mL"),
)
"""Hormones that samples show; oxytocin comes in pulses of a minute, of which most fall between two samples."""
_CONSTANT = 0.01
"""A signal that varies by less than this share of itself is a sentence."""
_MOST_SIGNALS = 24
"""That are drawn; a page has to stay small."""
_FULLNESS_SHOWN = 1.2
"""Where the colours of fullness end: a lumen past capacity looks other than one at capacity."""


def fullness(shown: Run, axis: TimeAxis, marks: Sequence[Moment]) -> list[Block]:
    """Volume over capacity: of each breast, and of each lobe."""
    breasts = shown["breasts"]
    if breasts.empty:
        return [Note("The table breasts has no rows.")]
    breasts["fullness"] = breasts["volume_ml"] / breasts["capacity_ml"]
    wide = breasts.pivot_table(index="time_min", columns="breast", values="fullness").reset_index()
    thin = thinned(wide, [side for side in BREASTS if side in wide], axis)
    chart = over_time(
        axis,
        thin.time_min,
        thin.columns,
        "of capacity",
        name="fullness-breasts",
        title="Breasts",
        caption=f"Milk in the breast over its storage capacity; it may pass 1. {thin.caption}".strip(),
        bands=thin.bands,
        marks=marks,
    )
    lobes = shown.read("lobes", ["time_min", "breast", "lobe", "fullness"])
    if lobes.empty:
        return [chart, Note("The table lobes has no rows.")]
    edges_min = columns_for(lobes["time_min"], axis, MOST_COLUMNS)
    rows, cells = [], []
    for side in BREASTS:
        for lobe, samples in lobes[lobes["breast"] == side].groupby("lobe"):
            rows.append(f"{side} {lobe}")
            cells.append(means(samples["time_min"].to_numpy(float), samples["fullness"].to_numpy(float), edges_min))
    heat = heat_map(
        np.array(cells),
        axis,
        name="fullness-lobes",
        title="Lobes",
        caption=f"Fullness of each lobe, smallest first in each breast; {_step(edges_min)}.",
        rows=rows,
        unit="of capacity",
        highest=_FULLNESS_SHOWN,
        row_px=14 if len(rows) <= 24 else 6,
    )
    return [chart, heat]


def _step(edges_min: np.ndarray) -> str:
    return f"each column is a mean over {in_words(edges_min[1] - edges_min[0])}"


def hormones(shown: Run, axis: TimeAxis, marks: Sequence[Moment]) -> list[Block]:
    """Hormones in the mother's blood, each on a scale of its own, and what let milk down."""
    samples = shown["hormones"]
    blocks: list[Block] = []
    if samples.empty:
        blocks.append(Note("The table hormones has no rows."))
    for name, title, column, unit in _SIGNALS if not samples.empty else ():
        lowest, highest = samples[column].min(), samples[column].max()
        if highest - lowest <= _CONSTANT * abs(highest):
            blocks.append(Note(f"{title} in plasma was {number(float(highest))} {unit} all the time."))
            continue
        thin = thinned(samples, [column], axis).named(column, title.lower())
        blocks.append(
            over_time(
                axis,
                thin.time_min,
                thin.columns,
                unit,
                name=name,
                title=title,
                caption=f"{title} in plasma. {thin.caption}".strip(),
                bands=thin.bands,
                marks=marks,
            )
        )
    return [*blocks, *_let_downs(shown, axis)]


def levels(shown: Run, axis: TimeAxis, marks: Sequence[Moment], drugs: Sequence[str] = ()) -> list[Block]:
    """Signals of the blood that the run adds, each on a scale of its own; drugs have a section of their own."""
    samples = shown["levels"]
    if samples.empty:
        return [Note("The table levels has no rows.")]
    samples = samples[~samples["signal"].isin([f"{name}{PLASMA}" for name in drugs])]
    blocks: list[Block] = []
    by_signal = [(str(name), rows) for name, rows in samples.groupby("signal", sort=False, observed=True)]
    for place, (name, rows) in enumerate(by_signal[:_MOST_SIGNALS]):
        thin = thinned(rows, ["level"], axis).named("level", name)
        unit = str(rows["unit"].iloc[0])
        blocks.append(
            over_time(
                axis,
                thin.time_min,
                thin.columns,
                unit or "level",
                name=f"level-{place}",
                title=name,
                caption=f"Level at each sample; what lies between two is not seen. {thin.caption}".strip(),
                bands=thin.bands,
                marks=marks,
            )
        )
    if len(by_signal) > _MOST_SIGNALS:
        left_out = ", ".join(name for name, _ in by_signal[_MOST_SIGNALS:])
        blocks.append(Note(f"Not drawn, and in the table levels: {cut(left_out)}."))
    return blocks


def _let_downs(shown: Run, axis: TimeAxis) -> list[Block]:
    """A rug: let-downs by what released oxytocin, both breasts having the same."""
    pulses = shown.read("let_downs", ["let_down", "time_min", "trigger", "oxytocin_pg_per_ml"]).drop_duplicates(
        "let_down"
    )
    if pulses.empty:
        return [Note("No milk was let down.")]
    edges_min = axis.edges(MOST_COLUMNS)
    rows = [str(trigger) for trigger in pulses["trigger"].value_counts().index]
    counts = np.array([np.histogram(pulses["time_min"][pulses["trigger"] == each], edges_min)[0] for each in rows])
    heat = heat_map(
        np.where(counts > 0, counts, np.nan).astype(float),
        axis,
        name="let-downs",
        title="Let-downs",
        caption=f"{len(pulses):,} pulses of oxytocin by what released them, most with a peak of {_peaks(pulses)} "
        f"pg/mL; a mark is {in_words(edges_min[1] - edges_min[0])} wide, and its colour how many fell into it.",
        rows=rows,
        unit="let-downs",
        row_px=22,
        at_right=[f"{(pulses['trigger'] == each).sum():,}" for each in rows],
    )
    return [heat]


def _peaks(pulses: pd.DataFrame) -> str:
    """Most of the peaks of oxytocin: from the tenth to the ninetieth percentile."""
    low, high = pulses["oxytocin_pg_per_ml"].quantile([0.1, 0.9])
    return f"{number(float(low))} to {number(float(high))}"
