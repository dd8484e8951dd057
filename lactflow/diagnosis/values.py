"""Cells of values in a clinical record: a number with its unit, or a reading below or above what was measurable."""

from __future__ import annotations

import re
from typing import NamedTuple

from lactflow.config.logs.cells import POUND_KG
from lactflow.config.text import choices, nearest, quoted
from lactflow.diagnosis.kind import Kind
from lactflow.trackers import amounts
from lactflow.trackers.amounts import word_of

_VALUE = re.compile(r"([<>\u2264\u2265]=?)?\s*([-+\u2212])?\s*(\d[\d.,]*|[.,]\d+)\s*([^\d\s].*)?", re.ASCII)
_NO_UNIT = re.compile(r"[-+\u2212\u2013\u00b1'\u2019*x^]?\s*\d.*|e[-+]?\d.*", re.IGNORECASE | re.ASCII)
"""What follows a number and is no unit: a range, an error, a mark between thousands, an exponent."""
_OUNCES = re.compile(r"([\d.]+)\s*oz\.?", re.IGNORECASE | re.ASCII)
_OZ_PER_LB = 16.0
_POUNDS = re.compile(r"lbs?\.?,?\s*[\d.]+\s*oz\.?", re.IGNORECASE)
_POUNDS_AND_OUNCES = ("lboz", "lb/oz", "lb+oz", "lb,oz")
_BELOW = ("<", "\u2264")


class Reading(NamedTuple):
    """
    A value that was read.

    Attributes
    ----------
    value
        In the unit of its kind; of a reading below or above a limit, that limit.
    below, above
        Whether it is a limit, and on which side of it the truth is.
    unit
        As the record has it, where that is not the unit of the kind.
    comma
        What a comma in the number is: `decimal`, `thousands`, or nothing.
    """

    value: float
    below: bool = False
    above: bool = False
    unit: str = ""
    comma: str = ""


def read_value(kind: Kind, text: str, unit: str, *, comma_decimal: bool = False) -> Reading:
    """
    A value with its unit, in the unit of its kind and within its limits.

    Parameters
    ----------
    kind
        Of the fact.
    text
        Cell of the value; a unit may stand in it.
    unit
        Cell of the unit.
    comma_decimal
        Whether cells are separated by something else than commas.

    Raises
    ------
    ValueError
        If it is none, has no unit or another one, or lies outside the limits; the message follows the text.
    """
    match = _VALUE.fullmatch(text)
    if match is None or _NO_UNIT.fullmatch(match[4] or ""):
        raise ValueError(f"{quoted(text)} is no number (allowed: such as 14.2{' or <3' if kind.limited else ''})")
    sign, minus, digits, own = match[1] or "", match[2] or "", match[3], (match[4] or "").strip()
    if sign and not kind.limited:
        raise ValueError(f"{quoted(text)} is a limit (allowed: a number)")
    if kind.measured == "mass" and _POUNDS.fullmatch(own):
        number, factor, written = _pounds(f"{digits} {own}", unit), kind.units["kg"], "lb and oz"
    else:
        number = _number(digits, text, comma_decimal=comma_decimal)
        factor, written = _factor(kind, own, unit)
    value = (-number if minus in ("-", "\u2212") else number) * factor
    _check(kind, value, value / factor, written)
    if sign and value <= 0.0:
        raise ValueError(f"{quoted(text)} is no limit (allowed: more than 0)")
    converted = written if factor != 1.0 else ""
    comma = amounts.comma_of(digits, comma_decimal=comma_decimal)
    return Reading(value, sign[:1] in _BELOW, bool(sign) and sign[:1] not in _BELOW, converted, comma)


def _number(digits: str, text: str, *, comma_decimal: bool) -> float:
    try:
        return amounts.number(digits.rstrip(".") or digits, comma_decimal=comma_decimal)
    except ValueError:
        raise ValueError(f"{quoted(text)} is no number (allowed: such as 14.2)") from None


def _pounds(text: str, unit: str) -> float:
    """Kilograms of pounds and ounces."""
    if unit and amounts.weight_factor(unit) != POUND_KG and word_of(unit) not in _POUNDS_AND_OUNCES:
        raise ValueError(f"{quoted(text)} has units, and {quoted(unit)} is another one (allowed: one unit)")
    ounces = _OUNCES.search(text)
    if ounces is not None and ounces[1].replace(".", "", 1).isdigit() and float(ounces[1]) >= _OZ_PER_LB:
        raise ValueError(f"{quoted(text)} has {ounces[1]} oz beside lb (allowed: less than {_OZ_PER_LB:g})")
    try:
        return amounts.kilograms(re.sub(r"\s*(lbs?\.?,?)\s*", r" \1 ", text, flags=re.IGNORECASE), None)
    except ValueError:
        raise ValueError(f"{quoted(text)} is no weight (allowed: such as 7 lb 8 oz)") from None


def _factor(kind: Kind, own: str, unit: str) -> tuple[float, str]:
    """What one of the unit is in that of the kind, and the unit: that of the value, of its own cell, or both."""
    sizes = [_known(kind, name) for name in (own, unit) if name]
    if not sizes:
        if len(set(kind.units.values())) > 1:
            raise ValueError(f"has no unit (needed: {choices(list(kind.units))})")
        return 1.0, kind.unit
    if sizes[0] != sizes[-1]:
        raise ValueError(f"has the unit {quoted(own)}, and {quoted(unit)} is another one (allowed: one unit)")
    return sizes[0], own or unit


def _known(kind: Kind, unit: str) -> float:
    factor = kind.factor(unit)
    if factor is None:
        match = nearest(unit, list(kind.units))
        hint = f"; nearest: {match}" if match else ""
        if unit.isdecimal():
            hint = "; a number with a comma stands in quotation marks"
        raise ValueError(f"has an unknown unit {quoted(unit)} (allowed: {choices(list(kind.units))}{hint})")
    return factor


def _check(kind: Kind, value: float, number: float, written: str) -> None:
    """
    Refuse what is impossible, and name a unit in which the same number would be plausible.

    Raises
    ------
    ValueError
        If the value lies outside the limits of the kind.
    """
    low, high = kind.within
    if low <= value <= high:
        return
    least, most = kind.plausible
    meant = next((f"{name} would be" for name, factor in kind.units.items() if least <= number * factor <= most), "")
    hint = f"; {meant} plausible" if meant else ""
    was = f", from {number:g} {written}" if number != value else ""
    raise ValueError(f"{value:g} {kind.unit}{was} is outside {low:g} to {high:g} {kind.unit}{hint}")
