"""The books of the gland: what was made, taken up, stored, removed and lost, for every quantity."""

from __future__ import annotations

from collections.abc import Sequence

from lactflow.errors import BalanceError
from lactflow.gland.analytes import Milk
from lactflow.gland.breast import Breast
from lactflow.kinetics import plain_sum
from lactflow.records import Balance

LARGEST_RESIDUAL = 1e-9
"""Relative error of a balance beyond which a run has failed."""

_FLOOR = 1e-6
"""Smallest amount that a residual is relative to, in the unit of the quantity."""


def balances(breasts: Sequence[Breast], removed: Milk) -> list[Balance]:
    """
    Balance of every analyte and of the apical membrane since the start.

    Parameters
    ----------
    breasts
        Of one mother.
    removed
        All milk that left them.
    """
    lobes = [lobe for breast in breasts for lobe in breast.lobes]
    for lobe in lobes:
        for station in lobe.stations:
            station.bring_up()
        lobe.membrane.bring_up(lobe.env.now)
    lumens = [lobe.lumen for lobe in lobes]
    uptakes = [lobe.ledger.taken_up() for lobe in lobes]
    in_transit = [lobe.ledger.in_transit() for lobe in lobes]
    rows = []
    for index, analyte in enumerate(breasts[0].contents.analytes):
        rows.append(
            _balance(
                analyte.name,
                analyte.unit,
                initial=plain_sum(lobe.ledger.initial[index] for lobe in lobes),
                made=plain_sum(uptake.made[index] for uptake in uptakes)
                + plain_sum(lumen.made[index] for lumen in lumens),
                gained=plain_sum(lumen.entered[index] for lumen in lumens)
                + plain_sum(uptake.gained[index] for uptake in uptakes),
                stored=plain_sum(lumen.amounts()[index] for lumen in lumens)
                + plain_sum(breast.ducts.amounts[index] for breast in breasts),
                in_transit=plain_sum(moving[index] for moving in in_transit),
                removed=removed.amounts[index],
                lost=plain_sum(lumen.left[index] for lumen in lumens),
            )
        )
    membranes = [lobe.membrane for lobe in lobes]
    rows.append(
        _balance(
            "membrane",
            "m2",
            initial=plain_sum(membrane.initial_m2 for membrane in membranes),
            made=plain_sum(membrane.supplied_m2 for membrane in membranes),
            gained=plain_sum(membrane.grown_m2 for membrane in membranes),
            stored=plain_sum(membrane.area_m2 for membrane in membranes),
            in_transit=0.0,
            removed=plain_sum(membrane.spent_m2 for membrane in membranes),
            lost=plain_sum(membrane.retrieved_m2 for membrane in membranes),
        )
    )
    return rows


def _balance(
    quantity: str,
    unit: str,
    *,
    initial: float,
    made: float,
    gained: float,
    stored: float,
    in_transit: float,
    removed: float,
    lost: float,
) -> Balance:
    there = initial + made + gained
    residual = (there - (stored + in_transit + removed + lost)) / max(abs(there), _FLOOR)
    return Balance(quantity, unit, initial, made, gained, stored, in_transit, removed, lost, residual)


def check_balances(rows: Sequence[Balance]) -> None:
    """
    Hold every balance against `LARGEST_RESIDUAL`.

    Raises
    ------
    BalanceError
        With the numbers of each quantity that does not balance, or is not a number.
    """
    broken = [row for row in rows if not abs(row.residual) <= LARGEST_RESIDUAL]
    if broken:
        raise BalanceError(
            "; ".join(
                f"{row.quantity}: {row.initial + row.made + row.gained!r} {row.unit} came in, "
                f"{row.stored + row.in_transit + row.removed + row.lost!r} are accounted for "
                f"(residual {row.residual:.3g}, allowed {LARGEST_RESIDUAL:g})"
                for row in broken
            )
        )
