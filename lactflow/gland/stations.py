"""
The stations of a run: rows from `lactflow.parameters.stations` and from outside, checked and put in order.

Everything that can be wrong with a row is found here, when a run is built, and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NoReturn

from lactflow.errors import LactflowError, blamed_on
from lactflow.parameters.declaration import DeclaredQuantity, quantity_at
from lactflow.parameters.gland import Gland
from lactflow.parameters.stations import GROWS_WITH_GLAND, LINES, ROWS, Amount, OwnQuantity, StationRow

_MADE_LOADED = "lipid"
"""Line whose packets get their cargo from the source: they have it from the first station on."""


class StationRowError(LactflowError, ValueError):
    """A row of a station is wrong, or does not fit the others; the message names the station and the field."""

    exit_code = 2


def rows_of_lines(gland: Gland, extra: Sequence[StationRow] = ()) -> dict[str, tuple[StationRow, ...]]:
    """
    The rows of each line, in the order in which packets pass.

    Parameters
    ----------
    gland
        Whose quantities the rows name.
    extra
        Stations beside those of `ROWS`, in any order; one may stand after another. Of two after the same one the later
        stands first.

    Raises
    ------
    StationRowError
        If a row is wrong: an unknown line, a name that is there already, a quantity that is not declared or has another
        unit, a value outside its bounds, room that does not grow with the gland, a place after a station that is not
        there or after the last one; or if a line has no loading station, or two.
    """
    names: set[str] = set()
    for row in (*ROWS, *extra):
        if row.name in names:
            _refuse(row, "there is another station of this name")
        names.add(row.name)
        _check(row, gland)
    lines = {line: [row for row in ROWS if row.line == line] for line in LINES}
    last = {line: rows[-1].name for line, rows in lines.items()}
    for row in _after_one_another(extra):
        _insert(row, lines[row.line], last[row.line])
    for line, rows in lines.items():
        _check_loading(line, rows)
    return {line: tuple(rows) for line, rows in lines.items()}


def value_in(gland: Gland, amount: Amount | None) -> float:
    """Value of an amount of a checked row in a gland; 0 for None."""
    if amount is None:
        return 0.0
    if isinstance(amount, str):
        return _there(gland, amount).value
    return amount.value * (_relative(gland, amount.follows) if amount.follows else 1.0)


def _relative(gland: Gland, key: str) -> float:
    """A quantity of a gland over that of the reference gland."""
    return _there(gland, key).value / _there(Gland(), key).value


def _there(gland: Gland, key: str) -> DeclaredQuantity:
    found = quantity_at(gland, key)
    assert found is not None, key
    return found


def _refuse(row: StationRow, reason: str) -> NoReturn:
    with blamed_on(row):
        raise StationRowError(f"station {row.name!r}: {reason}")


def _after_one_another(extra: Sequence[StationRow]) -> Iterator[StationRow]:
    """Rows from outside, in their order, but each later than the one that it stands after."""
    left = list(extra)
    while left:
        names = {row.name for row in left}
        row = next((row for row in left if row.after not in names), left[0])
        left.remove(row)
        yield row


def _insert(row: StationRow, rows: list[StationRow], last: str) -> None:
    """Put a row where it belongs in its line."""
    before = [each.name for each in rows]
    if row.after not in before:
        _refuse(row, f"after {row.after!r} is no station of the {row.line} line ({', '.join(before)})")
    if row.after == last:
        _refuse(row, f"nothing stands after {last!r}, where packets of the {row.line} line leave the cell")
    rows.insert(before.index(row.after) + 1, row)


def _check(row: StationRow, gland: Gland) -> None:
    """Check what a row says by itself."""
    if not row.name.isidentifier():
        _refuse(row, "name is not made of letters, digits and underscores")
    if row.line not in LINES:
        _refuse(row, f"line {row.line!r} is none of {', '.join(LINES)}")
    if not row.words:
        _refuse(row, "words are missing: what a page calls it")
    if not row.least_places > 0.0:
        _refuse(row, f"least_places is {row.least_places:g} (allowed: above 0)")
    if (row.waiting is None) is (row.least_waiting > 0.0):
        _refuse(row, f"least_waiting is {row.least_waiting:g} (allowed: above 0 with waiting, 0 without)")
    for field, amount in _amounts(row):
        _check_amount(row, field, amount, gland)


def _amounts(row: StationRow) -> Iterator[tuple[str, Amount]]:
    yield "work", row.work
    yield "places", row.places
    if row.waiting is not None:
        yield "waiting", row.waiting


def _check_amount(row: StationRow, field: str, amount: Amount, gland: Gland) -> None:
    """Check that an amount is a declared quantity of the right unit, and grows with the gland where it is room."""
    if not isinstance(amount, str | OwnQuantity):
        _refuse(row, f"{field} is {amount!r} (allowed: the key of a quantity of the gland, or own_quantity(...))")
    key = amount.follows if isinstance(amount, OwnQuantity) else amount
    found = quantity_at(gland, key)
    if found is None and (key or isinstance(amount, str)):
        _refuse(row, f"{field} {key!r} is not a declared quantity of the gland")
    is_room = field != "work"
    if is_room and key not in GROWS_WITH_GLAND:
        what = f"{key!r} does not grow" if key else "does not say what it follows, and would not grow"
        _refuse(row, f"{field} {what} with the gland (these do: {', '.join(GROWS_WITH_GLAND)})")
    declared = amount.declaration if isinstance(amount, OwnQuantity) else found.declaration if found else None
    assert declared is not None
    unit = "mL-eq" if is_room else "min"
    if declared.unit != unit:
        _refuse(row, f"{field} is in {declared.unit or 'no unit'} (allowed: {unit})")
    low, high = declared.within
    if isinstance(amount, OwnQuantity) and not low <= amount.value <= high:
        _refuse(row, f"{field} is {amount.value:g} (allowed: {low:g} to {high:g})")


def _check_loading(line: str, rows: Sequence[StationRow]) -> None:
    loading = [row.name for row in rows if row.loads]
    if len(loading) != 1:
        found = f"there are {len(loading)}: {', '.join(loading)}" if loading else "there is none"
        with blamed_on(next((row for row in rows if row.loads and row not in ROWS), None)):
            raise StationRowError(f"{line} line: it needs one station that loads cargo (loads=True), and {found}")
    if line == _MADE_LOADED and not rows[0].loads:
        _refuse(rows[0], f"loads is False, and packets of the {line} line are made with their cargo")
