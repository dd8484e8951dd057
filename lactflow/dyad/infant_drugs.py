"""
Drugs in an infant: what it swallows with milk, and the level that follows.

It receives and clears, and changes nothing: neither hunger nor milk knows of it. Nothing here is medical advice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from lactflow.kinetics import relaxed
from lactflow.parameters.infant_drugs import InfantClearance
from lactflow.pharmacology.infant import (
    Amounts,
    InfantDrug,
    elimination_per_min,
    infant_volume_l,
    postmenstrual_weeks,
    with_maturation,
)
from lactflow.records.drugs import InfantDose, InfantLevel
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    from lactflow.dyad.infant import Infant
    from lactflow.gland.contents import Contents
    from lactflow.records import Recorder

NOTHING: Final = Amounts()
_REMEMBERED_DAYS: Final = 200.0
"""Of before the run: hardly any drug stays in an infant for as long."""


class DrugsInInfant:
    """
    What one infant has in its body of each drug of a run.

    Parameters
    ----------
    drugs
        Each with its index among the analytes of milk.
    clearance, exponent
        Declared quantities of maturation, and the power of body weight that clearances go with.
    gestation_weeks, born_min
        Postmenstrual age at its birth, and when that was [min since the first birth].
    time_min
        Start of the run: there is nothing in it yet, until `has_had` says what came before.
    """

    def __init__(
        self,
        drugs: Sequence[tuple[int, InfantDrug]],
        clearance: InfantClearance,
        exponent: float,
        *,
        gestation_weeks: float,
        born_min: float,
        time_min: float,
    ) -> None:
        self._drugs = tuple([(index, with_maturation(drug, clearance)) for index, drug in drugs])
        self._clearance, self._exponent = clearance, exponent
        self._absorptions = [
            (clearance.absorption_per_h if drug.absorption_per_h is None else drug.absorption_per_h) / HOUR_MIN
            for _, drug in drugs
        ]
        self._gestation_weeks = gestation_weeks
        self._born_min = born_min
        self._now_min = time_min
        self._amounts = [NOTHING] * len(self._drugs)

    def has_had(self, weight_kg: float, swallowed_mg_per_min: Callable[[str, float, float], float]) -> None:
        """
        Begin with what milk of before the run has left in it.

        What it swallowed for its weight is taken to have been what it is now; clearance was that of each day's age.

        Parameters
        ----------
        weight_kg
            Of the infant, now.
        swallowed_mg_per_min
            Takes a drug, and begin and end of a time before the run [min since the first birth]; gives the mean of what
            it swallowed then.
        """
        for place, (_, drug) in enumerate(self._drugs):
            absorption, volume_l = self._absorptions[place], infant_volume_l(drug, weight_kg)
            level = per_min = 0.0
            at_min = max(self._born_min, self._now_min - _REMEMBERED_DAYS * DAY_MIN)
            while at_min < self._now_min:
                until_min = min(at_min + DAY_MIN, self._now_min)
                per_min = drug.bioavailability * swallowed_mg_per_min(drug.name, at_min, until_min)
                rate = self._elimination(drug, weight_kg, 0.5 * (at_min + until_min))
                level = relaxed(level, per_min / volume_l / rate, until_min - at_min, 1.0 / rate)
                at_min = until_min
            if level > 0.0:
                self._amounts[place] = Amounts(per_min / absorption, level * volume_l)

    def _elimination(self, drug: InfantDrug, weight_kg: float, time_min: float) -> float:
        """Rate of elimination at a time [1/min]."""
        age_days = max(0.0, time_min - self._born_min) / DAY_MIN
        weeks = postmenstrual_weeks(self._gestation_weeks, age_days)
        return elimination_per_min(drug, weight_kg, weeks, self._clearance, self._exponent)

    def bring_up(self, time_min: float, weight_kg: float) -> None:
        """
        Bring all levels up to the clock; its rates are those of the middle of the time since.

        Parameters
        ----------
        time_min
            Clock time.
        weight_kg
            Of the infant, now.
        """
        elapsed_min = time_min - self._now_min
        if elapsed_min <= 0.0:
            return
        middle_min = 0.5 * (self._now_min + time_min)
        self._now_min = time_min
        for place, (_, drug) in enumerate(self._drugs):
            if self._amounts[place] is NOTHING:
                continue
            rate = self._elimination(drug, weight_kg, middle_min)
            self._amounts[place] = self._amounts[place].after(elapsed_min, self._absorptions[place], rate)

    def swallow(self, amounts: Sequence[float]) -> None:
        """Take in what some milk holds: an amount for each analyte, at the time it was last brought up to."""
        for place, (index, drug) in enumerate(self._drugs):
            absorbed_mg = drug.bioavailability * amounts[index]
            if absorbed_mg > 0.0:
                before = self._amounts[place]
                self._amounts[place] = Amounts(before.gut_mg + absorbed_mg, before.body_mg)

    def levels(self, weight_kg: float) -> list[tuple[str, float]]:
        """Concentration of each drug in plasma [mg/L], as of then."""
        found: list[tuple[str, float]] = []
        for place in range(len(self._drugs)):  # compiled, `zip` would cost more than all else
            drug = self._drugs[place][1]
            found.append((drug.name, self._amounts[place].body_mg / infant_volume_l(drug, weight_kg)))
        return found

    def report(self, time_min: float, infant: int, weight_kg: float, recorder: Recorder) -> None:
        """Record all levels at one instant."""
        recorder.record_rows(InfantLevel, [(time_min, infant, name, level) for name, level in self.levels(weight_kg)])


class DosesOfInfants:
    """
    What infants get of the substances that a run adds, session by session.

    Parameters
    ----------
    contents
        Of the run.
    taken_min
        When each drug or metabolite was taken, in order [min since birth].
    recorder
        Takes the rows.
    """

    def __init__(self, contents: Contents, taken_min: Mapping[str, Sequence[float]], recorder: Recorder) -> None:
        self._added = [(index, name, unit, taken_min.get(name, ())) for index, name, unit in contents.added]
        self._recorder = recorder
        self._before: dict[int, Sequence[float]] = {}

    def begin(self, infant: Infant) -> None:
        """An infant is put to a breast, or gets a bottle."""
        self._before[infant.number] = infant.body.swallowed.amounts

    def end(self, infant: Infant, session: int, kind: str, start_min: float) -> None:
        """Its session is over: a row for each substance."""
        number, body = infant.number, infant.body
        weight_kg, before, after = body.weight_kg, self._before.pop(number), body.swallowed.amounts
        source = "bottle" if kind == "bottle" else "breast"
        rows: list[tuple[object, ...]] = []
        for index, name, unit, taken_min in self._added:
            amount = after[index] - before[index]
            since_h = _hours_since(taken_min, start_min)
            rows.append((session, number, name, unit, amount, amount / weight_kg, source, since_h))
        self._recorder.record_rows(InfantDose, rows)


def _hours_since(taken_min: Sequence[float], time_min: float) -> float | None:
    """Hours since the last dose; None before the first, and for what is no drug."""
    place = bisect_right(taken_min, time_min) if taken_min else 0
    return (time_min - taken_min[place - 1]) / HOUR_MIN if place else None
