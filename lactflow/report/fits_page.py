"""The page of a fit of several logs: their traits side by side, each log's volumes, and the way to their own pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from lactflow.analysis.citations import references_of
from lactflow.analysis.drawing.traits import trait_names
from lactflow.analysis.run import open_run
from lactflow.config.text import counted
from lactflow.errors import ArchiveError
from lactflow.experiments.fit_plots import with_spread
from lactflow.recording.folder import runs_within
from lactflow.report import provenance
from lactflow.report.blocks import Block, Link, Links, Listing, Note, Page, Table, Tile
from lactflow.report.fit_page import Fitted
from lactflow.report.fit_pictures import left_picture, traits_picture
from lactflow.report.numbers import number

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.citations import Reference
    from lactflow.experiments.fitting import Fit

_MOST_DRAWN = 6
"""Logs in one picture: as many as there are colours."""


def fits_page(fit: Fit, beside: Path) -> Page:
    """
    What several logs show, as a page.

    Parameters
    ----------
    fit
        Of several logs.
    beside
        Folder of the page; links are relative to it.
    """
    makers = [
        ("traits", "What the logs show", lambda: _traits(fit)),
        ("open", "What they leave open", lambda: _left(fit)),
        ("logs", "Each log", lambda: _logs(fit, beside)),
    ]
    number_of = len(fit.logs)
    failures = fit.manifest.get("failures")
    failed = failures if isinstance(failures, list) else []
    notes = provenance.ended(fit.status, fit.manifest.get("error"))
    notes += [Note(f"Not fitted: {provenance.cut(each)}", "bad") for each in failed]
    return Page(
        kind="fit",
        title=f"Fitted mothers of {counted(number_of, 'log')}",
        subtitle=fit.path.resolve().name,
        status=fit.status,
        sections=provenance.sections_with(
            makers if number_of else [],
            fit.manifest,
            fit.status,
            None,
            provenance.citing(fit.manifest, papers=lambda: _papers(fit)),
        ),
        tiles=[Tile("logs fitted", f"{number_of} of {number_of + len(failed)}", "each a mother of her own")],
        notes=notes if number_of else [*notes, Note("No log was fitted: there is nothing to show.", "warning")],
    )


def _papers(fit: Fit) -> list[Reference]:
    """Behind the numbers of the runs of all fitted mothers."""
    runs = [open_run(path) for log in fit.logs for path in runs_within(fit.of(log).path)]
    if not runs:
        raise ArchiveError("there is no run of a fitted mother")
    return references_of(runs)


def _drawn(traits: pd.DataFrame) -> pd.DataFrame:
    """Rows of as many logs as one picture has room for."""
    return traits[traits["log"].isin(traits["log"].drop_duplicates().head(_MOST_DRAWN))]


def _traits(fit: Fit) -> list[Block]:
    """All traits of all logs."""
    table = with_spread(fit)
    rows = [
        [
            str(row["log"]),
            name,
            number(row["value"]),
            f"{number(row['low'])} to {number(row['high'])}",
            number(row["reference"]),
            str(row["unit"]),
            f"{100.0 * row['left']:.0f} %",
            "yes" if row["identified"] else "no",
        ]
        for name, row in zip(trait_names(table), table.to_dict("records"), strict=True)
    ]
    columns = ["log", "trait", "she", "95 % interval", "usual", "unit", "spread left", "identified"]
    left_out = table["log"].nunique() - _MOST_DRAWN
    crowded = [Note(f"The picture shows the first {_MOST_DRAWN} logs; {left_out} more stand in the table.")]
    return [
        *(crowded if left_out > 0 else []),
        traits_picture(_drawn(table)),
        Table("Traits of every log", columns, rows, frozenset({1, 5, 7}), folded=len(rows) > 60),
    ]


def _left(fit: Fit) -> list[Block]:
    """The least that any log leaves."""
    table = with_spread(fit)
    best = table.groupby("key")["identified"].any()
    names = dict(zip(table["key"], trait_names(table), strict=True))
    unknown = [names[key] for key in names if not best[key]]
    text = f"No log identifies: {', '.join(unknown)}." if unknown else "Every trait is identified by some log."
    return [Note(f"{text} Bars show the least that any log leaves."), left_picture(table)]


def _logs(fit: Fit, beside: Path) -> list[Block]:
    """What each log gave, in words; links to pages that there are."""
    blocks: list[Block] = []
    links = []
    for folder in fit.logs:
        one = fit.of(folder)
        found = Fitted(one)
        known = int(one.traits["identified"].sum())
        facts = [found.log or folder, f"{known} of {len(one.traits)} traits identified{found.size.replace(':', ',')}"]
        blocks.append(Note(f"{': '.join(facts)}. {found.agreement()}".strip(), "bad" if found.is_missed else "plain"))
        page = one.path / "report.html"
        if page.is_file():
            where = quote(os.path.relpath(page.resolve(), beside.resolve()).encode(errors="surrogateescape"))
            links.append(Link(found.log or folder, where, "its own page"))
    first = fit.of(fit.logs[0]).path
    return [
        *blocks,
        *([Links(links)] if links else []),
        Listing("A page of one log", f"lactflow report {first}"),
    ]
