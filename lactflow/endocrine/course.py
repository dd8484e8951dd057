"""
The course of a scenario: all that interventions do to mother and infants, known before the run.

Interventions write into it, by names that are declared here; whatever acts is read from it as a signal or as doses. A
name that is not declared is an error where it is used, and so is a part of the course that nothing has read by the time
the run is built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from lactflow.endocrine.births import Pregnancy
from lactflow.endocrine.names import check_known, check_once
from lactflow.endocrine.placenta import PlacentaPart
from lactflow.endocrine.signal import LevelWindow, Steps
from lactflow.errors import DeclarationError
from lactflow.kinetics import plain_sum
from lactflow.records import InterventionChange

Part = str | int | tuple[str, int] | None
"""What a condition belongs to: a side, the number of an infant, a lobe as (side, number), or None for the mother."""


class Dose(NamedTuple):
    """One dose: when it is taken, and how much, in the unit of the drug."""

    time_min: float
    amount: float


class Condition(NamedTuple):
    """
    A condition that interventions bring about for some time.

    Attributes
    ----------
    name
        By which it is written and read.
    usual
        Its level while no intervention holds another one.
    unit
        Of its level.
    description
        What it is, and of whom.
    """

    name: str
    usual: float
    unit: str
    description: str


class Drug(NamedTuple):
    """A drug that interventions give: its name, and the unit of a dose."""

    name: str
    unit: str


CONDITIONS = (
    Condition("estradiol_dose", 0.0, "mg/d", "daily dose of estradiol"),
    Condition("estradiol_given", 0.0, "pg/mL", "level of estradiol that is given"),
    Condition("progesterone_dose", 0.0, "mg/d", "daily dose of progesterone"),
    Condition("progesterone_given", 0.0, "ng/mL", "level of progesterone that is given"),
    Condition("substrate", 1.0, "", "supply with raw material, 1 for a fed mother"),
    Condition("fasting", inf, "min", "when the fast that the mother is in began; infinity for none"),
    Condition("stress", 0.0, "", "1 while the mother is under stress"),
    Condition("oxytocin_block", 0.0, "", "share of the myoepithelium's answer to oxytocin that is blocked"),
    Condition("mastitis", 0.0, "", "inflammation of one breast, 0 to 1"),
    Condition("obstruction", 0.0, "", "1 while the duct of one lobe is shut"),
    Condition("seal", 0.0, "", "1 while nobody takes milk from one breast"),
    Condition("demand", 1.0, "", "factor on the need of one infant"),
)
"""Every condition that interventions may hold."""

DRUGS = (
    Drug("cabergoline", "mg"),
    Drug("domperidone", "mg"),
    Drug("combined_pill", "mg"),
    Drug("nasal_oxytocin", "IU"),
)
"""Every drug that interventions may give, in single doses or day by day; what it does stands in its file."""


class Course:
    """
    What interventions do, by the names of conditions and drugs.

    Parameters
    ----------
    conditions, drugs
        More than those that are declared here.
    pregnant
        Whether there was a pregnancy before the birth from which days are counted, and that birth.

    Attributes
    ----------
    windows
        Windows of each condition, by its name and by what it belongs to.
    doses
        Doses of each drug, by its name, in the order in which they were written.
    daily
        Windows of the daily dose of each drug, by its name.
    retained
        Parts of the placenta that stay: share, and when each is out.
    pregnant
        As given.
    pregnancies
        Those that begin while the run goes on, in the order in which they were written.
    changes
        What is reported when it takes place.

    Raises
    ------
    DeclarationError
        If two conditions or two drugs have the same name.
    """

    def __init__(
        self, conditions: Sequence[Condition] = (), drugs: Sequence[Drug] = (), *, pregnant: bool = True
    ) -> None:
        conditions, drugs = (*CONDITIONS, *conditions), (*DRUGS, *drugs)
        check_once("condition", [(condition.name, condition) for condition in conditions])
        check_once("drug", [(drug.name, drug) for drug in drugs])
        self._conditions = {condition.name: condition for condition in conditions}
        self._drugs = {drug.name: drug for drug in drugs}
        self._conditions_read: set[tuple[str, Part]] = set()
        self._drugs_read: set[str] = set()
        self.windows: defaultdict[tuple[str, Part], list[LevelWindow]] = defaultdict(list)
        self.doses: dict[str, tuple[Dose, ...]] = {}
        self.daily: defaultdict[str, list[LevelWindow]] = defaultdict(list)
        self.retained: list[PlacentaPart] = []
        self.pregnant = pregnant
        self.pregnancies: list[Pregnancy] = []
        self.changes: list[InterventionChange] = []

    def hold(self, condition: str, window: LevelWindow, of: Part = None) -> None:
        """
        Let a condition have another level for some time.

        Raises
        ------
        DeclarationError
            If there is no such condition.
        """
        check_known("condition", condition, self._conditions)
        self.windows[condition, of].append(window)

    def give(self, drug: str, *doses: Dose) -> None:
        """
        Give doses of a drug.

        Raises
        ------
        DeclarationError
            If there is no such drug.
        """
        check_known("drug", drug, self._drugs)
        self.doses[drug] = (*self.doses.get(drug, ()), *doses)

    def give_daily(self, drug: str, window: LevelWindow) -> None:
        """
        Give a drug day by day for some time.

        Raises
        ------
        DeclarationError
            If there is no such drug.
        """
        check_known("drug", drug, self._drugs)
        self.daily[drug].append(window)

    def steps(self, condition: str, of: Part = None) -> Steps:
        """
        One condition over time.

        Raises
        ------
        DeclarationError
            If there is no such condition.
        """
        check_known("condition", condition, self._conditions)
        self._conditions_read.add((condition, of))
        return Steps(self._conditions[condition].usual, self.windows.get((condition, of), ()))

    def holds(self, condition: str, of: Part = None) -> bool:
        """
        Whether any intervention holds a condition.

        Raises
        ------
        DeclarationError
            If there is no such condition.
        """
        check_known("condition", condition, self._conditions)
        return (condition, of) in self.windows

    def windows_of(self, condition: str, of: Part = None) -> tuple[LevelWindow, ...]:
        """
        All windows of one condition, for what adds them up.

        Raises
        ------
        DeclarationError
            If there is no such condition.
        """
        check_known("condition", condition, self._conditions)
        self._conditions_read.add((condition, of))
        return tuple(self.windows.get((condition, of), ()))

    def doses_of(self, drug: str) -> tuple[Dose, ...]:
        """
        All doses of one drug.

        Raises
        ------
        DeclarationError
            If there is no such drug.
        """
        check_known("drug", drug, self._drugs)
        self._drugs_read.add(drug)
        return self.doses.get(drug, ())

    def daily_of(self, drug: str) -> Steps:
        """
        The daily dose of one drug over time; where windows overlap, the one that was written last counts.

        Raises
        ------
        DeclarationError
            If there is no such drug.
        """
        check_known("drug", drug, self._drugs)
        self._drugs_read.add(drug)
        return Steps(0.0, self.daily.get(drug, ()))

    def placenta(self) -> tuple[PlacentaPart, ...]:
        """All parts of the first placenta: what is out at birth, and what is retained; none without a pregnancy."""
        if not self.pregnant:
            return ()
        retained = plain_sum([part.share for part in self.retained])
        return (PlacentaPart(max(0.0, 1.0 - retained), 0.0), *self.retained)

    def check_read(self) -> None:
        """
        Check that all that was written has been read.

        Raises
        ------
        DeclarationError
            If a condition or a drug has been read by nothing: it would change nothing in the run.
        """
        unread = [_whose(*key) for key in self.windows if key not in self._conditions_read]
        unread += [f"doses of {drug}" for drug in (*self.doses, *self.daily) if drug not in self._drugs_read]
        if unread:
            msg = f"interventions bring about what nothing in this run reads: {', '.join(unread)}"
            raise DeclarationError(msg)


def _whose(condition: str, of: Part) -> str:
    """A condition and what it belongs to, in words."""
    if of is None:
        return condition
    return f"{condition} of {' '.join(map(str, of)) if isinstance(of, tuple) else of}"
