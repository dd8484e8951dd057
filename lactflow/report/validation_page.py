"""The page of a validation: claims, published targets and spreads, what was required and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lactflow.analysis.drawing.judged import REACH, decisive
from lactflow.config.text import counted
from lactflow.errors import DamagedRunError
from lactflow.recording.folder import OBSERVED, RESULTS, VALIDATION, read_folder, table_of
from lactflow.report import provenance
from lactflow.report.blocks import Block, Judged, Note, Page, Table, Tile, Verdicts
from lactflow.report.judged_pictures import banded, bands, claims

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    Row = Mapping[str, Any]
    """A result: numbers, and all else as text."""

_VERDICTS = ("met", "not met", "not judged")
_GROUPS: tuple[tuple[str, str, str], ...] = (
    ("Claims", "claim", ""),
    ("Targets for calibration", "target", "calibration"),
    ("Targets for checking", "target", "check"),
    ("Spreads between women", "spread", ""),
)
"""Name of a group, and what the columns `kind` and `use` state about its rows; nothing for whatever."""
_NUMBERS = ("value", "low", "high")
_OBSERVED = ("id", "without", "what", *_NUMBERS)
_TESTED = (("gland", "the gland"), ("input", "an input"), ("fitted", "what was fitted to them"))
"""What targets test, in words."""
_ABOUT = (("secretion", "milk and its secretion"), ("exposure", "drugs, immune proteins and sugars in milk"))
"""What targets are about, in words."""


def validation_page(folder: Path) -> Page:
    """
    What a validation found, as a page.

    Raises
    ------
    ArchiveError
        If it is no validation.
    DamagedRunError
        If its results are not there or not what was written.
    """
    manifest, status = read_folder(folder, VALIDATION)
    rows = _results(folder, manifest)
    by_group = {name: [row for row in rows if _is_one(row, kind, use)] for name, kind, use in _GROUPS}
    groups = {name: group for name, group in by_group.items() if group}
    stated = manifest.get("items")
    items = stated if isinstance(stated, int) else None
    makers: list[tuple[str, str, Callable[[], list[Block]]]] = [
        ("overview", "Overview", lambda: [*_overview(groups, items), *_on_request(manifest)]),
        ("claims", "Claims, with the mechanism and without", lambda: _claims(folder, manifest)),
        ("bands", "Values in their bands", lambda: [*bands(rows)]),
        ("results", "Results", lambda: _everything(groups)),
        ("gaps", "Known gaps", lambda: _gaps(rows, items)),
    ]
    return Page(
        kind="validation",
        title=_title(rows, items),
        subtitle=f"Claims and published measurements: {folder.resolve().name}",
        status=status,
        sections=provenance.sections_with(makers if rows else [], manifest, status, None, provenance.citing(manifest)),
        tiles=[_tile(name, group) for name, group in groups.items()],
        notes=[
            *provenance.ended(status, manifest.get("error")),
            *([] if rows else [Note("Nothing was judged: there are no results.", "warning")]),
        ],
    )


def _results(folder: Path, manifest: dict[str, Any]) -> list[Row]:
    """Rows of the results; none where it did not come to any."""
    import pandas as pd

    path, status = folder / RESULTS, manifest["status"]
    if not path.exists() and status != "complete":
        return []
    frame = table_of(folder, manifest, RESULTS)
    known = ("id", "kind", "use", "title", "required", "found", "verdict", "reason", "known_gap", "source")
    missing = [name for name in (*known, "parameters_cite", *_NUMBERS) if name not in frame]
    if missing:
        raise DamagedRunError(f"{path} has no column {missing[0]!r}")
    frame = frame.astype(dict.fromkeys(_NUMBERS, float))
    return [
        {
            **{name: "" if pd.isna(row[name]) else provenance.cut(row[name]) for name in known},
            **{name: row[name] for name in ("parameters_cite", *_NUMBERS)},
            # Older results have none of these.
            "about": "" if pd.isna(row.get("about")) else provenance.cut(row["about"]),
            "tests": "" if pd.isna(row.get("tests")) else provenance.cut(row["tests"]),
            "n": float("nan") if pd.isna(row.get("n")) else float(row["n"]),
        }
        for row in frame.to_dict("records")
    ]


def _is_one(row: Row, kind: str, use: str) -> bool:
    return row["kind"] == kind and use in ("", row["use"])


def _judged(rows: Sequence[Row]) -> tuple[int, int]:
    """How many are met, of how many."""
    verdicts = [row["verdict"] for row in rows if row["verdict"] != "not judged"]
    return verdicts.count("met"), len(verdicts)


def _tile(name: str, rows: Sequence[Row]) -> Tile:
    met, judged = _judged(rows)
    return Tile(name, f"{met} of {judged}", "met")


def _overview(groups: Mapping[str, Sequence[Row]], items: int | None) -> list[Block]:
    """How many are met, and of how many that could be judged."""
    rows = []
    for name, group in groups.items():
        counts = [sum(row["verdict"] == verdict for row in group) for verdict in _VERDICTS]
        met, judged = _judged(group)
        rows.append([name, *map(str, counts), f"{100.0 * met / judged:.0f} %" if judged else "-"])
    targets = [row for group in groups.values() for row in group if row["kind"] == "target"]
    tested = [[words, *_met_of([row for row in targets if row["tests"] == tests])] for tests, words in _TESTED]
    about = [
        [f"{words}: {use}", *_met_of([row for row in targets if (row["about"], row["use"]) == (key, use)])]
        for key, words in _ABOUT
        for use in ("calibration", "check")
    ]
    tables: list[Block] = [Table("Verdicts", ["kind", *_VERDICTS, "met of judged"], rows)]
    if any(row[2] != "0" for row in about):
        tables.append(Table("Targets by what they are about", ["about", "met", "judged"], about))
    if any(row[2] != "0" for row in tested):
        tables.append(Table("Targets by what they test", ["tested", "met", "judged"], tested))
    return [*_partial(groups, items), *tables]


def _on_request(manifest: dict[str, Any]) -> list[Block]:
    """Claims that are judged on request and were not here: a line, as the manifest has it."""
    lines = manifest.get("on_request")
    return [Note(f"{provenance.cut(str(each))}.") for each in lines] if isinstance(lines, list) else []


def _met_of(rows: Sequence[Row]) -> tuple[str, str]:
    met, judged = _judged(rows)
    return f"{met}", f"{judged}"


def _partial(groups: Mapping[str, Sequence[Row]], items: int | None) -> list[Block]:
    """That other items were not judged, where they were not."""
    _, judged = _judged([row for group in groups.values() for row in group])
    if items is None:
        return [Note("This folder does not say how many items there are: others may be missed.", "warning")]
    left = items - judged
    return [Note(f"{counted(left, 'item')} were not judged here: they may be missed.", "warning")] if left > 0 else []


def _everything(groups: Mapping[str, Sequence[Row]]) -> list[Block]:
    judged = {name: [_as_judged(row) for row in group] for name, group in groups.items()}
    verdicts = [each.verdict for group in judged.values() for each in group]
    counts = [(verdict, verdicts.count(verdict)) for verdict in _VERDICTS]
    return [Verdicts(judged, counts)]


def _as_judged(row: Row) -> Judged:
    band = banded(row)
    reason = "" if row["kind"] == "claim" else "reason"
    remarks = [
        (reason, row["reason"]),
        ("known gap" + (", closed" if row["verdict"] == "met" else ""), row["known_gap"]),
        ("source", row["source"]),
        ("", "A parameter rests on the same paper." if row["parameters_cite"] else ""),
        ("tests", row["tests"]),
    ]
    return Judged(
        id=row["id"],
        title=row["title"],
        required=row["required"],
        found=row["found"],
        verdict=row["verdict"] if row["verdict"] in _VERDICTS else "not judged",
        remarks=[(name, text) for name, text in remarks if text],
        size="" if band is None else band.size_in_words(),
        at=None if band is None else (_on_bullet(band.place), _on_bullet(-band.width), _on_bullet(band.width)),
    )


def _on_bullet(place: float) -> float:
    """A place [% of the middle of a band, from it] in a small drawing [% of its width]."""
    return round(50.0 + 47.0 * max(-1.0, min(1.0, place / REACH)), 1)


def _claims(folder: Path, manifest: dict[str, Any]) -> list[Block]:
    """Numbers of claims with their mechanism and without; nothing where none were kept."""
    if OBSERVED not in manifest.get("files", {}):
        return []
    observed = table_of(folder, manifest, OBSERVED)
    missing = [name for name in _OBSERVED if name not in observed]
    if missing:
        raise DamagedRunError(f"{folder / OBSERVED} has no column {missing[0]!r}")
    return [*claims(decisive(observed.astype(dict.fromkeys(_NUMBERS, float))))]


def _gaps(rows: Sequence[Row], items: int | None) -> list[Block]:
    """What is missed, each with the mechanism at fault; and what is missed and not known."""
    gaps = [row for row in rows if row["known_gap"]]
    unknown = [row["id"] for row in rows if row["verdict"] == "not met" and not row["known_gap"]]
    met, judged = _judged(rows)
    blocks: list[Block] = []
    if unknown:
        blocks.append(Note(f"Not met, and no known gap: {', '.join(unknown)}.", "bad"))
    if gaps:
        cells = [[row["id"], row["title"], row["verdict"], row["known_gap"]] for row in gaps]
        blocks.append(Table("The mechanism at fault", ["id", "what", "verdict", "why"], cells, frozenset({1, 2, 3})))
    if blocks or met < judged:
        return blocks
    if not judged:
        return [Note("Nothing was judged.", "warning")]
    if judged == items:
        return [Note(f"All {counted(judged, 'item')} were judged, and none is missed.", "good")]
    return [Note(f"Of the {counted(judged, 'item')} that were judged none is missed; the others were not judged here.")]


def _title(rows: Sequence[Row], items: int | None) -> str:
    """How much of the validation this is."""
    _, judged = _judged(rows)
    if items is None or not judged:
        return f"{counted(judged, 'item')} judged"
    return f"All {counted(items, 'item')} judged" if judged == items else f"{judged} of {counted(items, 'item')} judged"
