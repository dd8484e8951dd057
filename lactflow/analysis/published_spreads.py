"""
How far women differed where they were measured: published spreads of measures, each with the days that it is of.

The values are rows of `targets.csv`, which `lactflow validate` judges the spread of a cohort by. The file is read as
data, since analysis knows nothing of validation.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import NamedTuple


class _About(NamedTuple):
    """A group of rows, its measure, the days that it is of, and the number of women where the row does not say it."""

    group: str
    measure: str
    first_day: int | None = None
    last_day: int | None = None
    n: int | None = None


_GROUPS = (
    _About("T01-002", "removed_ml_per_day", 3, 3),
    _About("T01-028", "removed_ml_per_day", 5, 5),
    _About("T02-020", "removed_ml_per_day", 31, 183, 71),
    _About("T02-018", "fat_g_per_l", 31, 183),
    _About("T01-011", "onset_h"),
)
"""Those that a measure of days or of runs can stand beside; all of mothers of one term infant, fed on demand."""
_CITED = re.compile(r"(?P<author>\w+).*?(?P<year>(?:19|20)\d\d)")


class PublishedSpread(NamedTuple):
    """
    How far women differed in one measure.

    Attributes
    ----------
    target
        As `lactflow validate` names it.
    measure
        One of `lactflow.analysis.daily.MEASURES`.
    first_day, last_day
        Days that it is of, both included; None for a measure of a whole run.
    mean, low, high
        Printed mean, and mean less and plus one standard deviation, or lowest and highest; in the unit of the measure.
    is_range
        Whether it is from lowest to highest.
    n
        Number of women; None where it was not printed.
    condition, source
        In whom, and where.
    """

    target: str
    measure: str
    first_day: int | None
    last_day: int | None
    mean: float
    low: float
    high: float
    is_range: bool
    n: int | None
    condition: str
    source: str

    def is_of(self, days: tuple[int, int] | None) -> bool:
        """
        Whether it is of some of the days; one of a whole run is of any.

        Parameters
        ----------
        days
            First and last, both included; None for a whole run.
        """
        if self.first_day is None or self.last_day is None:
            return True
        return days is not None and self.first_day <= days[1] and self.last_day >= days[0]

    @property
    def cited(self) -> str:
        """In short: `Kent 2006: mean and SD, n = 71`."""
        found = _CITED.search(self.source)
        paper = f"{found['author']} {found['year']}" if found else self.source[:30]
        sample = "n not given" if self.n is None else f"n = {self.n}"
        return f"{paper}: {'mean and range' if self.is_range else 'mean and SD'}, {sample}"


def published_spreads(measure: str) -> tuple[PublishedSpread, ...]:
    """
    What was published of one measure, in the order of days.

    Parameters
    ----------
    measure
        One of `lactflow.analysis.daily.MEASURES`.
    """
    return tuple(each for each in _all() if each.measure == measure)


@cache
def _all() -> tuple[PublishedSpread, ...]:
    """Everything that is known."""
    text = files("lactflow").joinpath("validation", "targets.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(StringIO(text)))
    found = []
    for about in _GROUPS:
        of_group = {row["statistic"]: row for row in rows if row["id"][:-1] == about.group}
        first = of_group["mean"]
        mean, spread = float(first["value"]), of_group.get("sd")
        if spread is not None:
            low, high = mean - float(spread["value"]), mean + float(spread["value"])
        else:
            low, high = (float(of_group["range"][end]) for end in ("low", "high"))
        found.append(
            PublishedSpread(
                about.group,
                about.measure,
                about.first_day,
                about.last_day,
                mean,
                low,
                high,
                spread is None,
                int(first["n"]) if first["n"] else about.n,
                first["condition"],
                first["source"],
            )
        )
    return tuple(found)
