"""
How often the intervals of a fit hold the truth: as measured for logs of two kinds, in unseen virtual mothers.

`fit_coverage.csv` beside this module is written by `benchmarks/fit_coverage.py`, which measures it. It shows that the
intervals are right where the model is, and nothing about women in whom the model is wrong.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import NamedTuple

COLUMNS = (
    "log",
    "words",
    "volumes",
    "days",
    "start_day",
    "mothers",
    "unseen",
    "trait",
    "coverage",
    "left",
    "commit",
    "date",
)


class Coverage(NamedTuple):
    """
    What was measured for one trait and one kind of log.

    Attributes
    ----------
    log
        `pumping` (no feeds) or `weighed` (feeds).
    words
        How that log was kept.
    volumes
        In the log.
    days, start_day
        Of the log.
    mothers, unseen
        Virtual mothers that were learned from, and those that were fitted.
    trait
        As in the table of a fit.
    coverage
        Share of the unseen mothers whose true value lies in its 95 % interval.
    left
        Share of the spread between women that remains.
    commit, date
        Of the measurement.
    """

    log: str
    words: str
    volumes: int
    days: int
    start_day: int
    mothers: int
    unseen: int
    trait: str
    coverage: float
    left: float
    commit: str
    date: str


@cache
def measured_coverage() -> tuple[Coverage, ...]:
    """All rows, the pumped log first."""
    text = files("lactflow.experiments").joinpath("fit_coverage.csv").read_text(encoding="utf-8")
    return tuple(
        Coverage(
            each["log"],
            each["words"],
            int(each["volumes"]),
            int(each["days"]),
            int(each["start_day"]),
            int(each["mothers"]),
            int(each["unseen"]),
            each["trait"],
            float(each["coverage"]),
            float(each["left"]),
            each["commit"],
            each["date"],
        )
        for each in csv.DictReader(StringIO(text))
    )


def nearest_coverage(*, fed: bool) -> tuple[Coverage, ...]:
    """
    What was measured for the kind of log that one is nearest to.

    Parameters
    ----------
    fed
        Whether the log has feeds or bottles.
    """
    return tuple(each for each in measured_coverage() if (each.log == "weighed") == fed)
