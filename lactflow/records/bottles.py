"""Rows about bottles of some name; see `lactflow.records`."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from lactflow.records.column import SESSION, Column


class BottleContent(NamedTuple):
    """One substance in the milk that an infant took from a bottle of some name; only in runs that name bottles."""

    session: Annotated[int, SESSION]
    infant: Annotated[int, Column("", "number of the infant, from 0")]
    bottle: Annotated[str, Column("", "name of the bottle, as pumpings and bottles say it in the schedule")]
    analyte: Annotated[str, Column("", "name of the substance, as in `balance`")]
    unit: Annotated[str, Column("", "unit of the amount in this row; concentrations are in that unit per litre")]
    amount: Annotated[float, Column("", "amount in the milk taken")]
    mean_per_l: Annotated[float | None, Column("", "amount per litre of the milk taken; null when none was")]
    expressed_from_min: Annotated[
        float | None, Column("min", "when the oldest of the milk was expressed; null where that is not known")
    ]
    expressed_to_min: Annotated[float | None, Column("min", "when the newest of it was expressed")]


class BottleBalance(NamedTuple):
    """
    One quantity in bottles: expressed + supplied = stored + given + discarded; only in runs that name bottles.

    What storing takes is in `storage_losses`, and the residual counts it.
    """

    bottle: Annotated[str | None, Column("", "name of the bottles; null for milk without a name")]
    quantity: Annotated[str, Column("", "what is balanced, as in `balance`")]
    unit: Annotated[str, Column("", "unit of the amounts in this row")]
    expressed: Annotated[float, Column("", "pumped or expressed by hand into bottles")]
    supplied: Annotated[float, Column("", "added where bottles were short of what a log or an infant took of them")]
    stored: Annotated[float, Column("", "in bottles at the end")]
    given: Annotated[float, Column("", "taken by infants")]
    discarded: Annotated[float, Column("", "thrown away")]
    residual: Annotated[float, Column("", "left side less right side, over the larger of the left side and a floor")]


class StorageLoss(NamedTuple):
    """What storing took of one substance; only in runs that add one and say how expressed milk is stored."""

    bottle: Annotated[str | None, Column("", "name of the bottles; null for milk without a name")]
    analyte: Annotated[str, Column("", "name of the substance, as in `balance`")]
    unit: Annotated[str, Column("", "unit of the amounts in this row")]
    expressed: Annotated[float, Column("", "pumped or expressed by hand into bottles, whether stored or not")]
    lost: Annotated[float, Column("", "of that, what is left no longer, or no longer acts, when the milk is given")]
