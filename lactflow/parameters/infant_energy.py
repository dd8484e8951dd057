"""
What growth costs: energy of the tissue that infants lay down, by age.

Newborns lay down fat, which is dear; later tissue is mostly lean. The table is between its ages a straight line.

Reports of the first quarter contradict each other. FAO2004 has 6.15 kcal/g, which is followed. Fat by air displacement
is 10.3 to 11.2 % of the weight at birth (Hawkes2011) and 25.6 % at twelve weeks (Henriksson2017): 44 % of the growth
between is fat; with a tenth of protein, at 9.25 and 5.65 kcal/g, that is 4.7 kcal/g. By the former a child of one month
needs 112 kcal/kg or 180 mL/kg, by the latter 98 and 158; infants were measured to drink 135 to 153 mL/kg. Why the lower
value is not followed stands in `docs/background/validation.md`.
"""

from __future__ import annotations

from typing import Final

from lactflow import sources

SOURCE: Final = sources.FAO_2004
"""Energy per gram of gain in the quarters of the first year, read second-hand; times the gains that are printed there
it gives the energy laid down in each month, 211 to 22 kcal/d in boys. Birth: 26 kJ/g, one year: 10 kJ/g, of the same
report."""

CONTRADICTED: Final = (sources.HAWKES_2011, sources.HENRIKSSON_2017)
"""Fat of the body at birth and at twelve weeks, which makes the growth between cheaper."""

_AGES_DAYS: Final[tuple[float, ...]] = (0.0, 45.0, 137.0, 228.0, 320.0)
_KCAL_PER_G: Final[tuple[float, ...]] = (6.2, 6.15, 3.25, 1.65, 2.5)


def tissue_kcal_per_g(age_days: float) -> float:
    """
    Energy of a gram of new tissue.

    Parameters
    ----------
    age_days
        Since birth, 0 or later; after the last age of the table it stays as there.
    """
    for number in range(1, len(_AGES_DAYS)):
        if age_days < _AGES_DAYS[number]:
            before, after = _AGES_DAYS[number - 1], _AGES_DAYS[number]
            along = (age_days - before) / (after - before)
            return _KCAL_PER_G[number - 1] + along * (_KCAL_PER_G[number] - _KCAL_PER_G[number - 1])
    return _KCAL_PER_G[-1]
