"""The page of a fit: what a log shows about a gland, what it leaves open, and how far to trust it."""

from __future__ import annotations

from functools import cached_property
from math import isfinite
from pathlib import Path, PurePath
from shlex import quote
from typing import TYPE_CHECKING

from lactflow.analysis.citations import references_of
from lactflow.analysis.drawing.traits import trait_names
from lactflow.analysis.run import open_run
from lactflow.config.text import counted
from lactflow.errors import ArchiveError
from lactflow.experiments.fit_about import questions
from lactflow.experiments.fit_plots import with_spread
from lactflow.experiments.fitting import FORECAST_FILE, TRAITS_FILE, VOLUMES_FILE
from lactflow.recording.folder import runs_within
from lactflow.report import provenance
from lactflow.report.blocks import Block, Listing, Note, Page, Table, Tile
from lactflow.report.fit_answers import ANSWERS, answered
from lactflow.report.fit_pictures import (
    coverage_about,
    coverage_table,
    forecast_blocks,
    left_picture,
    meanings_tables,
    traits_picture,
    traits_table,
    volumes_blocks,
)
from lactflow.report.numbers import number
from lactflow.report.stored import checked
from lactflow.report.trait_words import apart

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.citations import Reference
    from lactflow.experiments.fitting import Fit

_MOST_TILES = 3
_MOST_LEFT_OUT = 20
_UNLIKE, _SCATTERED = 0.99, 1.5
"""Share of virtual mothers, and times their scatter, from which on readers must know: as `lactflow fit` prints it."""
_TRAITS = ("trait", "key", "unit", "reference", "value", "low", "high", "left", "identified", "at_edge")
_VOLUMES = ("start", "planned_min", "kind", "breast", "recorded_ml", "use", "expected_ml", "low_ml", "high_ml")
_OPEN = (
    "A trait is not identifiable when the log narrows it down by less than a quarter: with it, she may still be nearly "
    "as different from other women as without."
)


def fit_page(fit: Fit, beside: Path) -> Page:
    """
    What a log, or several, show about a gland, as a page.

    Parameters
    ----------
    fit
        Opened; where it was cut short, the page says so.
    beside
        Folder of the page; links are relative to it.
    """
    if "logs" in fit.manifest:
        from lactflow.report.fits_page import fits_page

        return fits_page(fit, beside)
    found = Fitted(fit)
    makers = [
        ("traits", "What the log shows", found.shown),
        ("open", "What it leaves open", found.open),
        ("volumes", "Amounts of milk, recorded and predicted", found.volumes_shown),
        ("trust", "How far to trust it", found.trust),
        *([("forecast", "Forecast", found.forecast)] if (fit.path / FORECAST_FILE).exists() else []),
        ("answers", "Answers", found.answers),
        ("config", "The config that simulates her", found.config_written),
    ]
    there = (fit.path / TRAITS_FILE).exists()
    return Page(
        kind="fit",
        title=f"Fitted mother: {PurePath(found.log).name}" if found.log else "Fitted mother",
        subtitle=f"{fit.path.resolve().name}{found.size}",
        status=fit.status,
        sections=provenance.sections_with(
            makers if there else [],
            fit.manifest,
            fit.status,
            None,
            provenance.citing(fit.manifest, papers=found.papers),
        ),
        tiles=found.tiles() if there else (),
        notes=[*found.notes(), *([] if there else [Note("It has no traits: there is nothing to show.", "warning")])],
    )


class Fitted:
    """
    A fit of one log, with what several sections need.

    Parameters
    ----------
    fit
        Opened. Nothing in its manifest is relied on.
    """

    def __init__(self, fit: Fit) -> None:
        self._fit, self._about = fit, fit.manifest

    @property
    def log(self) -> str:
        """File that was fitted; empty where nobody knows."""
        return provenance.cut(self._about.get("log") or "", 200)

    @property
    def size(self) -> str:
        """How many volumes by how many virtual mothers."""
        volumes, mothers = self._number("volumes"), self._number("mothers")
        if volumes is None or mothers is None:
            return ""
        return f": {counted(int(volumes), 'amount')} of milk, learned from {int(mothers):,} virtual mothers"

    def _number(self, key: str) -> float | None:
        value = self._about.get(key)
        return float(value) if isinstance(value, int | float) and isfinite(value) else None

    @cached_property
    def traits(self) -> pd.DataFrame:
        """As `with_spread`."""
        checked(self._fit, self._fit.traits, TRAITS_FILE, _TRAITS)
        return with_spread(self._fit)

    @cached_property
    def _volumes(self) -> pd.DataFrame:
        return checked(self._fit, self._fit.volumes, VOLUMES_FILE, (*_VOLUMES, "fitted_ml"))

    def papers(self) -> list[Reference]:
        """Behind the numbers of the run of the fitted mother."""
        runs = [open_run(path) for path in runs_within(self._fit.path)]
        if not runs:
            raise ArchiveError("there is no run of the fitted mother")
        return references_of(runs)

    def tiles(self) -> list[Tile]:
        """What is identified, and how near the fitted mother comes; none where the traits cannot be read."""
        try:
            table = checked(self._fit, self._fit.traits, TRAITS_FILE, _TRAITS)
        except (ArchiveError, OSError):
            return []
        names = trait_names(table)
        known = [(name, row) for name, row in zip(names, table.to_dict("records"), strict=True) if row["identified"]]
        tiles = [Tile("what her log shows", f"{len(known)} of {len(table)}", "traits of her breasts and her baby")]
        tiles += [
            Tile(
                name,
                number(row["value"]),
                f"{row['unit']}, likely {number(row['low'])} to {number(row['high'])}".lstrip(", "),
            )
            for name, row in known[:_MOST_TILES]
        ]
        if (bias := self._number("bias_ml")) is not None:
            size = f"{number(abs(bias), 2)} mL {'more' if bias > 0.0 else 'less'}"
            tiles.append(Tile("the fitted mother gives", size, f"than the log, each time{self._scatter_in_words()}"))
        return tiles

    def _scatter_in_words(self) -> str:
        sd = self._number("sd_ml")
        return "" if sd is None else f"; give or take {number(sd, 2)} mL"

    @property
    def is_missed(self) -> bool:
        """Whether the fitted mother does not give the volumes of her log."""
        return self._about.get("misses") is True

    def notes(self) -> list[Note]:
        """What readers must see first."""
        notes = provenance.ended(self._fit.status, self._about.get("error"))
        if self.is_missed:
            notes.append(
                Note(
                    "The fitted mother does not give the amounts of milk in her log: nobody among the virtual mothers "
                    "is like her. Do not use the intervals.",
                    "bad",
                )
            )
        if (self._number("distance") or 0.0) > _UNLIKE:
            far = f"{100.0 * (self._number('distance') or 0.0):.0f} % of the virtual mothers"
            text = (
                f"Her amounts of milk are further from the usual than those of {far}: is the start day right, and is "
                "all in mL?"
            )
            notes.append(Note(text, "warning"))
        if (scatter := self._number("scatter") or 0.0) > _SCATTERED:
            text = (
                f"Her amounts of milk scatter {scatter:.1f} times as much as those of virtual mothers: intervals are "
                "wider."
            )
            notes.append(Note(text, "warning"))
        return notes

    def shown(self) -> list[Block]:
        """Traits with their intervals, and what they mean."""
        return [traits_picture(self.traits), *meanings_tables(self.traits), traits_table(self.traits)]

    def open(self) -> list[Block]:
        """Traits that the log does not identify, in words and as bars."""
        names = trait_names(self.traits)
        unknown = [name for name, known in zip(names, self.traits["identified"], strict=True) if not known]
        if not unknown:
            return [Note("Nothing: every trait is identified.", "good"), left_picture(self.traits)]
        return [
            Note(
                f"Not identifiable from this log: {', '.join(unknown)}. {_OPEN} Some are known only together: the "
                "config has the values of all traits that are most probable together.",
            ),
            left_picture(self.traits),
        ]

    def volumes_shown(self) -> list[Block]:
        """Volumes recorded, expected and of the fitted mother; what was left out."""
        blocks = volumes_blocks(self._volumes, self.agreement())
        far = self._volumes[self._volumes["use"] == "left out"]
        if len(far):
            rows = [
                [str(start), str(breast), number(recorded), number(expected)]
                for start, breast, recorded, expected in far[["start", "breast", "recorded_ml", "expected_ml"]]
                .head(_MOST_LEFT_OUT)
                .itertuples(index=False)
            ]
            title = f"{counted(len(far), 'amount')} left out: far from what the others lead to expect"
            blocks.append(Table(title, ["start", "breast", "recorded [mL]", "expected [mL]"], rows, frozenset({1})))
        return blocks

    def agreement(self) -> str:
        """The check in words."""
        bias, sd, together = (self._number(key) for key in ("bias_ml", "sd_ml", "correlation"))
        return "" if bias is None or sd is None else apart(bias, sd, together, "the fitted mother")

    def trust(self) -> list[Block]:
        """Coverage of the intervals: over virtual mothers as measured, and over the volumes of this log."""
        used = self._volumes[self._volumes["use"] == "used"]
        inside = (used["recorded_ml"] >= used["low_ml"]) & (used["recorded_ml"] <= used["high_ml"])
        text = (
            f"Of the {counted(len(used), 'amount')} used, {100.0 * inside.mean():.0f} % lie in the 95 % interval that "
            "the others of her log lead to expect: about 95 % should. "
            if len(used)
            else ""
        )
        fed = self._about.get("fed") is True
        return [
            Note(
                f"{text}How often intervals of traits hold the truth was measured on {coverage_about(fed=fed)}. So "
                "intervals are right where the model is; no fit of a real log was validated."
            ),
            coverage_table(self.traits, fed=fed),
        ]

    def forecast(self) -> list[Block]:
        """Volumes that were held out, and how well they were forecast."""
        held = self._about.get("hold_out")
        return forecast_blocks(self._fit.forecast, held if isinstance(held, dict) else {})

    def answers(self) -> list[Block]:
        """What comparisons of her have answered, and commands that ask more."""
        folder = self._fit.path / ANSWERS
        asked: list[Block] = [
            Listing(question, f"lactflow {arguments}")
            for question, arguments in questions(quote(str(self._fit.config)), self._about, quote(str(folder)))
        ]
        found = answered(folder)
        how = f"comparisons in the folder {ANSWERS} of this fit are shown here"
        text = f"Further {how}." if found else f"Nothing was asked yet. These commands simulate her; {how}."
        return [*found, Note(text), *asked]

    def config_written(self) -> list[Block]:
        """The config, folded."""
        try:
            text = self._fit.config.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise ArchiveError(f"cannot read {self._fit.config}: {error.strerror}") from error
        return [Listing(self._fit.config.name, provenance.cut(text, 60_000), folded=True)]
