"""
Interventions: timed events of a scenario, each one class.

An intervention is data; `act` says what it does to mother and infants, by adding windows and doses to their course.
All of them are known before the run, so whatever reads them reads a signal.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from math import inf
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from lactflow.endocrine.blood import Treatment
from lactflow.endocrine.drugs import Dose
from lactflow.endocrine.placenta import PlacentaPart
from lactflow.endocrine.signal import Steps, Window
from lactflow.gland.breast import Ailments
from lactflow.parameters.declaration import Declared
from lactflow.records import BREASTS, InterventionChange
from lactflow.units import DAY_MIN

_Day = Annotated[float, Field(ge=-400.0, le=4000.0)]


class NasalDose(NamedTuple):
    """One dose of oxytocin: when, and how much [IU]."""

    time_min: float
    amount_iu: float


class Course:
    """
    All that interventions do, by what it acts on.

    Attributes
    ----------
    windows
        Windows of each influence: `domperidone`, `pill`, `substrate`, `stress`, `block`, and with a side or a number
        `mastitis left`, `obstruction right`, `seal left`, `demand 0`.
    cabergoline, oxytocin
        Doses.
    retained
        Parts of the placenta that stay: share, and when each is out.
    changes
        What is reported.
    """

    def __init__(self) -> None:
        self.windows: defaultdict[str, list[Window]] = defaultdict(list)
        self.cabergoline: list[Dose] = []
        self.oxytocin: list[NasalDose] = []
        self.retained: list[PlacentaPart] = []
        self.changes: list[InterventionChange] = []

    def steps(self, name: str, usual: float = 0.0) -> Steps:
        """One influence over time."""
        return Steps(usual, self.windows[name])

    def treatment(self) -> Treatment:
        """What acts on the blood."""
        retained = sum(part.share for part in self.retained)
        return Treatment(
            placenta=(PlacentaPart(max(0.0, 1.0 - retained), 0.0), *self.retained),
            cabergoline=tuple(self.cabergoline),
            domperidone_mg_per_day=self.steps("domperidone"),
            pill_ug_per_day=self.steps("pill"),
            substrate=self.steps("substrate", 1.0),
            stress=self.steps("stress"),
        )

    def ailments(self, side: str) -> Ailments:
        """What acts on one breast."""
        return Ailments(self.steps(f"mastitis {side}"), self.steps(f"obstruction {side}", -1.0), self.steps("block"))

    def sealed(self) -> dict[str, Steps]:
        """Whether each breast is shut off, 0 or 1."""
        return {side: self.steps(f"seal {side}") for side in BREASTS}

    def demand(self, infant: int) -> Steps:
        """Factor on the need of an infant."""
        return self.steps(f"demand {infant}", 1.0)


class Intervention(Declared):
    """What all interventions share."""

    kind: str
    start_day: _Day = Field(description="Day it begins, fractions allowed; day 1 is the first 24 h after birth")

    @property
    def start_min(self) -> float:
        """When it begins [min since birth]."""
        return (self.start_day - 1.0) * DAY_MIN

    @abstractmethod
    def act(self, course: Course) -> None:
        """Add what it does."""


class _Lasting(Intervention):
    """An intervention that lasts."""

    end_day: _Day | None = Field(default=None, description="Day it ends; the end of the run when left out")

    @model_validator(mode="after")
    def _ends_later(self) -> _Lasting:
        if self.end_day is not None and self.end_day <= self.start_day:
            msg = f"end_day {self.end_day:g} is not after start_day {self.start_day:g}"
            raise ValueError(msg)
        return self

    @property
    def end_min(self) -> float:
        """When it ends [min since birth]."""
        return inf if self.end_day is None else (self.end_day - 1.0) * DAY_MIN

    def _hold(self, course: Course, influence: str, level: float) -> None:
        course.windows[influence].append(Window(self.start_min, self.end_min, level))
        course.changes.append(InterventionChange(self.start_min, self.kind, "start"))
        if self.end_day is not None:
            course.changes.append(InterventionChange(self.end_min, self.kind, "end"))


class RetainedPlacenta(_Lasting):
    """A fragment of the placenta stays until `end_day`, and goes on making hormones."""

    kind: Literal["retained_placenta"]
    start_day: float = Field(default=1.0, ge=1.0, le=1.0, description="Birth, which is day 1")
    share: float = Field(default=0.35, gt=0.0, le=1.0, description="Share of the hormones of the placenta it makes")

    def act(self, course: Course) -> None:
        """Part of the placenta is out later."""
        course.retained.append(PlacentaPart(self.share, self.end_min))
        course.changes.append(InterventionChange(0.0, self.kind, "start"))
        if self.end_day is not None:
            course.changes.append(InterventionChange(self.end_min, self.kind, "end"))


class Cabergoline(Intervention):
    """One dose of cabergoline."""

    kind: Literal["cabergoline"]
    dose_mg: float = Field(default=1.0, gt=0.0, le=20.0, description="Dose")

    def act(self, course: Course) -> None:
        """One dose."""
        course.cabergoline.append(Dose(self.start_min, self.dose_mg))
        course.changes.append(InterventionChange(self.start_min, self.kind, f"dose of {self.dose_mg:g} mg"))


class Domperidone(_Lasting):
    """Domperidone day by day."""

    kind: Literal["domperidone"]
    dose_mg: float = Field(default=30.0, gt=0.0, le=500.0, description="Daily dose")

    def act(self, course: Course) -> None:
        """A daily dose."""
        self._hold(course, "domperidone", self.dose_mg)


class Oxytocin(Intervention):
    """One dose of oxytocin by nasal spray: a let-down without suckling."""

    kind: Literal["oxytocin"]
    dose_iu: float = Field(default=4.0, gt=0.0, le=100.0, description="Dose")

    def act(self, course: Course) -> None:
        """One dose."""
        course.oxytocin.append(NasalDose(self.start_min, self.dose_iu))
        course.changes.append(InterventionChange(self.start_min, self.kind, f"dose of {self.dose_iu:g} IU"))


class OxytocinBlock(_Lasting):
    """The myoepithelium does not answer to oxytocin."""

    kind: Literal["oxytocin_block"]
    share: float = Field(default=1.0, gt=0.0, le=1.0, description="Share of the answer that is blocked")

    def act(self, course: Course) -> None:
        """Less contraction, in both breasts."""
        self._hold(course, "block", self.share)


class CombinedPill(_Lasting):
    """A combined contraceptive pill, day by day."""

    kind: Literal["combined_pill"]
    dose_ug: float = Field(default=30.0, gt=0.0, le=200.0, description="Ethinylestradiol a day")

    def act(self, course: Course) -> None:
        """Estrogen in the blood."""
        self._hold(course, "pill", self.dose_ug)


class Stress(_Lasting):
    """Stress, noise, worry: fewer oxytocin pulses."""

    kind: Literal["stress"]

    def act(self, course: Course) -> None:
        """Pulses come more slowly."""
        self._hold(course, "stress", 1.0)


class BloodSubstrate(_Lasting):
    """Less raw material in the blood: fasting, poor blood flow."""

    kind: Literal["blood_substrate"]
    level: float = Field(ge=0.0, le=1.0, description="Supply with raw material; 1 is that of a fed mother")

    def act(self, course: Course) -> None:
        """Less substrate."""
        self._hold(course, "substrate", self.level)


class _OneSided(_Lasting):
    """An intervention on one breast."""

    side: Literal["left", "right"] = Field(description="Which breast")


class Mastitis(_OneSided):
    """Mastitis in one breast: open junctions, less translation."""

    kind: Literal["mastitis"]
    severity: float = Field(default=1.0, gt=0.0, le=1.0, description="Share of the junctions it holds open")

    def act(self, course: Course) -> None:
        """Inflammation."""
        self._hold(course, f"mastitis {self.side}", self.severity)


class DuctObstruction(_OneSided):
    """The duct of one lobe lets nothing out."""

    kind: Literal["duct_obstruction"]
    lobe: int = Field(default=0, ge=0, le=59, description="Number of the lobe, from 0, the smallest")

    def act(self, course: Course) -> None:
        """One lobe is shut."""
        self._hold(course, f"obstruction {self.side}", float(self.lobe))


class Seal(_OneSided):
    """Nobody takes milk from one breast."""

    kind: Literal["seal"]

    def act(self, course: Course) -> None:
        """Sessions leave this breast out."""
        self._hold(course, f"seal {self.side}", 1.0)


class GrowthSpurt(_Lasting):
    """An infant needs more milk for a while."""

    kind: Literal["growth_spurt"]
    factor: float = Field(default=1.35, gt=0.0, le=5.0, description="Factor on its need")
    infant: int = Field(default=0, ge=0, le=9, description="Number of the infant, from 0")

    def act(self, course: Course) -> None:
        """More need."""
        self._hold(course, f"demand {self.infant}", self.factor)


AnyIntervention = Annotated[
    RetainedPlacenta
    | Cabergoline
    | Domperidone
    | Oxytocin
    | OxytocinBlock
    | CombinedPill
    | Stress
    | BloodSubstrate
    | Mastitis
    | DuctObstruction
    | Seal
    | GrowthSpurt,
    Field(discriminator="kind"),
]


def course_of(interventions: tuple[AnyIntervention, ...]) -> Course:
    """What all interventions of a scenario do."""
    course = Course()
    for intervention in interventions:
        intervention.act(course)
    course.changes.sort()
    return course
