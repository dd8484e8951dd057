"""
The stations of a lobe, one row each: the one place in the package where stations are listed.

A row says what a station is called, in which line it stands, which quantities say how long it takes and how much room
it has, and whether packets get their cargo there. Lines and their order, words of tables and pages, the cohort trait
`gland_size` and the largest packet are derived from the rows.

A row can also be passed in from outside, to whatever builds a run. It then says after which station it stands, and may
bring its own quantities (`own_quantity`) instead of naming some of the config.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING

from lactflow.errors import DeclarationError

if TYPE_CHECKING:
    from lactflow.parameters.declaration import Quantity, Range
    from lactflow.sources import Citation

LINES = ("aqueous", "lipid")
"""The lines of a lobe, in the order of the numbers of their stations; each has a source of packets."""


@dataclass(frozen=True)
class OwnQuantity:
    """
    A quantity that a row brings along; made by `own_quantity`.

    Attributes
    ----------
    value
        For the reference mother.
    declaration
        Unit, ranges, source and note.
    follows
        Quantity of the gland that this one is proportional to, such as `protein_line.golgi_ml`; `value` holds where
        that one has its default. Empty for a constant.
    """

    value: float
    declaration: Quantity
    follows: str = ""


def own_quantity(
    value: float,
    unit: str,
    *,
    within: Range,
    plausible: Range | None = None,
    source: Citation,
    locator: str = "",
    note: str,
    follows: str = "",
) -> OwnQuantity:
    """
    Declare one quantity within a row.

    Parameters
    ----------
    value
        For the reference mother, in `unit`.
    within, plausible, source, locator, note
        See `lactflow.parameters.declaration.Quantity`.
    follows
        See `OwnQuantity`; required for room, which has to grow with the gland.

    Raises
    ------
    DeclarationError
        If the value is no finite number, a range is no pair of numbers in order, or the unit or `follows` is no text.
    """
    _check_own(value, unit, within, plausible, follows)
    from lactflow.parameters.declaration import Quantity  # readers of tables need the rows, and no pydantic

    declaration = Quantity(
        unit=unit, within=within, plausible=plausible or within, source=source, locator=locator, note=note
    )
    return OwnQuantity(value, declaration, follows)


def _check_own(value: object, unit: object, within: object, plausible: object, follows: object) -> None:
    """Refuse what is no quantity; whether the value lies within its range is checked with its row."""
    if not (isinstance(value, Real) and isfinite(value)):
        raise DeclarationError(f"own_quantity: the value is {value!r} (allowed: a finite number)")
    for name, text in (("unit", unit), ("follows", follows)):
        if not isinstance(text, str):
            raise DeclarationError(f"own_quantity: {name} is {text!r} (allowed: a text)")
    for name, pair in (("within", within), ("plausible", plausible)):
        if name == "plausible" and pair is None:
            continue
        if not (
            isinstance(pair, tuple | list)
            and len(pair) == 2
            and all(isinstance(each, Real) for each in pair)
            and pair[0] <= pair[1]
        ):
            raise DeclarationError(f"own_quantity: {name} is {pair!r} (allowed: two numbers, the lower one first)")


Amount = str | OwnQuantity
"""A quantity of the gland, as a dotted key such as `protein_line.rer_ml`, or one of the row itself."""


@dataclass(frozen=True, kw_only=True)
class StationRow:
    """
    One station.

    Attributes
    ----------
    name
        In tables.
    line
        One of `LINES`.
    words
        What a page calls it.
    work
        Dwell time [min].
    places
        Places of service [mL-eq per breast with all cells active].
    least_places
        Packets that the smallest lobe must have places for, so that a queue is a queue; above 0.
    waiting, least_waiting
        Room to wait before the places, likewise; None and 0 where there is none.
    loads
        Whether packets get their cargo when they enter; exactly one station of a line does. Droplets are made with
        their cargo, so in the lipid line this is the first station.
    after
        The station before it. Empty in `ROWS`, whose order is the order of each line. The last station of a line is
        where packets leave the cell, and none can stand after it.
    lobes_column
        Column of the table `lobes` that counts its packets too; empty where there is none.
    """

    name: str
    line: str
    words: str
    work: Amount
    places: Amount
    least_places: float
    waiting: Amount | None = None
    least_waiting: float = 0.0
    loads: bool = False
    after: str = ""
    lobes_column: str = ""


ROWS: tuple[StationRow, ...] = (
    StationRow(
        name="rer",
        line="aqueous",
        words="RER",
        work="protein_line.folding_min",
        places="protein_line.rer_ml",
        least_places=2.0,
        lobes_column="rer_queue",
    ),
    StationRow(
        name="golgi",
        line="aqueous",
        words="Golgi",
        work="protein_line.lactose_loading_min",
        places="protein_line.golgi_ml",
        least_places=2.0,
        loads=True,
        lobes_column="golgi_queue",
    ),
    StationRow(
        name="vesicle_fusion",
        line="aqueous",
        words="fusion",
        work="protein_line.fusion_min",
        waiting="protein_line.vesicle_pool_ml",
        least_waiting=2.0,
        places="protein_line.docking_sites_ml",
        least_places=1.0,
        lobes_column="fusion_queue",
    ),
    StationRow(
        name="droplet_growth",
        line="lipid",
        words="growth",
        work="lipid_line.growth_min",
        places="lipid_line.growth_ml",
        least_places=1.0,
        loads=True,
        lobes_column="growth_queue",
    ),
    StationRow(
        name="droplet_budding",
        line="lipid",
        words="budding",
        work="lipid_line.budding_min",
        places="lipid_line.budding_ml",
        least_places=1.0,
        lobes_column="budding_queue",
    ),
)
"""The stations of every lobe; packets pass those of a line in this order."""

STATIONS_OF_LINE = {line: tuple(row.name for row in ROWS if row.line == line) for line in LINES}
"""Names of the stations of each line, in the order in which packets pass."""

STATIONS = tuple(name for names in STATIONS_OF_LINE.values() for name in names)


def room_keys(rows: Sequence[StationRow] = ROWS) -> tuple[str, ...]:
    """Quantities of the gland that are room of a station, to wait and of service, in the order of the rows."""
    amounts = (amount for row in rows for amount in (row.waiting, row.places))
    return tuple(dict.fromkeys(amount for amount in amounts if isinstance(amount, str)))


GROWS_WITH_GLAND = ("protein_line.translation_ml_per_h", *room_keys(), "membrane.apical_area_m2")
"""Quantities of the gland that are larger in a mother with a larger gland: what makes milk, and all room for it."""
