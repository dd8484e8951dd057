"""Numbers as people read them: with the digits that count, and a sign where one is meant."""

from __future__ import annotations

from math import floor, isfinite, log10

import numpy as np

NOTHING = "-"


def number(value: float | None, digits: int = 3) -> str:
    """
    A value with about so many digits that count, without exponents where it can be.

    Parameters
    ----------
    value
        None and NaN become a dash.
    digits
        From 1.
    """
    if value is None or not isfinite(value):
        return NOTHING
    if value == 0.0:
        return "0"
    before = floor(log10(abs(float(f"{value:.{digits - 1}e}")))) + 1  # as rounded: 0.009999 is 0.0100
    if before < -3:
        return f"{value:.{digits - 1}e}"
    return f"{value:,.{max(0, digits - max(1, before))}f}" if before > 0 else f"{value:.{min(5, digits - before)}f}"


def signed(value: float | None, digits: int = 3) -> str:
    """As `number`, with a plus before what is above 0."""
    text = number(value, digits)
    return f"+{text}" if value is not None and isfinite(value) and value > 0.0 else text


def apart(difference: float, low: float, high: float, level: float) -> tuple[str, str, str]:
    """
    A difference and its interval with equally many digits after the point, as many as the interval lets one believe.

    Parameters
    ----------
    difference, low, high
        The middle, and the ends of its interval; NaN where there is no interval.
    level
        Mean of what it is a difference from: digits beyond its fourth one are left out.

    Returns
    -------
    All three with their signs: two digits of half the width of the interval count. Without a width each has three
    digits that count.
    """
    width = 0.5 * (high - low)
    if not (isfinite(width) and width > 0.0):
        return signed(difference), signed(low), signed(high)
    places = 1 - floor(log10(width))
    if isfinite(level) and level != 0.0:
        places = min(places, 3 - floor(log10(abs(level))))
    places = max(0, places)
    rounded = (
        round(value, places) + 0.0 for value in (difference, low, high)
    )  # adding 0 makes a zero of a negative one
    first, second, third = (f"{value:+,.{places}f}" if value else "0" for value in rounded)
    return first, second, third


def evenly(count: int, most: int) -> list[int]:
    """At most so many positions of a list of `count`, evenly apart, its ends among them."""
    return (
        list(dict.fromkeys(np.linspace(0, count - 1, min(count, most)).round().astype(int).tolist())) if count else []
    )
