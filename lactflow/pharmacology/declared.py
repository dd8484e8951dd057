"""
What a drug is, as a declaration: one file for each drug, shipped or a user's own.

Numbers are those of a woman of 70 kg; what follows from them is in `lactflow.pharmacology.derived`. Nothing here knows
files: a declaration is plain data that has been validated. It describes a model, and is no medical advice.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from lactflow.kinetics import plain_sum
from lactflow.parameters.declaration import Declared, WrongKeyError, without_lists
from lactflow.pharmacology.effects import Effect
from lactflow.pharmacology.rests_on import OWN, Reference, check_keys

DAILY_STEPS = "daily_steps"
"""The word that stands for kinetics of a drug whose level is its daily dose."""
NO_LEVEL = "no_level"
"""The word that stands for kinetics of a drug that has no level: what it does, its doses do."""
REFERENCE_KG = 70.0
"""Weight of the woman whose kinetics a declaration has [kg]."""

Kind = Literal["neutral", "acid", "base", "zwitterion", "antibody"]
Way = Literal["renal", "glucuronidation", "hepatic", "cyp1a2", "mature"]
FormRoute = Literal["oral", "bolus", "infusion"]
_LONGEST_NAME = 64
_ROUND_OFF = 1e-9
_USES = ("measured", "fitted", "class", "assumed")


def is_drug_name(text: str) -> bool:
    """Whether a drug may be called so: letters, digits, underscores and hyphens, with a letter at the beginning."""
    return text.replace("-", "_").isidentifier() and text.isascii() and text[0] != "-" and len(text) <= _LONGEST_NAME


def _plain_name(text: str) -> str:
    if not is_drug_name(text):
        msg = "letters, digits, underscores and hyphens, not beginning with a digit or a hyphen"
        raise ValueError(msg)
    return text


def _use(text: str) -> str:
    words = text.replace(":", " ").split()
    if not words or words[0] not in (*_USES, OWN):
        msg = f"one of {', '.join(_USES)}, and after `fitted` the row that it is fitted on"
        raise ValueError(msg)
    return text


DrugName = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME), AfterValidator(_plain_name)]
_Share = Annotated[float, Field(ge=0.0, le=1.0)]
_Unbound = Annotated[float, Field(ge=1e-5, le=1.0)]
_Clearance = Annotated[float, Field(ge=1e-5, le=10_000.0)]
_Volume = Annotated[float, Field(ge=0.1, le=1_000_000.0)]
_Rate = Annotated[float, Field(ge=1e-3, le=1000.0)]
_Hours = Annotated[float, Field(gt=0.0, le=10_000.0)]
_Lag = Annotated[float, Field(ge=0.0, le=72.0)]


class Compartment(Declared):
    """One of two compartments: the central one has a clearance, the outer one exchanges with it."""

    clearance_l_per_h: _Clearance | None = Field(default=None, description="Elimination from the central compartment")
    exchange_l_per_h: _Clearance | None = Field(default=None, description="Between the outer compartment and it")
    volume_l: _Volume = Field(description="Volume of distribution of the compartment")


class Kinetics(Declared):
    """How the drug comes into blood and leaves it: linear, by zero order (ethanol), as steps of days, or not at all."""

    daily_steps: bool = Field(default=False, description="The level is the daily dose [mg/d], from day to day")
    no_level: bool = Field(default=False, description="It has no level: what it does, its doses do")
    bioavailability: _Share = Field(default=1.0, description="Share of a dose by mouth that reaches the blood")
    clearance_l_per_h: _Clearance | None = Field(default=None, description="Elimination from plasma")
    volume_l: _Volume | None = Field(default=None, description="Volume of distribution")
    compartments: tuple[Compartment, ...] = Field(
        default=(), max_length=2, description="Central and outer one, in place of clearance_l_per_h and volume_l"
    )
    absorption_per_h: _Rate | None = Field(default=None, description="First-order rate; all at once when left out")
    lag_h: _Lag = Field(default=0.0, description="Time from the dose to the beginning of its absorption")
    elimination_g_per_l_h: Annotated[float, Field(ge=0.01, le=1.0)] | None = Field(
        default=None, description="Fall of the level in blood by zero order: that of ethanol"
    )
    drink_g: Annotated[float, Field(ge=1.0, le=100.0)] = Field(
        default=12.0, description="What one drink holds, where elimination is by zero order"
    )

    @property
    def has_concentration(self) -> bool:
        """Whether there is a concentration in plasma."""
        return not (self.daily_steps or self.no_level)

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, data: Any) -> Any:
        return {data: True} if data in (DAILY_STEPS, NO_LEVEL) else without_lists(data)

    @model_validator(mode="after")
    def _one_way(self) -> Kinetics:
        ways = {
            DAILY_STEPS: self.daily_steps,
            NO_LEVEL: self.no_level,
            "clearance_l_per_h": self.clearance_l_per_h is not None,
            "compartments": bool(self.compartments),
            "elimination_g_per_l_h": self.elimination_g_per_l_h is not None,
        }
        given = [name for name, there in ways.items() if there]
        if len(given) != 1:
            what = f"{' and '.join(given)} exclude each other" if given else "how the drug leaves is missing"
            raise ValueError(f"{what} (allowed: one of {', '.join(ways)})")
        if self.clearance_l_per_h is not None and self.volume_l is None:
            raise ValueError("volume_l is missing (needed with clearance_l_per_h)")
        if self.clearance_l_per_h is None and self.volume_l is not None:
            raise ValueError(f"volume_l does not go with {given[0]} (it goes with clearance_l_per_h)")
        if self.compartments:
            _check_compartments(self.compartments)
        return self


def _check_compartments(compartments: tuple[Compartment, ...]) -> None:
    """
    The first is the central one, the second the outer one.

    Raises
    ------
    ValueError
        If a clearance or an exchange is missing, or stands at the wrong one.
    """
    for number, (each, needed, barred) in enumerate(
        zip(
            compartments,
            ("clearance_l_per_h", "exchange_l_per_h"),
            ("exchange_l_per_h", "clearance_l_per_h"),
            strict=False,
        )
    ):
        which = "the central" if number == 0 else "the outer"
        if getattr(each, needed) is None:
            raise ValueError(f"compartments.{number}: {needed} is missing (needed of {which} compartment)")
        if getattr(each, barred) is not None:
            raise ValueError(f"compartments.{number}: {barred} is not of {which} compartment (needed: {needed})")


class Passage(Declared):
    """How the drug gets from blood into milk, and back."""

    kind: Kind = Field(alias="class", description="What it is in water; antibodies are carried through the cells")
    pka: Annotated[float, Field(ge=-5.0, le=20.0)] | None = Field(default=None, description="Needed of acids and bases")
    unbound_plasma: _Unbound | None = Field(default=None, description="Share in plasma that no protein binds")
    unbound_skim: _Unbound | None = Field(
        default=None, description="The same in skim milk; from unbound_plasma when left out"
    )
    fat_partition: Annotated[float, Field(ge=0.0, le=1e5)] | None = Field(
        default=None, description="Concentration in milk fat over that in skim; from log_d, or 1, when left out"
    )
    log_d: Annotated[float, Field(ge=-10.0, le=10.0)] | None = Field(
        default=None, description="Logarithm of the partition between octanol and water at pH 7.2"
    )
    exchange_ml_per_h: Annotated[float, Field(ge=0.0, le=1e6)] | None = Field(
        default=None, description="Clearance between blood and milk of a breast; that of its class when left out"
    )
    active_ratio: Annotated[float, Field(ge=1e-3, le=1000.0)] = Field(
        default=1.0, description="How many times as much a transporter holds in milk; 1 without one"
    )
    carried: _Share | None = Field(
        default=None, description="What fresh milk brings, as a share of the partition; from the exchange when left out"
    )
    return_share: _Share = Field(
        default=1.0, description="Share of the exchange by which it goes back from milk into plasma; 1 both ways alike"
    )
    transcytosis_ml_per_day: Annotated[float, Field(ge=0.0, le=10_000.0)] | None = Field(
        default=None, description="Plasma whose content the cells of a breast carry through in a day; of antibodies"
    )

    @model_validator(mode="after")
    def _fits_its_class(self) -> Passage:
        if self.kind == "antibody":
            barred = ("pka", "unbound_plasma", "unbound_skim", "log_d", "exchange_ml_per_h", "carried")
            odd = next((name for name in barred if getattr(self, name) is not None), None)
            if odd is not None:
                raise ValueError(f"{odd} is not of an antibody (needed: transcytosis_ml_per_day)")
            needed: tuple[str, ...] = ("transcytosis_ml_per_day",)
        else:
            if self.transcytosis_ml_per_day is not None:
                raise ValueError(f"transcytosis_ml_per_day is of class antibody, and class is {self.kind}")
            needed = ("pka", "unbound_plasma") if self.kind in ("acid", "base") else ("unbound_plasma",)
        for name in needed:
            if getattr(self, name) is None:
                raise ValueError(f"{name} is missing (needed of class {self.kind})")
        if self.fat_partition is not None and self.log_d is not None:
            raise ValueError("fat_partition and log_d exclude each other (the first follows from the second)")
        return self


class InfantUse(Declared):
    """What an infant absorbs of the drug, and by which way it leaves it."""

    bioavailability: _Share = Field(default=1.0, description="Share of what is swallowed that reaches the blood")
    clearance: Way = Field(default="hepatic", description="How it leaves, and so how that matures")
    absorption_per_h: _Rate | None = Field(
        default=None, description="First-order rate; that of the model when left out"
    )
    t50_weeks: Annotated[float, Field(ge=20.0, le=200.0)] | None = Field(
        default=None, description="Postmenstrual age of half the clearance of an adult; that of its way when left out"
    )
    hill: Annotated[float, Field(ge=0.1, le=20.0)] | None = Field(
        default=None, description="Steepness of that maturation; that of its way when left out"
    )
    volume_l_per_kg: Annotated[float, Field(ge=0.01, le=1000.0)] | None = Field(
        default=None, description="Volume of distribution; that of a woman by weight when left out"
    )
    elimination_per_h: _Rate | None = Field(
        default=None, description="First-order rate at which it leaves, in place of a clearance that matures"
    )

    @model_validator(mode="after")
    def _one_way(self) -> InfantUse:
        usual = {"clearance": "hepatic", "t50_weeks": None, "hill": None}
        maturing = [name for name, value in usual.items() if getattr(self, name) != value]
        if self.elimination_per_h is not None and maturing:
            raise ValueError(f"{maturing[0]} does not go with elimination_per_h (allowed: one of them)")
        return self

    @property
    def has_own_kinetics(self) -> bool:
        """Whether its level needs no kinetics of the mother."""
        return self.elimination_per_h is not None and self.volume_l_per_kg is not None


class Form(Declared):
    """One way to take it; what is left out is as in the kinetics."""

    route: FormRoute = Field(default="oral", description="By mouth, at once into blood, or evenly into blood")
    release_h: _Hours | None = Field(
        default=None, description="Hours over which it comes evenly: of extended release, or of an infusion"
    )
    bioavailability: _Share | None = Field(default=None, description="1 of bolus and infusion when left out")
    absorption_per_h: _Rate | None = Field(default=None, description="First-order rate, of a form by mouth")
    lag_h: _Lag | None = Field(default=None, description="Time to its beginning; 0 of bolus and infusion when left out")

    @model_validator(mode="after")
    def _fits_its_route(self) -> Form:
        if self.route == "infusion" and self.release_h is None:
            raise ValueError("release_h is missing (needed of an infusion: the hours that it takes)")
        if self.route == "bolus" and self.release_h is not None:
            raise ValueError("release_h does not go with route: bolus (allowed: oral, infusion)")
        if self.absorption_per_h is not None and (self.route != "oral" or self.release_h is not None):
            raise ValueError("absorption_per_h is of a form by mouth that is released at once")
        return self


class Metabolite(Declared):
    """What the body makes of the drug, where it counts by itself."""

    drug: DrugName = Field(description="Its name")
    title: str = Field(default="", max_length=300, description="One line for people")
    formed_share: Annotated[float, Field(gt=0.0, le=1.0)] = Field(description="Share of the elimination that forms it")
    molar_ratio: Annotated[float, Field(ge=0.01, le=100.0)] = Field(
        default=1.0, description="Its molar mass over that of the drug"
    )
    clearance_l_per_h: _Clearance = Field(description="Its elimination")
    volume_l: _Volume = Field(description="Its volume of distribution")
    passage: Passage | None = Field(default=None, description="How it gets into milk; not at all when left out")
    infant: InfantUse = Field(default_factory=InfantUse, description="In an infant that swallows it")


def _check_metabolites(metabolites: tuple[Metabolite, ...], *, linear: bool) -> None:
    """
    All of them together are made of what is eliminated in proportion to the level.

    Raises
    ------
    WrongKeyError
        If there are some without linear kinetics, or more is made than is eliminated.
    """
    if metabolites and not linear:
        raise WrongKeyError("metabolites need kinetics with clearance_l_per_h or compartments", "metabolites")
    formed = plain_sum(each.formed_share for each in metabolites)
    if formed > 1.0 + _ROUND_OFF:
        message = f"their formed_share adds up to {formed:.4g} (allowed: up to 1 together)"
        raise WrongKeyError(message, "metabolites")


class Marks(Declared):
    """What readers of a result should know."""

    narrow_index: bool = Field(default=False, description="Whether doses that help and doses that harm are close")


class Drug(Declared):
    """A drug: how it moves in a woman of 70 kg, how it gets into milk, and where each number comes from."""

    format: Literal[1] = Field(description="Version of this format")
    drug: DrugName = Field(description="Its name, by which a config takes it")
    title: str = Field(default="", max_length=300, description="One line for people")
    kinetics: Kinetics = Field(description="In blood", json_schema_extra={"words": [DAILY_STEPS, NO_LEVEL]})
    passage: Passage | None = Field(default=None, description="Into milk; none gets there that is modelled without it")
    infant: InfantUse = Field(default_factory=InfantUse, description="In an infant that swallows it")
    forms: dict[DrugName, Form] = Field(
        default_factory=lambda: {"immediate": Form()}, min_length=1, max_length=20, description="Ways to take it"
    )
    metabolites: tuple[Metabolite, ...] = Field(default=(), max_length=10, description="What the body makes of it")
    effects: tuple[Effect, ...] = Field(default=(), max_length=10, description="What it does to milk secretion")
    iu_per_mg: Annotated[float, Field(gt=0.0, le=1e9)] | None = Field(
        default=None, description="International units of a milligram, of what is dosed in them"
    )
    marks: Marks = Field(default_factory=Marks, description="What readers of a result should know")
    sources: dict[str, Reference] = Field(
        min_length=1, max_length=200, description="Of each number: by its key, or dotted where two have the same"
    )
    uses: dict[str, Annotated[str, Field(max_length=300), AfterValidator(_use)]] = Field(
        default_factory=dict, max_length=200, description="What a number rests on where it is no plain measurement"
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Drug:
        names = [self.drug, *(each.drug for each in self.metabolites)]
        twice = next((number for number, name in enumerate(names) if name in names[:number]), None)
        if twice is not None:
            message = f"{names[twice]!r} is named twice (allowed: each metabolite has a name of its own)"
            raise WrongKeyError(message, "metabolites", twice - 1, "drug")
        linear = self.kinetics.clearance_l_per_h is not None or self.kinetics.compartments
        _check_metabolites(self.metabolites, linear=bool(linear))
        for name, form in self.forms.items() if not linear else ():
            if form.route == "infusion" or form.release_h is not None or form.absorption_per_h is not None:
                raise WrongKeyError("release_h, absorption_per_h and infusion need linear kinetics", "forms", name)
        own = (self.infant.elimination_per_h, self.infant.volume_l_per_kg)
        if self.kinetics.elimination_g_per_l_h is not None and own.count(None) == 1:
            message = "a level needs both elimination_per_h and volume_l_per_kg with elimination_g_per_l_h"
            raise WrongKeyError(message, "infant")
        word = None if self.kinetics.has_concentration else NO_LEVEL if self.kinetics.no_level else DAILY_STEPS
        if word is not None and self.passage is not None:
            raise WrongKeyError(
                f"it does not go with kinetics: {word} (there is no concentration in plasma)", "passage"
            )
        for number, effect in enumerate(self.effects):
            if effect.law == "pulse" and self.iu_per_mg is None:
                raise WrongKeyError("law pulse needs iu_per_mg of the drug", "effects", number)
            if word == NO_LEVEL and effect.by == "level" and effect.law != "pulse":
                message = f"there is no level with kinetics: {word} (allowed: another `by`)"
                raise WrongKeyError(message, "effects", number)
        check_keys(self)
        return self

    def acts_by(self, effect: Effect) -> Literal["level", "daily_dose", "site", "pulse"]:
        """What one of its effects follows: a level that is the daily dose is that, and pulses are of doses."""
        if effect.law == "pulse":
            return "pulse"
        return "daily_dose" if effect.by == "level" and self.kinetics.daily_steps else effect.by
