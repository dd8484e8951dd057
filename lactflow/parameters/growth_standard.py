"""
The WHO child growth standards: weight for age of healthy breast-fed children, birth to two years.

A table of L, M and S, as the standards print them: the weight at a standard score z is M * (1 + L * S * z)**(1 / L).
Between the days of the table all three are interpolated; later than its end, the median goes on rising as over its
last months, which is an extrapolation.
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp, log
from typing import Final, Literal, NamedTuple

from lactflow import sources

Sex = Literal["girl", "boy"]

SOURCE: Final = sources.WHO_2006
"""Weight for age, girls and boys; daily tables of the standards, of which this is every week and then every month."""

_HALF_MONTH: Final = 15.0

_ALMOST_NORMAL: Final = 1e-3
"""Below this |L|, the power is taken as the logarithm that it goes to."""


class Standard(NamedTuple):
    """
    The standard at one age.

    Attributes
    ----------
    skewness
        L: the power that makes weights normal.
    median_kg
        M.
    variation
        S: the coefficient of variation.
    """

    skewness: float
    median_kg: float
    variation: float

    def score(self, weight_kg: float) -> float:
        """
        Standard score of a weight.

        Equation
        --------
        score = ((weight_kg / median_kg)**skewness - 1) / (skewness * variation)

        Parameters
        ----------
        weight_kg
            Body weight, above 0.

        References
        ----------
        Cole TJ, Green PJ 1992, Stat Med 11:1305-1319: the LMS method, which the WHO standards use.
        """
        if abs(self.skewness) < _ALMOST_NORMAL:
            return log(weight_kg / self.median_kg) / self.variation
        return float(((weight_kg / self.median_kg) ** self.skewness - 1.0) / (self.skewness * self.variation))

    def weight_kg(self, score: float) -> float:
        """Weight at a standard score: the inverse of `score`."""
        if abs(self.skewness) < _ALMOST_NORMAL:
            return self.median_kg * exp(self.variation * score)
        return float(self.median_kg * (1.0 + self.skewness * self.variation * score) ** (1.0 / self.skewness))


# fmt: off
_DAYS: Final[tuple[float, ...]] = (
    0, 7, 14, 21, 28, 30, 35, 42, 49, 56, 61, 63, 70, 77, 84, 91, 122, 152, 183, 213, 244, 274, 304, 335, 365, 457,
    548, 639, 731,
)
"""Age, in days after birth."""

_BOYS: Final = tuple(Standard(*row) for row in (
    (0.3487, 3.3464, 0.14602), (0.2776, 3.4879, 0.14483), (0.2581, 3.7529, 0.14142), (0.2442, 4.0603, 0.13807),
    (0.2331, 4.3671, 0.13497), (0.2303, 4.4525, 0.13413), (0.2237, 4.659, 0.13215), (0.2155, 4.9303, 0.1296),
    (0.2081, 5.1817, 0.12729), (0.2014, 5.4149, 0.1252), (0.1969, 5.5714, 0.12382), (0.1952, 5.6319, 0.1233),
    (0.1894, 5.8346, 0.12157), (0.184, 6.0242, 0.12001), (0.1789, 6.2019, 0.1186), (0.174, 6.369, 0.11732),
    (0.1551, 7.0069, 0.11313), (0.1396, 7.5077, 0.11081), (0.1256, 7.9389, 0.10957), (0.1134, 8.2963, 0.10902),
    (0.1019, 8.62, 0.10882), (0.0917, 8.9019, 0.10881), (0.0821, 9.1618, 0.1089), (0.0729, 9.4136, 0.10906),
    (0.0645, 9.646, 0.10925), (0.0412, 10.3139, 0.11008), (0.021, 10.9393, 0.1112), (0.0029, 11.5474, 0.11261),
    (-0.0137, 12.1548, 0.11427),
))
_GIRLS: Final = tuple(Standard(*row) for row in (
    (0.3809, 3.2322, 0.14171), (0.2671, 3.3388, 0.146), (0.2304, 3.5693, 0.14339), (0.2024, 3.8352, 0.1406),
    (0.1789, 4.0987, 0.13805), (0.1727, 4.1716, 0.13738), (0.1582, 4.3476, 0.13583), (0.1395, 4.5793, 0.13392),
    (0.1224, 4.795, 0.13228), (0.1065, 4.9959, 0.13087), (0.0959, 5.1315, 0.12998), (0.0918, 5.1842, 0.12966),
    (0.0779, 5.3618, 0.12861), (0.0648, 5.5295, 0.1277), (0.0525, 5.6883, 0.12691), (0.0407, 5.8393, 0.12622),
    (-0.0053, 6.428, 0.12401), (-0.0428, 6.8959, 0.12274), (-0.0759, 7.3016, 0.12204), (-0.1039, 7.6416, 0.12178),
    (-0.1292, 7.9534, 0.12181), (-0.1507, 8.2259, 0.12199), (-0.1698, 8.4769, 0.12222), (-0.1873, 8.7207, 0.12247),
    (-0.2022, 8.9462, 0.12267), (-0.2385, 9.6038, 0.12299), (-0.2637, 10.2324, 0.12309), (-0.2814, 10.8521, 0.12335),
    (-0.2942, 11.4809, 0.1239),
))
# fmt: on
_BOTH: Final = tuple(
    Standard(*(0.5 * (boy + girl) for boy, girl in zip(*pair, strict=True))) for pair in zip(_BOYS, _GIRLS, strict=True)
)
"""Of a child of either sex: between girls and boys."""

_TABLES: Final = {"boy": _BOYS, "girl": _GIRLS, None: _BOTH}


_MEDIANS: Final = {sex: tuple([row.median_kg for row in table]) for sex, table in _TABLES.items()}


def median_kg(age_days: float, sex: Sex | None = None) -> float:
    """
    Median weight at an age, as `standard_at` has it: infants ask for it at every feed, and for nothing else.

    Parameters
    ----------
    age_days
        Since birth, 0 or later.
    sex
        As `standard_at` takes it.
    """
    medians = _MEDIANS[sex]
    number = min(max(bisect_right(_DAYS, age_days), 1), len(_DAYS) - 1)
    along = (age_days - _DAYS[number - 1]) / (_DAYS[number] - _DAYS[number - 1])
    before = medians[number - 1]
    return before + along * (medians[number] - before)


def standard_at(age_days: float, sex: Sex | None = None) -> Standard:
    """
    The standard of an age.

    Parameters
    ----------
    age_days
        Since birth, 0 or later.
    sex
        Of the child; between girls and boys when None.
    """
    table = _TABLES[sex]
    number = min(max(bisect_right(_DAYS, age_days), 1), len(_DAYS) - 1)
    along = (age_days - _DAYS[number - 1]) / (_DAYS[number] - _DAYS[number - 1])
    before, after = table[number - 1], table[number]
    median_kg = before.median_kg + along * (after.median_kg - before.median_kg)
    if along >= 1.0:
        return Standard(after.skewness, median_kg, after.variation)
    return Standard(
        before.skewness + along * (after.skewness - before.skewness),
        median_kg,
        before.variation + along * (after.variation - before.variation),
    )


def gain_kg_per_day(age_days: float, sex: Sex | None = None) -> float:
    """
    Gain of the median, averaged over the month around an age.

    In the first weeks weights fall and rise with fluid, which is no growth: the month evens that out.

    Parameters
    ----------
    age_days
        Since birth, 0 or later.
    sex
        As `standard_at` takes it.
    """
    from_days, to_days = max(0.0, age_days - _HALF_MONTH), age_days + _HALF_MONTH
    gained_kg = median_kg(to_days, sex) - median_kg(from_days, sex)
    return gained_kg / (to_days - from_days)
