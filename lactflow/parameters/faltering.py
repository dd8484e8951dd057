"""
Faltering growth: by how much an infant may fall below its growth channel, as a guideline for clinicians defines it.

A centile space is the distance between two neighbouring lines of a chart of growth (0.4th, 2nd, 9th, 25th, 50th, 75th,
91st, 98th, 99.6th centile), two thirds of a standard score. How many an infant may fall goes with its weight at birth:
large newborns come down to their own channel, small ones have no space to lose. Left out is the guideline's third sign,
a weight below the 2nd centile whatever it was at birth: twins and preterm infants are there from the start.
"""

from __future__ import annotations

from typing import Final

from lactflow import sources

SOURCE: Final = sources.NICE_2017
"""Thresholds for concern about faltering growth."""

CENTILE_SPACE: Final = 2.0 / 3.0
"""Standard scores between two lines of the chart."""

FROM_DAYS: Final = 14.0
"""Age from which weight is held against the standard [d]: before, newborns lose and regain fluid, and charts have no
lines."""

_NINTH_CENTILE: Final = -2.0 * CENTILE_SPACE
_NINETY_FIRST_CENTILE: Final = 2.0 * CENTILE_SPACE


def spaces_of_concern(score_at_birth: float) -> int:
    """
    Centile spaces by which a fall is faltering growth.

    Parameters
    ----------
    score_at_birth
        Standard score of the weight at birth.
    """
    if score_at_birth < _NINTH_CENTILE:
        return 1
    return 2 if score_at_birth <= _NINETY_FIRST_CENTILE else 3
