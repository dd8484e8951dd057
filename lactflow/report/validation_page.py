"""The page of a validation: claims, published targets and spreads, what was required and what was found."""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from lactflow.errors import DamagedRunError
from lactflow.recording.folder import RESULTS, VALIDATION, read_folder, table_of
from lactflow.report import provenance
from lactflow.report.blocks import (
    Block,
    Drawing,
    Judged,
    Label,
    Note,
    Page,
    Section,
    Shape,
    Table,
    Tick,
    Tile,
    Verdicts,
)
from lactflow.report.dots import WIDTH, Scale, stack_px, stacked
from lactflow.report.numbers import signed

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
_REACH = 3.0
"""Half-widths of a band that are drawn on either side of its middle: it is the middle third."""


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
    makers: list[tuple[str, str, Callable[[], list[Block]]]] = [
        ("overview", "Overview", lambda: _overview(groups)),
        ("results", "Results", lambda: _everything(groups)),
        ("gaps", "Known gaps", lambda: _gaps(rows)),
    ]
    return Page(
        kind="validation",
        title="Claims and published measurements",
        subtitle=folder.resolve().name,
        status=status,
        sections=[
            *(Section(name, title, make()) for name, title, make in makers if rows),
            provenance.provenance(manifest, status),
            provenance.citing(manifest),
        ],
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
            "tests": "" if pd.isna(row.get("tests")) else provenance.cut(row["tests"]),  # older results have none
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


def place_in_band(value: float, low: float, high: float) -> float | None:
    """
    Where a value is in its band: -1 at its low end, 0 in the middle, 1 at its high end.

    Parameters
    ----------
    value, low, high
        NaN where there is none.

    Returns
    -------
    The place; None where there is no band with a width, or no value.
    """
    place = (2.0 * value - low - high) / (high - low) if low < high else nan
    return place if isfinite(place) else None


def _place(row: Row) -> float | None:
    """As `place_in_band`."""
    return place_in_band(*(row[name] for name in _NUMBERS))


def _overview(groups: Mapping[str, Sequence[Row]]) -> list[Block]:
    """How many are met, and where values lie in their bands."""
    rows = []
    for name, group in groups.items():
        counts = [sum(row["verdict"] == verdict for row in group) for verdict in _VERDICTS]
        met, judged = _judged(group)
        rows.append([name, *map(str, counts), f"{met / judged:.0%}" if judged else "-"])
    table = Table("Verdicts", ["", *_VERDICTS, "met of judged"], rows)
    drawing = _bands(groups)
    return [table, *([drawing] if drawing is not None else [])]


def _bands(groups: Mapping[str, Sequence[Row]]) -> Drawing | None:
    """Every value that has a band, in it."""
    places = {
        name: [(row["id"], at) for row in group if (at := _place(row)) is not None] for name, group in groups.items()
    }
    places = {name: group for name, group in places.items() if group}
    if not places:
        return None
    scale = Scale(-_REACH - 0.2, _REACH + 0.2)
    shapes, labels, top = [], [], 8.0
    for name, group in places.items():
        inside = [at for _, at in group if abs(at) <= 1.0]
        outside = [max(-_REACH, min(_REACH, at)) for _, at in group if abs(at) > 1.0]
        floor = top + max(stack_px(inside, scale), stack_px(outside, scale))
        shapes += [Shape(stacked(inside, scale, floor), "tone-1", "dots")]
        shapes += [Shape(stacked(outside, scale, floor), "tone-2", "dots")]
        labels.append(Label(0.5 * (top + floor), name))
        top = floor + 14.0
    count = sum(len(group) for group in places.values())
    band = f"M{scale(-1.0)} 0H{scale(1.0)}V{top:g}H{scale(-1.0)}z"
    return Drawing(
        name="bands",
        title="Found values in their bands",
        caption=f"A dot for each of {count:,} values with a band. The shaded band is what was printed: "
        "mean ± SD, or the range; its half-width is 1.",
        width=WIDTH,
        height=top,
        shapes=[Shape(band, "band", "filled"), Shape(f"M{scale(0.0)} 0V{top:g}", "zero", "line"), *shapes],
        labels=labels,
        ticks=[Tick(100.0 * scale(at) / WIDTH, f"{at}") for at in range(-3, 4)],
        x_label="half-widths from the middle of the band; -3 and 3 are also what lies beyond",
        legend=(("tone-1", "inside"), ("tone-2", "outside")),
        table=Table(
            "Places in the band",
            ["id", "group", "place"],
            [[each, name, signed(at)] for name, group in places.items() for each, at in group],
            words=frozenset({1}),
        ),
        wide_labels=True,
    )


def _everything(groups: Mapping[str, Sequence[Row]]) -> list[Block]:
    judged = {name: [_as_judged(row) for row in group] for name, group in groups.items()}
    verdicts = [each.verdict for group in judged.values() for each in group]
    counts = [(verdict, verdicts.count(verdict)) for verdict in _VERDICTS]
    return [Verdicts(judged, counts)]


def _as_judged(row: Row) -> Judged:
    place = _place(row)
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
        at=None if place is None else round(50.0 + 47.0 * max(-1.0, min(1.0, place / _REACH)), 1),
    )


def _gaps(rows: Sequence[Row]) -> list[Block]:
    """What is missed, each with the mechanism at fault; and what is missed and not known."""
    gaps = [row for row in rows if row["known_gap"]]
    unknown = [row["id"] for row in rows if row["verdict"] == "not met" and not row["known_gap"]]
    blocks: list[Block] = []
    if unknown:
        blocks.append(Note(f"Not met, and no known gap: {', '.join(unknown)}.", "bad"))
    if gaps:
        cells = [[row["id"], row["title"], row["verdict"], row["known_gap"]] for row in gaps]
        blocks.append(Table("The mechanism at fault", ["id", "what", "verdict", "why"], cells, frozenset({1, 2, 3})))
    return blocks or [Note("Nothing that was judged is missed.", "good")]
