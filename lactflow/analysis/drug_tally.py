"""
Sums and weights of what milk holds of a drug, and of what infants get of it, by mother, replicate and day.

Doses count on the day on which they are due, feeds on the day on which they begin. What is due of a window is then all
doses and all feeds in it: of a drug that is taken once, a window should hold all the feeds that have some of it. Doses
that are several days apart are each spread evenly over the days that they are for, so that none has to fall into a
window.

A drug together with what the body makes of it has rows of its own: amounts as milligrams of the drug, by molar mass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from lactflow.analysis.days import UNIT, Days, Part
from lactflow.analysis.drug_names import DRUG_MEASURES, of_drug, split, with_metabolites
from lactflow.pharmacology.infant import conventional_dose_percent, relative_dose_percent
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lactflow.analysis.days import Floats, Whole
    from lactflow.recording.tables import RunTables

READ: Final[Mapping[str, Sequence[str]]] = {
    "doses": ("time_min", "drug", "mg_per_kg", "taken", *UNIT),
    "drugs_taken": ("time_min", "drug", "of_drug", "molar_ratio", "mg_per_kg_day", *UNIT),
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
    """Rows about drugs, each table with the column `_OF`; `spread` are doses that are several days apart, as rates."""

    doses: pd.DataFrame
    spread: pd.DataFrame
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
    if not {"doses", "drugs_taken"} & set(run.tables) or contents is None:
        return
    doses, taken, swallowed, levels = (run.read(name, names) for name, names in READ.items())
    spread = taken[taken["mg_per_kg_day"].notna().to_numpy()]
    doses = _without(doses, spread).rename(columns={"time_min": "start_min"})
    feeds = run.read("sessions", ("session", "start_min", *UNIT))
    removed = removals.drop_duplicates([*UNIT, "session"])[[*UNIT, "session", "start_min"]]
    rows = _Rows(
        doses,
        spread,
        swallowed.merge(feeds, on=[*UNIT, "session"]).rename(columns={"analyte": "drug"}),
        contents.merge(removed, on=[*UNIT, "session"]).rename(columns={"analyte": "drug"}),
        levels[(levels["where"] == "plasma").to_numpy()],
    )
    rows = _Rows(*(table.astype({"drug": str}) for table in rows))
    named = _named(rows)
    sums = _Rows(*_summed(rows, _members(taken, rows)))
    rows = _Rows(*(_about(table, named) for table in rows))
    fed = infants.groupby(UNIT)["infant"].nunique()
    for each in (rows, sums):
        for which in sorted(set(each.held[_OF])):
            yield from _of_one(which, each.of(which), removals, fed, days)


def _without(doses: pd.DataFrame, spread: pd.DataFrame) -> pd.DataFrame:
    """Doses that count one by one."""
    others = pd.MultiIndex.from_frame(spread[[*UNIT, "drug"]].astype({"drug": str}))
    return doses[~pd.MultiIndex.from_frame(doses[[*UNIT, "drug"]].astype({"drug": str})).isin(others)]


def _named(rows: _Rows) -> pd.Series[str]:
    """How measures of a drug in milk are called in a unit of work: by nothing for the only one, else by the drug."""
    taken = pd.concat([rows.doses, rows.spread])[[*UNIT, "drug"]].drop_duplicates()
    pairs = taken.merge(rows.held[[*UNIT, "drug"]].drop_duplicates(), on=[*UNIT, "drug"])
    only = pairs.groupby(UNIT)["drug"].transform("size") == 1
    names = ["" if plain else drug for plain, drug in zip(only, pairs["drug"], strict=True)]
    return pd.Series(names, index=pd.MultiIndex.from_frame(pairs), dtype=object)


def _about(table: pd.DataFrame, named: pd.Series[str]) -> pd.DataFrame:
    """Rows about what is taken, with how its measures are called; what the body makes of it is not taken."""
    found = table.assign(**{_OF: named.reindex(pd.MultiIndex.from_frame(table[[*UNIT, "drug"]])).to_numpy()})
    return found[found[_OF].notna().to_numpy()]


def _members(taken: pd.DataFrame, rows: _Rows) -> pd.DataFrame:
    """What is in milk of each drug of which milk has a metabolite: by unit and `drug`, with its drug and ratio."""
    every = taken[[*UNIT, "drug", "of_drug", "molar_ratio"]].astype({"drug": str, "of_drug": str}).drop_duplicates()
    held = rows.held[[*UNIT, "drug"]].drop_duplicates()
    due = pd.concat([rows.doses, rows.spread])[[*UNIT, "drug"]].drop_duplicates().rename(columns={"drug": "of_drug"})
    every = every.merge(held, on=[*UNIT, "drug"]).merge(due, on=[*UNIT, "of_drug"])
    made = every.loc[every["drug"] != every["of_drug"], [*UNIT, "of_drug"]].drop_duplicates()
    return every.merge(made, on=[*UNIT, "of_drug"])


def _summed(rows: _Rows, members: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows of drugs together with what the body makes of them, by molar mass."""
    named = members.assign(**{_OF: [with_metabolites(drug) for drug in members["of_drug"]]})
    drugs = named[[*UNIT, "of_drug", _OF]].drop_duplicates().rename(columns={"of_drug": "drug"})
    by = {"swallowed": ["session", "infant", "start_min"], "held": ["session", "start_min"], "plasma": ["time_min"]}
    amounts = {"swallowed": ["amount", "amount_per_kg"], "held": ["amount"], "plasma": ["mg_per_l"]}
    for name, table in zip(_Rows._fields, rows, strict=True):
        if name in ("doses", "spread"):
            yield table.merge(drugs, on=[*UNIT, "drug"])
            continue
        found = table.merge(named, on=[*UNIT, "drug"])
        found[amounts[name]] = found[amounts[name]].div(found["molar_ratio"], axis=0)
        yield found.groupby([*UNIT, _OF, *by[name]], as_index=False)[amounts[name]].sum()


def _of_one(which: str, rows: _Rows, removals: pd.DataFrame, fed: pd.Series[int], days: Days) -> Iterator[Part]:
    """Everything about one drug of each unit of work."""
    units = pd.MultiIndex.from_frame(rows.held[UNIT].drop_duplicates())
    carries = days.index.droplevel("day").isin(units).astype(float)

    def called(measure: str) -> str:
        return of_drug(measure, which) if which else measure

    doses, due = days.started(rows.doses[rows.doses["taken"].to_numpy(bool)])
    of, at, minutes = days.held(rows.spread, [])
    spread = rows.spread["mg_per_kg_day"].to_numpy(float)[of] * (minutes / DAY_MIN)
    per_kg = np.concatenate([doses["mg_per_kg"].to_numpy(float), spread])
    taken = days.per_day(np.concatenate([due, at]), called(_TAKEN), per_kg)
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
