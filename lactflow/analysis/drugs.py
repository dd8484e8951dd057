"""What a mother takes of drugs, what is in her milk of them, and what her infants get: one row for each of these."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lactflow.analysis.days import UNIT
from lactflow.analysis.drug_names import drug_in_words, with_metabolites
from lactflow.pharmacology.infant import conventional_dose_percent, mark_of, relative_dose_percent
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lactflow.analysis.run import Analysed

_ML_PER_L = 1000.0
_READ = (
    *("drug_levels", "doses", "drugs_taken", "removals", "removal_contents"),
    *("sessions", "infant_doses", "infant_levels"),
)
_AMOUNTS = ("mg_per_l", "amount", "amount_per_kg")
_BY = ("time_min", "where", "session", "infant")
"""Of tables, what is added up over a drug and what the body makes of it, and of what."""
COLUMNS = {
    "dose_mg_per_day": "mg/d",
    "plasma_mg_per_l": "mg/L",
    "milk_mg_per_l": "mg/L",
    "milk_plasma_ratio": "",
    "infant_mg_per_kg_day": "mg/kg/d",
    "infant_mg_per_l": "mg/L",
    "rid_percent": "%",
    "rid_conventional_percent": "%",
    "worst_feed_share": "",
    "mark": "",
}
"""What there is of each drug and infant, with its unit; `mark` is words."""


def drugs(run: Analysed) -> pd.DataFrame:
    """
    Doses, levels and what infants get, over the whole run: of a model, and no medical advice.

    Parameters
    ----------
    run
        With drugs; the frame of any other has no rows.

    Returns
    -------
    A row for each `mother`, `replicate`, `drug` and `infant` (missing where there is none). Metabolites have rows too,
    with the dose of their drug, and so has a drug together with those of its metabolites that get into milk
    (`fluoxetine+metabolites`), as milligrams of the drug by molar mass. There are: `dose_mg_per_day` that she took,
    doses that are several days apart spread evenly over these days; mean levels of plasma and of all milk removed and
    their ratio, what the infant swallowed and its mean level, the relative infant dose by what it really swallowed
    (`rid_percent`) and by 0.15 L/kg/day of the mean milk (`rid_conventional_percent`), the largest feed of a day over
    all of that day's (`worst_feed_share`, the mean over days), and a `mark` where a relative dose is above 10 %, or
    above 5 % for infants and drugs that ask for caution: a convention, not a threshold of harm. What is in milk and
    infants is NaN for a drug whose way into milk is not modelled. Units are in `attrs["units"]`.

    References
    ----------
    Begg 2002, J Hum Lact 18:323-332, for the relative infant dose.
    """
    rows = list(_rows(run)) if "drug_levels" in run.tables else []
    frame = pd.DataFrame(rows, columns=[*UNIT, "drug", "infant", *COLUMNS])
    frame["infant"] = frame["infant"].astype("Int64")
    frame.attrs["units"] = {name: unit for name, unit in COLUMNS.items() if name != "mark"}
    return frame


def compared(runs: Mapping[str, Analysed]) -> pd.DataFrame:
    """
    The same of several scenarios: means over their mothers and replicates.

    Parameters
    ----------
    runs
        By the names of the scenarios; those without drugs have no rows.

    Returns
    -------
    A row for each `drug`, `scenario` and `infant`, drugs in the order in which they first come, with the numbers of
    `COLUMNS` and `marks`: every mark that some mother or replicate has.
    """
    every = {name: found for name, run in runs.items() if len(found := drugs(run))}
    numbers = [name for name in COLUMNS if name != "mark"]
    rows = [
        (
            drug,
            scenario,
            infant,
            *of_one[numbers].mean().tolist(),
            tuple(dict.fromkeys(mark for mark in of_one["mark"] if mark)),
        )
        for drug in dict.fromkeys(each for found in every.values() for each in found["drug"])
        for scenario, found in every.items()
        for infant, of_one in found[found["drug"] == drug].groupby("infant", dropna=False)
    ]
    frame = pd.DataFrame(rows, columns=["drug", "scenario", "infant", *numbers, "marks"])
    frame["infant"] = frame["infant"].astype("Int64")
    return frame


def called(drug: str, infant: object, found: pd.DataFrame) -> str:
    """
    A drug of a table, with the infant where the table has several.

    Parameters
    ----------
    drug, infant
        Of a row.
    found
        The whole table.
    """
    name = drug_in_words(drug)
    return name if found["infant"].nunique() < 2 else f"{name}, infant {infant}"


def _rows(run: Analysed) -> Iterator[tuple[object, ...]]:
    """The rows, as tuples."""
    config = _config_of(run)
    whole = {name: run[name] for name in _READ}
    for unit, levels in whole["drug_levels"].groupby(UNIT):
        tables = {name: frame[(frame[UNIT] == list(unit)).all(axis=1)] for name, frame in whole.items()}
        span_min = float(levels["time_min"].min()), float(levels["time_min"].max())
        for name, drug, ratios in _subjects([str(each) for each in levels["drug"].unique()], config):
            about = _OneDrug(drug, ratios, config, tables, span_min)
            for infant in range(len(config["infants"])) or (None,):
                yield (*unit, name, infant, *about.row(infant))


def _subjects(names: Sequence[str], config: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, float]]]:
    """What rows are about: name, drug, and the molar ratios of what is added up; sums follow what they are of."""
    drugs = [_parent_of(name, config) for name in names]
    for place, (name, drug) in enumerate(zip(names, drugs, strict=True)):
        yield name, drug, {name: 1.0}
        if drug in drugs[place + 1 :]:
            continue
        whole = config["drug_library"][drug]
        made = {each["drug"]: float(each["molar_ratio"]) for each in whole["metabolites"] if each["passage"]}
        if made:
            yield with_metabolites(drug), drug, ({drug: 1.0} if whole["passage"] else {}) | made


class _OneDrug:
    """One drug of one unit of work, or what the body makes of it, or both together by their molar ratios."""

    def __init__(
        self,
        drug: str,
        ratios: Mapping[str, float],
        config: Mapping[str, Any],
        tables: Mapping[str, pd.DataFrame],
        span_min: tuple[float, float],
    ) -> None:
        self._drug, self._ratios, self._config, self._tables = drug, dict(ratios), config, tables
        self._from_min, self._to_min = span_min
        self._days = (self._to_min - self._from_min) / DAY_MIN

    def _own(self, table: str) -> pd.DataFrame:
        """Rows of a table about it."""
        rows = self._tables[table]
        name = "analyte" if "analyte" in rows else "drug"
        rows = rows[rows[name].isin(list(self._ratios))]
        if set(self._ratios.values()) == {1.0} and len(self._ratios) == 1:
            return rows
        by, amounts = ([each for each in names if each in rows] for names in (_BY, _AMOUNTS))
        ratios = rows[name].astype(str).map(self._ratios).to_numpy(float)
        each_of_drug = rows[by].join(rows[amounts].div(ratios, axis=0))
        return each_of_drug.groupby(by, observed=True, as_index=False)[amounts].sum()

    def _taken_mg_per_day(self) -> float:
        """What she took of the drug in a day, on average."""
        taken = self._tables["drugs_taken"]
        spread = taken[(taken["drug"] == self._drug) & taken["mg_per_kg_day"].notna()]
        if len(spread):
            minutes = np.diff(np.append(spread["time_min"].to_numpy(float), self._to_min))
            per_kg = float((spread["mg_per_kg_day"].to_numpy(float) * minutes).sum()) / (self._to_min - self._from_min)
            return per_kg * float(self._config["mother"]["weight_kg"])
        doses = self._tables["doses"]
        return _over(float(doses[(doses["drug"] == self._drug) & doses["taken"]]["dose_mg"].sum()), self._days)

    def row(self, infant: int | None) -> tuple[object, ...]:
        """The values of `COLUMNS`, in their order."""
        per_day = self._taken_mg_per_day()
        levels = self._own("drug_levels")
        plasma = self._mean(levels[levels["where"] == "plasma"])
        in_milk = bool((levels["where"] != "plasma").any())
        removed_ml = float(self._tables["removals"]["removed_ml"].sum()) if in_milk else nan
        milk = _over(float(self._own("removal_contents")["amount"].sum()) * _ML_PER_L, removed_ml)
        mother = _over(per_day, float(self._config["mother"]["weight_kg"]))
        conventional = conventional_dose_percent(milk, mother) if mother > 0.0 else nan
        swallowed, level, percent, share, mark = nan, nan, nan, nan, ""
        if infant is not None and in_milk:
            doses_in, levels_in = self._own("infant_doses"), self._own("infant_levels")
            mine = doses_in[doses_in["infant"] == infant]
            swallowed = _over(float(mine["amount_per_kg"].sum()), self._days)
            level = self._mean(levels_in[levels_in["infant"] == infant])
            percent = relative_dose_percent(swallowed, mother) if mother > 0.0 else nan
            share = self._worst_share(mine)
            mark = self._mark(infant, [each for each in (percent, conventional) if not isnan(each)])
        return per_day, plasma, milk, _over(milk, plasma), swallowed, level, percent, conventional, share, mark

    def _mean(self, samples: pd.DataFrame) -> float:
        """Mean level over time: a sample holds until the next one, so that of the end of the run holds for no time."""
        return float(samples.loc[samples["time_min"] < self._to_min, "mg_per_l"].mean())

    def _worst_share(self, mine: pd.DataFrame) -> float:
        """Largest feed of a day over all of the day's, the mean over days on which there was any."""
        sessions = self._tables["sessions"][["session", "start_min"]]
        begun = mine.merge(sessions, on="session")
        by_day = begun.groupby(begun["start_min"] // DAY_MIN)["amount"].agg(["max", "sum"])
        by_day = by_day[by_day["sum"] > 0.0]
        return float((by_day["max"] / by_day["sum"]).mean())

    def _mark(self, infant: int, percents: list[float]) -> str:
        traits = self._config["infants"][infant]
        born_min = (traits["born_day"] - 1.0) * DAY_MIN
        return mark_of(
            max(percents, default=0.0),
            gestation_weeks=traits["gestation_weeks"],
            age_days=max(0.0, self._from_min - born_min) / DAY_MIN,
            narrow_index=self._config["drug_library"][self._drug]["marks"]["narrow_index"],
        )


def _parent_of(name: str, config: Mapping[str, Any]) -> str:
    """The drug that a metabolite is made of; the drug itself for a drug."""
    library = config["drug_library"]
    if name in library:
        return name
    made_of = {made["drug"]: drug for drug, each in library.items() for made in each["metabolites"]}
    return str(made_of[name])


def _over(value: float, of: float) -> float:
    """A quotient; NaN over nothing."""
    return value / of if of > 0.0 else nan


def _config_of(run: Analysed) -> Mapping[str, Any]:
    from lactflow.config.yaml_source import parse_yaml

    data: Mapping[str, Any] = parse_yaml(run.config_text.encode()).data
    return data
