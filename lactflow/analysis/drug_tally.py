"""
Sums and weights of what milk holds of a drug, and of what infants get of it, by mother, replicate and day.

Doses count on the day on which they are due, feeds on the day on which they begin. What is due of a window is then all
doses and all feeds in it: of a drug that is taken once, a window should hold all the feeds that have some of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from lactflow.analysis.days import UNIT, Days, Part
from lactflow.analysis.drug_names import DRUG_MEASURES, of_drug, split
from lactflow.pharmacology.infant import conventional_dose_percent, relative_dose_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lactflow.analysis.days import Floats, Whole
    from lactflow.recording.tables import RunTables

READ: Final[Mapping[str, Sequence[str]]] = {
    "doses": ("time_min", "drug", "mg_per_kg", "taken", *UNIT),
    "infant_doses": ("session", "infant", "analyte", "amount", "amount_per_kg", *UNIT),
    "drug_levels": ("time_min", "drug", "where", "mg_per_l", *UNIT),
}
"""Tables that these are made of beside those of all measures, with the columns."""
_RID, _CONVENTIONAL, _RATIO, _SHARE = DRUG_MEASURES
_MILK, _PLASMA, _TAKEN = "drug_mg_per_l", "drug_in_plasma_mg_per_l", "drug_mg_per_kg_day"
_ML_PER_L = 1000.0
_OF = "which"
"""Column that says which drug a row is about, as the name of its measures ends."""


class _Rows(NamedTuple):
    """Rows about drugs, each table with the column `_OF`."""

    doses: pd.DataFrame
    swallowed: pd.DataFrame
    held: pd.DataFrame
    plasma: pd.DataFrame

    def of(self, which: str) -> _Rows:
        """Rows about one of them."""
        return _Rows(*(table[(table[_OF] == which).to_numpy()] for table in self))


def drug_parts(
    run: RunTables, removals: pd.DataFrame, contents: pd.DataFrame | None, infants: pd.DataFrame, days: Days
) -> Iterator[Part]:
    """
    Sums and weights of each drug, under plain names for the only drug of a unit of work; nothing of a run without any.

    Parameters
    ----------
    run
        The run.
    removals, contents, infants
        Rows of `removals`, of `removal_contents` (None where the run has none), and of samples of `infants`.
    days
        The days that were simulated.
    """
    if "doses" not in run.tables or contents is None:
        return
    doses = run.read("doses", READ["doses"])
    named = _named(doses, contents)
    feeds = run.read("sessions", ("session", "start_min", *UNIT))
    removed = removals.drop_duplicates([*UNIT, "session"])[[*UNIT, "session", "start_min"]]
    levels = run.read("drug_levels", READ["drug_levels"])
    swallowed = _about(run.read("infant_doses", READ["infant_doses"]), "analyte", named)
    rows = _Rows(
        _about(doses, "drug", named).rename(columns={"time_min": "start_min"}),
        swallowed.merge(feeds, on=[*UNIT, "session"]),
        _about(contents, "analyte", named).merge(removed, on=[*UNIT, "session"]),
        _about(levels[(levels["where"] == "plasma").to_numpy()], "drug", named),
    )
    fed = infants.groupby(UNIT)["infant"].nunique()
    for which in sorted(set(named)):
        yield from _of_one(which, rows.of(which), removals, fed, days)


def _named(doses: pd.DataFrame, contents: pd.DataFrame) -> pd.Series[str]:
    """How measures of a drug in milk are called in a unit of work: by nothing for the only one, else by the drug."""
    taken, held = (
        table[[*UNIT, name]].astype({name: str}).rename(columns={name: "drug"}).drop_duplicates()
        for table, name in ((doses, "drug"), (contents, "analyte"))
    )
    pairs = taken.merge(held, on=[*UNIT, "drug"])
    alone = pairs.groupby(UNIT)["drug"].transform("size") == 1
    names = ["" if only else str(drug) for only, drug in zip(alone, pairs["drug"], strict=True)]
    return pd.Series(names, index=pd.MultiIndex.from_frame(pairs), dtype=object)


def _about(table: pd.DataFrame, column: str, named: pd.Series[str]) -> pd.DataFrame:
    """Rows about what is taken, with how its measures are called; what the body makes of it is not taken."""
    keys = pd.MultiIndex.from_frame(table[[*UNIT, column]].astype({column: str}))
    found = table.assign(**{_OF: named.reindex(keys).to_numpy()})
    return found[found[_OF].notna().to_numpy()]


def _of_one(which: str, rows: _Rows, removals: pd.DataFrame, fed: pd.Series[int], days: Days) -> Iterator[Part]:
    """Everything about one drug of each unit of work."""
    units = pd.MultiIndex.from_frame(rows.held[UNIT].drop_duplicates())
    carries = days.index.droplevel("day").isin(units).astype(float)

    def called(measure: str) -> str:
        return of_drug(measure, which) if which else measure

    doses, due = days.started(rows.doses[rows.doses["taken"].to_numpy(bool)])
    taken = days.per_day(due, called(_TAKEN), doses["mg_per_kg"].to_numpy(float))
    yield Part(taken.sums, taken.weights.mul(carries, axis=0))
    feeds, of_feeds = days.started(rows.swallowed)
    count = fed.reindex(days.index.droplevel("day"), fill_value=0).to_numpy(float)
    per_kg = feeds["amount_per_kg"].to_numpy(float) / count[of_feeds]
    percent = days.per_day(of_feeds, called(_RID), relative_dose_percent(1.0, 1.0) * per_kg)
    of_mother = np.where(count > 0.0, taken.sums.iloc[:, 0], 0.0)
    yield Part(percent.sums, pd.DataFrame({called(_RID): of_mother}, index=percent.sums.index))
    yield _shares(feeds, of_feeds, days, called(_SHARE))
    held, of_held = days.started(rows.held)
    removed, of_removed = days.started(removals)
    mg = days.per_day(of_held, called(_MILK), _ML_PER_L * held["amount"].to_numpy(float)).sums
    ml = days.per_day(of_removed, called(_MILK), removed["removed_ml"].to_numpy(float)).sums
    yield Part(mg, ml.mul(carries, axis=0))
    of, at, minutes = days.held(rows.plasma, [])
    yield days.average(at, {called(_PLASMA): rows.plasma["mg_per_l"].to_numpy(float)[of]}, minutes)


def _shares(doses: pd.DataFrame, rows: Whole, days: Days, name: str) -> Part:
    """Largest feed of a day over all of that day's; each infant has a share on each day on which it gets some."""
    feeds = pd.DataFrame({"row": rows, "infant": doses["infant"].to_numpy(), "mg": doses["amount"].to_numpy(float)})
    of_day = feeds.groupby(["row", "infant"])["mg"].agg(["max", "sum"])
    of_day = of_day[of_day["sum"] > 0.0]
    shares = of_day["max"] / of_day["sum"]
    return days.average(
        of_day.index.get_level_values("row").to_numpy(np.int64), {name: shares.to_numpy()}, np.ones(len(shares))
    )


def add_ratios(found: dict[str, Floats]) -> None:
    """
    The measures that divide one mean by another: doses by the convention, and milk over plasma.

    Parameters
    ----------
    found
        Ratios of sums over weights by name, to which they are added; NaN where one of the two is not known, or nothing
        is there to be divided by.
    """
    for name in [each for each in found if split(each)[0] == _TAKEN]:
        end = name.removeprefix(_TAKEN)
        milk, plasma, taken = found[_MILK + end], found[_PLASMA + end], found[name]
        over = [np.divide(milk, each, out=np.full_like(milk, np.nan), where=each > 0.0) for each in (plasma, taken)]
        found[_RATIO + end] = over[0]
        found[_CONVENTIONAL + end] = conventional_dose_percent(1.0, 1.0) * over[1]
