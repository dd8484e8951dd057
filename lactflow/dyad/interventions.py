"""
Interventions: timed events of a scenario, each one class.

An intervention is data; `act` says what it does to mother and infants, by adding windows and doses to their course,
under names that `lactflow.endocrine.course` declares. All of them are known before the run, so whatever reads them
reads a signal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from lactflow.dyad.intervention import Day, Dosed, Ending, Intervention, Lasting, OneSided, TakenDaily
from lactflow.dyad.schedule.times import ClockTime, Period, day_begins, first_at
from lactflow.endocrine.births import Pregnancy
from lactflow.endocrine.course import Course
from lactflow.endocrine.placenta import PlacentaPart
from lactflow.endocrine.signal import LevelWindow
from lactflow.parameters.pregnancy import TERM_DAYS
from lactflow.records import InterventionChange

_UG_PER_MG = 1000.0


class RetainedPlacenta(Ending):
    """A fragment of the placenta stays until `end_day`, and goes on making hormones."""

    kind: Literal["retained_placenta"]
    start_day: float = Field(default=1.0, ge=1.0, le=1.0, description="Birth, which is day 1")
    share: float = Field(default=0.35, gt=0.0, le=1.0, description="Share of the hormones of the placenta it makes")

    def act(self, course: Course, run: Period) -> None:
        """Part of the placenta is out later."""
        from_min, to_min = self.span(run.birth_clock_min)
        course.retained.append(PlacentaPart(self.share, to_min))
        self._report(course, from_min, to_min)


class CabergolineDoses(Dosed):
    """Cabergoline: one dose, or a dose at clock times every day."""

    drug: ClassVar[str] = "cabergoline"
    unit: ClassVar[str] = "mg"

    kind: Literal["cabergoline"]
    dose_mg: float = Field(default=1.0, gt=0.0, le=20.0, description="Dose")

    @property
    def amount(self) -> float:
        """One dose [mg]."""
        return self.dose_mg


class DomperidoneCourse(TakenDaily):
    """Domperidone day by day."""

    drug: ClassVar[str] = "domperidone"

    kind: Literal["domperidone"]
    dose_mg: float = Field(default=30.0, gt=0.0, le=500.0, description="Daily dose")

    @property
    def mg_per_day(self) -> float:
        """Daily dose [mg/d]."""
        return self.dose_mg


class OxytocinDoses(Dosed):
    """Oxytocin by nasal spray, one dose or a dose at clock times every day: a let-down without suckling."""

    drug: ClassVar[str] = "nasal_oxytocin"
    unit: ClassVar[str] = "IU"

    kind: Literal["oxytocin"]
    dose_iu: float = Field(default=4.0, gt=0.0, le=100.0, description="Dose")

    @property
    def amount(self) -> float:
        """One dose [IU]."""
        return self.dose_iu


class OxytocinBlock(Lasting):
    """The myoepithelium does not answer to oxytocin."""

    kind: Literal["oxytocin_block"]
    share: float = Field(default=1.0, gt=0.0, le=1.0, description="Share of the answer that is blocked")

    def act(self, course: Course, run: Period) -> None:
        """Less contraction, in both breasts."""
        self._hold(course, run, "oxytocin_block", self.share)


class CombinedPillCourse(TakenDaily):
    """A combined contraceptive pill, day by day."""

    drug: ClassVar[str] = "combined_pill"

    kind: Literal["combined_pill"]
    dose_ug: float = Field(default=30.0, gt=0.0, le=200.0, description="Ethinylestradiol a day")

    @property
    def mg_per_day(self) -> float:
        """Ethinylestradiol [mg/d]."""
        return self.dose_ug / _UG_PER_MG


class EstrogenProgesterone(Lasting):
    """Estradiol and progesterone day by day, each as a dose by mouth or as the level that it gives."""

    kind: Literal["estrogen_progesterone"]
    estradiol_mg: float | None = Field(default=None, ge=0.0, le=100.0, description="Estradiol by mouth a day")
    progesterone_mg: float | None = Field(default=None, ge=0.0, le=2000.0, description="Progesterone by mouth a day")
    estradiol_pg_per_ml: float | None = Field(
        default=None, ge=0.0, le=100_000.0, description="Mean level of estradiol that it gives, in place of a dose"
    )
    progesterone_ng_per_ml: float | None = Field(
        default=None, ge=0.0, le=1000.0, description="Mean level of progesterone that it gives, in place of a dose"
    )

    @model_validator(mode="after")
    def _gives_something(self) -> EstrogenProgesterone:
        names = ("estradiol_mg", "estradiol_pg_per_ml", "progesterone_mg", "progesterone_ng_per_ml")
        given = [name for name in names if getattr(self, name) is not None]
        for dose, level in (names[:2], names[2:]):
            if dose in given and level in given:
                msg = f"{dose} and {level} exclude each other (allowed: the dose or its level)"
                raise ValueError(msg)
        if not any(getattr(self, name) for name in given):
            msg = f"nothing is given (needed: {', '.join(names)}, at least one of them above 0)"
            raise ValueError(msg)
        return self

    def act(self, course: Course, run: Period) -> None:
        """Doses and levels; their rise and fall follow from `endocrine.drugs.estrogen_progesterone`."""
        from_min, to_min = self.span(run.birth_clock_min)
        held = {
            "estradiol_dose": self.estradiol_mg,
            "estradiol_given": self.estradiol_pg_per_ml,
            "progesterone_dose": self.progesterone_mg,
            "progesterone_given": self.progesterone_ng_per_ml,
        }
        for condition, level in held.items():
            if level is not None:
                course.hold(condition, LevelWindow(from_min, to_min, level))
        self._report(course, from_min, to_min)


class PregnancyCourse(Ending):
    """A pregnancy that begins while the run goes on; it ends with a birth at term, or earlier."""

    kind: Literal["pregnancy"]
    start_day: Day = Field(description="First day of the last menstruation, from which its 280 days are counted")
    end_day: Day | None = Field(
        default=None, description="Day it ends; 280 days after its start, which is a birth at term, when left out"
    )

    @model_validator(mode="after")
    def _is_over_at_term(self) -> PregnancyCourse:
        if self.end_day is not None and self.end_day > self.start_day + TERM_DAYS:
            msg = (
                f"end_day {self.end_day:g} is after term, on day {self.start_day + TERM_DAYS:g} "
                f"(allowed: {TERM_DAYS:g} days at most)"
            )
            raise ValueError(msg)
        return self

    @property
    def over_day(self) -> float:
        """Day on which it ends, at term where nothing else is said."""
        return self.start_day + TERM_DAYS if self.end_day is None else self.end_day

    def span(self, birth_clock_min: float) -> tuple[float, float]:
        """Begin and end [min since the first birth], given its clock time [min after midnight]."""
        return day_begins(self.start_day), first_at(self.end_time, self.over_day, birth_clock_min)

    def act(self, course: Course, run: Period) -> None:
        """A placenta, until it is out."""
        from_min, to_min = self.span(run.birth_clock_min)
        course.pregnancies.append(Pregnancy(from_min, to_min))
        self._report(course, from_min, to_min)


class StressPeriod(Lasting):
    """Stress, noise, worry: fewer oxytocin pulses."""

    kind: Literal["stress"]

    def act(self, course: Course, run: Period) -> None:
        """Pulses come more slowly."""
        self._hold(course, run, "stress", 1.0)


class BloodSubstrate(Lasting):
    """Less raw material in the blood: fasting, poor blood flow."""

    kind: Literal["blood_substrate"]
    level: float = Field(ge=0.0, le=1.0, description="Supply with raw material; 1 is that of a fed mother")

    def act(self, course: Course, run: Period) -> None:
        """Less substrate."""
        self._hold(course, run, "substrate", self.level)


class Fast(Intervention):
    """The mother eats nothing for some hours; what that leaves in her blood follows from `endocrine.fasting`."""

    kind: Literal["fasting"]
    start_time: ClockTime | None = Field(
        default=None, description="Clock time of her last meal, the first one in start_day; its beginning when left out"
    )
    hours: float = Field(gt=0.0, le=240.0, description="Hours until she eats again")

    def span(self, birth_clock_min: float) -> tuple[float, float]:
        """Begin and end [min since birth], given the clock time of birth [min after midnight]."""
        from_min = first_at(self.start_time, self.start_day, birth_clock_min)
        return from_min, from_min + self.hours * 60.0

    def misplaced(self, run: Period) -> None:
        """Nothing: it always ends after its start."""
        del run

    def act(self, course: Course, run: Period) -> None:
        """A fast that began at its start."""
        from_min, to_min = self.span(run.birth_clock_min)
        course.hold("fasting", LevelWindow(from_min, to_min, from_min))
        course.changes += [
            InterventionChange(from_min, self.kind, "start"), InterventionChange(to_min, self.kind, "end"),
        ]  # fmt: skip


class Mastitis(OneSided):
    """Mastitis in one breast: open junctions, less translation."""

    kind: Literal["mastitis"]
    severity: float = Field(default=1.0, gt=0.0, le=1.0, description="Share of the junctions it holds open")

    def act(self, course: Course, run: Period) -> None:
        """Inflammation."""
        self._hold(course, run, "mastitis", self.severity, self.side)


class DuctObstruction(OneSided):
    """The duct of one lobe lets nothing out."""

    kind: Literal["duct_obstruction"]
    lobe: int = Field(default=0, ge=0, le=59, description="Number of the lobe, from 0, the smallest")

    def act(self, course: Course, run: Period) -> None:
        """One lobe is shut."""
        self._hold(course, run, "obstruction", 1.0, (self.side, self.lobe))


class Seal(OneSided):
    """Nobody takes milk from one breast."""

    kind: Literal["seal"]

    def act(self, course: Course, run: Period) -> None:
        """Sessions leave this breast out."""
        self._hold(course, run, "seal", 1.0, self.side)


class GrowthSpurt(Lasting):
    """An infant needs more milk for a while."""

    kind: Literal["growth_spurt"]
    factor: float = Field(default=1.35, gt=0.0, le=5.0, description="Factor on its need")
    infant: int = Field(default=0, ge=0, le=9, description="Number of the infant, from 0")

    def act(self, course: Course, run: Period) -> None:
        """More need."""
        self._hold(course, run, "demand", self.factor, self.infant)


AnyIntervention = Annotated[
    RetainedPlacenta
    | CabergolineDoses
    | DomperidoneCourse
    | OxytocinDoses
    | OxytocinBlock
    | CombinedPillCourse
    | EstrogenProgesterone
    | PregnancyCourse
    | StressPeriod
    | BloodSubstrate
    | Fast
    | Mastitis
    | DuctObstruction
    | Seal
    | GrowthSpurt,
    Field(discriminator="kind"),
]

SHORTHANDS: Mapping[str, str] = {
    "cabergoline": CabergolineDoses.drug,
    "domperidone": DomperidoneCourse.drug,
    "combined_pill": CombinedPillCourse.drug,
    "oxytocin": OxytocinDoses.drug,
}
"""Kinds of intervention that give a drug of the library, in the order in which their factors multiply."""


def course_of(interventions: Sequence[AnyIntervention], run: Period, *, pregnant: bool = True) -> Course:
    """
    What all interventions of a scenario do.

    Parameters
    ----------
    interventions
        Of the config, in its order.
    run
        From when to when the run goes, and the clock time of birth.
    pregnant
        Whether the mother has been pregnant, with the birth from which days are counted.
    """
    course = Course(pregnant=pregnant)
    for intervention in interventions:
        intervention.act(course, run)
    course.changes.sort()
    return course
