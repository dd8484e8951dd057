"""Pictures of a validation: bands as wide as they are, by what targets test, and claims with and without mechanism."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from lactflow.analysis.drawing.judged import Banded, Decided, draw_bands, draw_claims
from lactflow.config.text import counted
from lactflow.report.blocks import Table
from lactflow.report.numbers import NOTHING, number
from lactflow.report.picture import picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lactflow.report.blocks import Picture

    Row = Mapping[str, Any]

_GROUPS = (
    ("gland", "Targets that test the gland"),
    ("fitted", "Targets that the model was fitted to"),
    ("input", "Targets that test an input"),
    ("", "Targets of which it is not known what they test"),
)
"""What targets test, and the heading of their picture."""
_ROW_PX, _CLAIM_PX, _FRAME_PX = 20.0, 44.0, 92.0
_MOST_CLAIMS = 16
"""Rows in one picture of claims."""
_ABOUT = 34


def banded(row: Row) -> Banded | None:
    """
    A result as a value in its band; None where it has no value, or no band.

    Parameters
    ----------
    row
        Of the results of a validation.
    """
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if not (isfinite(value) and low < high):
        return None
    about = str(row["title"]).removeprefix("spread between women: ").partition(";")[0]
    about = about if len(about) <= _ABOUT else f"{about[: _ABOUT - 3]}..."
    n = float(row["n"])
    return Banded(str(row["id"]), about, value, low, high, None if isnan(n) else int(n))


def bands(rows: Sequence[Row]) -> list[Picture]:
    """
    Values that have a band, by what they test.

    Parameters
    ----------
    rows
        Of the results of a validation.
    """
    targets = [row for row in rows if row["kind"] == "target"]
    known = {tests for tests, _ in _GROUPS}
    groups = [
        (f"bands-{tests or 'unknown'}", title, [each for each in targets if _tests(each, known) == tests])
        for tests, title in _GROUPS
    ]
    groups.append(("bands-spreads", "Spreads between women", [row for row in rows if row["kind"] == "spread"]))
    drawn = [(name, title, [each for each in map(banded, these) if each is not None]) for name, title, these in groups]
    return [_bands_picture(name, title, these) for name, title, these in drawn if these]


def _tests(row: Row, known: set[str]) -> str:
    return row["tests"] if row["tests"] in known else ""


def _bands_picture(name: str, title: str, rows: Sequence[Banded]) -> Picture:
    """The values of one group."""
    inside = [each.inside for each in rows].count(True)
    ranked = sorted(rows, key=lambda each: (each.width, each.name))
    ends = (
        ranked[0].size_in_words()
        if len(ranked) == 1
        else f"from {ranked[0].name} ({ranked[0].size_in_words()}) to {ranked[-1].name} ({ranked[-1].size_in_words()})"
    )
    height_px = _FRAME_PX + _ROW_PX * len(rows)
    return picture(
        name,
        title,
        f"{inside} of {counted(len(rows), 'value')} {'lies' if inside == 1 else 'lie'} in the published band: mean "
        f"\N{PLUS-MINUS SIGN} SD, or the printed range. Bands are drawn in percent of their middle, {ends}. A wide "
        "band of few women is met easily.",
        lambda figure: draw_bands(rows, figure.add_subplot()),
        Table(
            "Values and bands",
            ["id", "what", "found", "from", "to", "n", "half-width"],
            [
                [
                    each.name,
                    each.about,
                    *(number(value) for value in (each.value, each.low, each.high)),
                    NOTHING if each.n is None else f"{each.n}",
                    f"{each.width:.0f} %" if isfinite(each.width) else NOTHING,
                ]
                for each in ranked
            ],
            frozenset({1}),
        ),
        height_px=height_px,
        narrow_px=height_px + 20.0,
    )


def claims(rows: Sequence[Decided]) -> list[Picture]:
    """
    Numbers of claims with their mechanism and without, some claims in each picture.

    Parameters
    ----------
    rows
        As `lactflow.analysis.drawing.judged.decisive` gives them.
    """
    parts = [rows[at : at + _MOST_CLAIMS] for at in range(0, len(rows), _MOST_CLAIMS)]
    return [_claims_picture(part, number_of) for number_of, part in enumerate(parts)]


def _claims_picture(rows: Sequence[Decided], number_of: int) -> Picture:
    """Some of the claims."""
    tried = [each for each in rows if each.without is not None]
    first, last = rows[0].name, rows[-1].name
    height_px = _FRAME_PX + _CLAIM_PX * len(rows)
    return picture(
        f"claims-{number_of}",
        f"Claims {first} to {last}" if first != last else f"Claim {first}",
        "A circle is the number that the model gives, a triangle the number without the mechanism that the claim is "
        f"about ({counted(len(tried), 'trial')}). Of several numbers that decide a claim, the one is shown that fails "
        "most without the mechanism. Right of the line a number is as required: a claim is met when all of its "
        "numbers are, and fails without the mechanism.",
        lambda figure: draw_claims(rows, figure.add_subplot()),
        Table(
            "With the mechanism and without",
            ["claim", "what", "required", "found", "without", "what was removed"],
            [
                [
                    each.name,
                    each.what,
                    each.required(),
                    number(each.value),
                    number(each.adverse) if each.without is not None else NOTHING,
                    each.without or "nothing",
                ]
                for each in rows
            ],
            frozenset({1, 2, 5}),
        ),
        height_px=height_px,
        narrow_px=height_px + 40.0,
    )
