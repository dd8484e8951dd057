"""The page of a sweep: its points, what became of them, measures by the keys that vary, and what decides them."""

from __future__ import annotations

from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

import pandas as pd

from lactflow.analysis.daily import is_measure
from lactflow.analysis.drawing.key_axis import KeyAxis, in_words
from lactflow.analysis.drawing.swept import MOST_STRIPS, along_and_beside, by_importance
from lactflow.analysis.in_words import measure
from lactflow.analysis.sensitivity.chance import chance_of
from lactflow.config.text import counted
from lactflow.errors import LactflowError
from lactflow.experiments.ranking import IN_WORDS, RANKING, method_of
from lactflow.experiments.sensitivity import without_numbers
from lactflow.experiments.sweep.citations import references_of_sweep
from lactflow.recording.folder import table_of
from lactflow.report import provenance
from lactflow.report.blocks import Block, Facts, Note, Page, Table, Tile
from lactflow.report.numbers import number
from lactflow.report.ranking import bars, ranking_table
from lactflow.report.swept import against_keys, over_keys, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lactflow.experiments.sweep.results import Sweep

_FIRST = "removed_ml_per_day"
_MOST_REASONS = 20
_MOST_KEYS = 100
_MOST_PICTURES = 10
"""Measures that are drawn; the others stand in the table."""
_RESAMPLES = 200
"""For the intervals of the share of chance."""


def sweep_page(sweep: Sweep) -> Page:
    """
    What a sweep found, as a page.

    Parameters
    ----------
    sweep
        Opened, whatever is done of it.

    Raises
    ------
    DamagedRunError
        If its plan is not what was written.
    """
    swept = _Swept(sweep)
    makers = [
        ("points", "Points", swept.points),
        ("failures", "Failures", swept.failures),
        ("measures", "Measures", swept.measures),
        ("ranking", "Ranking", swept.rankings),
        ("chance", "Chance", swept.chance),
    ]
    status = swept.counts.status
    cited = provenance.citing(sweep.manifest, papers=lambda: references_of_sweep(sweep.plan))
    return Page(
        kind="sweep",
        title=swept.title,
        subtitle=f"{sweep.path.resolve().name}: {swept.size}",
        status=status,
        sections=provenance.sections_with(makers, sweep.manifest, status, swept.config_text(), cited),
        tiles=swept.tiles(),
        notes=swept.notes(),
    )


class _Swept:
    """A sweep, with what several sections need."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep, self.counts = sweep, sweep.counts
        self._failures = sweep.failures

    @cached_property
    def _results(self) -> pd.DataFrame:
        return self._sweep.results

    @cached_property
    def _axes(self) -> dict[str, KeyAxis]:
        """Of the keys, by what is planned of them."""
        return self._sweep.axes_of_keys()

    @cached_property
    def _varying(self) -> dict[str, KeyAxis]:
        return {key: axis for key, axis in self._axes.items() if len(axis.distinct) > 1}

    @cached_property
    def _ranking(self) -> pd.DataFrame | None:
        """What `lactflow sensitivity` has written; None where it has not."""
        if not (self._sweep.path / RANKING).exists():
            return None
        return table_of(self._sweep.path, self._sweep.manifest, RANKING)

    @cached_property
    def _drawn(self) -> list[str]:
        """Measures that differ between units: those that were ranked or chosen by the user first."""
        known = [str(name) for name in self._results if is_measure(str(name)) or "@" in str(name)]
        ranked = [] if self._ranking is None else self._ranking["measure"].drop_duplicates().tolist()
        chosen = [name for name in known if "@" in name]
        order = dict.fromkeys([*ranked, *chosen, _FIRST, *known])
        return [name for name in order if name in known and _differs(self._results[name])]

    @property
    def title(self) -> str:
        """Of the scenario, and what varies."""
        try:
            config = self._sweep.plan.config(0)[0]
            name = config.title or config.name
        except (LactflowError, OSError):
            name = self._sweep.path.resolve().name
        keys = list(self._varying)
        over = " and ".join(keys) if 0 < len(keys) < 3 else f"{len(keys)} keys vary" if keys else ""
        return f"{name}{f': {over}' if over else ''}"

    @property
    def size(self) -> str:
        """How many there are of what."""
        about = self._sweep.plan.about
        return f"{counted(about['points'], 'point')}, {counted(about['units'], 'run')}"

    def config_text(self) -> str | None:
        """The config of the first point; None where it cannot be read."""
        try:
            return self._sweep.config_text
        except (LactflowError, OSError):
            return None

    def tiles(self) -> list[Tile]:
        """Numbers worth seeing first."""
        counts, about = self.counts, self._sweep.plan.about
        return [
            Tile("runs complete", f"{counts.complete:,}", f"of {counts.units:,}"),
            Tile("runs failed", f"{counts.failed:,}", f"of {counts.units:,}"),
            Tile("points", f"{about['points']:,}", ""),
            Tile("keys that vary", f"{len(self._varying):,}", ""),
            Tile("simulated in", number(counts.cpu_s), "s of CPU time"),
        ]

    def notes(self) -> list[Note]:
        """What is missing."""
        counts = self.counts
        missing = counts.units - counts.complete
        if not missing:
            return []
        failed = f"{counts.failed:,} failed, and " if counts.failed else ""
        text = (
            f"{missing:,} of {counted(counts.units, 'run')} are not in these figures: {failed}{counts.remaining:,} "
            f"are to be done. `lactflow sweep --resume {self._sweep.path}` goes on."
        )
        return [Note(text, "bad" if counts.failed else "warning")]

    def points(self) -> list[Block]:
        """What was planned: keys with their values, mothers, replicates, what is recorded."""
        plan = self._sweep.plan
        frame = plan.frame()
        different = frame["key"].nunique()
        facts = [
            ("points", f"{plan.about['points']:,}"),
            ("mothers", f"{frame['mother'].nunique():,}"),
            ("replicates", f"{frame['replicate'].nunique():,}"),
            ("runs", f"{len(frame):,}{f', {different:,} of them different' if different < len(frame) else ''}"),
            ("recorded", plan.level.replace(",", ", ")),
        ]
        given = {each["key"]: str(each["from"]) for each in plan.about["keys"]}
        rows = [
            [key, given[key], f"{len(axis.distinct):,}", _values(axis), axis.unit]
            for key, axis in list(self._axes.items())[:_MOST_KEYS]
        ]
        blocks: list[Block] = [Facts(facts)]
        if rows:
            some = "" if len(rows) == len(self._axes) else f": {len(rows)} of {len(self._axes)}"
            columns = ["key", "given by", "values", "from, to", "unit"]
            blocks.append(Table(f"Keys that vary{some}", columns, rows, frozenset({1, 3, 4}), folded=len(rows) > 12))
        return blocks

    def failures(self) -> list[Block]:
        """Why units failed, the most frequent reasons first."""
        failed = self._failures
        if failed.empty:
            return []
        reasons = failed.groupby("message", sort=False)["unit"].agg(["size", "first"]).reset_index()
        reasons = reasons.sort_values("size", ascending=False, kind="stable")
        rows = [
            [provenance.cut(row["message"], 400), f"{row['size']:,}", self._sweep.plan.named(int(row["first"]))]
            for row in reasons.head(_MOST_REASONS).to_dict("records")
        ]
        more = len(reasons) - _MOST_REASONS
        return [
            Table("Why runs failed", ["reason", "runs", "the first of them"], rows, frozenset({2})),
            *([Note(f"{more:,} more reasons stand in the ledgers.")] if more > 0 else []),
        ]

    def measures(self) -> list[Block]:
        """Every measure that differs, by the keys; the page shows one at a time."""
        results = self._results
        if results.empty:
            return [Note("No run is complete: there is nothing to show.", "warning")]
        blocks: list[Block] = [_table_of(results, self._drawn)]
        names = self._drawn[:_MOST_PICTURES]
        if len(names) < len(self._drawn):
            blocks.append(Note(f"{len(names)} of {len(self._drawn)} measures are drawn; the table has all of them."))
        if not self._varying:
            return [*blocks, *(spread(name, results) for name in names)]
        if (lines := along_and_beside(list(self._varying.values()))) is not None:
            return [*blocks, *(over_keys(name, results, *lines) for name in names)]
        order = by_importance(results, self._varying, names)
        for name in names:
            keys = dict.fromkeys([*self._ranked(name), *order[name]])
            axes = [self._varying[key] for key in keys if key in self._varying]
            blocks.append(against_keys(name, results, axes[:MOST_STRIPS], len(axes[MOST_STRIPS:])))
        return blocks

    def _ranked(self, name: str) -> list[str]:
        """Keys by their rank, where they are ranked by this measure."""
        ranking = self._ranking
        if ranking is None:
            return []
        keys: list[str] = ranking[ranking["measure"] == name].sort_values("rank")["key"].tolist()
        return keys

    def rankings(self) -> list[Block]:
        """What decides each measure, as `lactflow sensitivity` has ranked it."""
        ranking = self._ranking
        if ranking is None:
            return []
        what = IN_WORDS[method_of(ranking)]
        names = ranking["measure"].drop_duplicates().tolist()
        pictures = [bars(name, ranking, what) for name in names[:_MOST_PICTURES]]
        tables = [ranking_table(name, ranking) for name in names[_MOST_PICTURES:]]
        texts = [f"{key} is no number, and is not ranked." for key in without_numbers(self._sweep)]
        dropped = int(ranking["dropped"].max())
        if dropped:
            texts.append(f"Up to {dropped:,} steps of a quantity are left out: runs are missing, or have no measure.")
        return [*map(Note, texts), *(each for each in pictures if each is not None), *tables]

    def chance(self) -> list[Block]:
        """What replicates have in one point, of what all units have."""
        results, names = self._results, self._drawn
        if results.empty or not names or not self._varying:
            return []
        names = names if self._ranking is None else [each for each in names if self._ranked(each)]
        found, without = chance_of(results, names, _RESAMPLES)
        notes = [Note(f"{each}.") for each in without]
        if found is None:
            return [*notes]
        rows = [
            [
                measure(row["measure"]).label,
                _share(row["share"]),
                f"{_share(row['low'])} to {_share(row['high'])}",
                _share(row["common_share"]),
            ]
            for row in found.to_dict("records")
        ]
        about = (
            "Share: how much of the variance of single runs is between replicates of one point and mother. Common: the "
            "part of it that all points have alike, as they have the same random numbers; it does not disturb "
            "differences between points."
        )
        return [Note(about), Table("How much is chance", ["measure", "share", "95 %", "common"], rows), *notes]


def _differs(values: pd.Series[Any]) -> bool:
    """Whether a measure is not the same in all units."""
    known = values.dropna()
    return bool((known != known.iloc[0]).any()) if len(known) else False


def _values(axis: KeyAxis) -> str:
    """The values of a key where they are few, else its ends."""
    if len(axis.distinct) <= 8:
        return ", ".join(in_words(value, 24) for value in axis.distinct)
    return axis.span.removesuffix(axis.unit).strip() if axis.is_number else f"{len(axis.distinct):,} words"


def _table_of(results: pd.DataFrame, names: Sequence[str]) -> Table:
    """Every measure over all units."""
    rows = []
    for name in names:
        values = results[name].dropna()
        low, high = values.quantile([0.05, 0.95])
        words = measure(name)
        cells = [number(float(value), 4) for value in (values.mean(), values.std(), low, high)]
        rows.append([words.label, *cells, f"{len(values):,}", words.unit])
    columns = ["measure", "mean", "SD", "5 %", "95 %", "runs", "unit"]
    return Table("Measures over all runs that are complete", columns, rows, frozenset({6}), folded=True)


def _share(value: float) -> str:
    return f"{number(100.0 * value, 2)} %" if isfinite(value) else "-"
