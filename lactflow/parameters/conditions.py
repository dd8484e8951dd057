"""
Conditions of the mother and ways of birth: what each sets, with the size that was printed and how uncertain it is.

This table is the one place where they are declared. A size is on something that the model has: the hour at which
copious milk begins, the weight that a newborn loses, levels of prolactin, the size of the gland. Where only a direction
was printed, the name is refused with that sentence.

Odds were turned into hours by ln(odds ratio) * 13 h * 0.55: if the onset of women has a logistic distribution with a
standard deviation of 13 h (Arthur 1989), odds of a late onset shift by that. It is an assumption of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity

FLUIDS_ML = 1200.0
"""Fluid for the mother before birth above which her newborn loses more: the two groups of Noel-Weiss 2011."""


@dataclass(frozen=True, kw_only=True)
class Acting:
    """
    What an effect acts on.

    Attributes
    ----------
    words
        What it is.
    unit
        Of a size.
    keys
        Quantities of the config that follow from it.
    """

    words: str
    unit: str
    keys: tuple[str, ...]


ACTING: Mapping[str, Acting] = {
    "onset_h": Acting(
        words="hours by which copious milk begins later",
        unit="h",
        keys=("gland.genes.mrna_h",),
    ),
    "newborn_weight_loss": Acting(
        words="share of the birth weight that the newborn loses besides",
        unit="",
        keys=("dyad.growth.newborn_weight_loss",),
    ),
    "prolactin": Acting(
        words="factor on all levels of prolactin",
        unit="",
        keys=tuple(f"endocrine.prolactin.{name}_ng_per_ml" for name in ("nonlactating", "term", "suckled", "surge")),
    ),
    "gland_size": Acting(words="factor on the number of cells", unit="", keys=("mother.gland_size",)),
}
"""Everything that a condition may act on."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """
    One effect of a condition.

    Attributes
    ----------
    on
        One of `ACTING`.
    size, low, high
        Printed, or derived from what was printed; and how uncertain it is, in the unit of what it acts on.
    source, locator
        Paper, and the place in it.
    note
        What was printed, in whom.
    """

    on: str
    size: float
    low: float
    high: float
    source: sources.Citation
    locator: str = "abstract"
    note: str


CONDITIONS: Mapping[str, tuple[Effect, ...]] = {
    "diabetes, type 1": (
        Effect(
            on="onset_h", size=24.0, low=12.0, high=36.0, source=sources.HARTMANN_CREGAN_2001,
            note="Markers of activation a day later; the uncertainty is ours. Arthur 1989 saw it in 6 women",
        ),
    ),
    "diabetes, type 2": (
        Effect(
            on="onset_h", size=4.4, low=0.0, high=9.0, source=sources.ASSUMED, locator="",
            note="As gestational diabetes: no size for type 2 could be read",
        ),
    ),
    "gestational_diabetes": (
        Effect(
            on="onset_h", size=4.4, low=2.1, high=6.6, source=sources.GESTATIONAL_2021,
            note="Odds of an onset after 72 h 1.84 (1.34 to 2.52), 11 studies of 8,150 women",
        ),
    ),
    "gestational_diabetes, insulin": (
        Effect(
            on="onset_h", size=8.0, low=3.8, high=12.4, source=sources.GESTATIONAL_2021,
            note="Odds of an onset after 72 h 3.07 (1.71 to 5.47) in women who are treated with insulin",
        ),
    ),
    "obesity": (
        Effect(
            on="onset_h", size=6.0, low=3.0, high=8.0, source=sources.DEWEY_2003,
            note="Onset after 72 h in 33 against 16 %, risk ratio 2.46 (1.45 to 3.64); Chapman 1999 has odds of 3.2 "
            "(1.5 to 6.7), Scott 2007 no effect. Less prolactin in answer to suckling was seen, without a size",
        ),
    ),
    "sheehan": (
        Effect(
            on="prolactin", size=0.115, low=0.06, high=0.19, source=sources.POWE_2010, locator="before treatment",
            note="Share of lactotrophs that leaves peaks of 28 (SD 17) ng/mL, as in five women who lack prolactin, a "
            "proxy. They made 3.4 (SD 1.6) mL a day; the model makes far more at such a peak",
        ),
    ),
    "hypoplasia": (
        Effect(
            on="gland_size", size=0.45, low=0.3, high=0.6, source=sources.ASSUMED, locator="",
            note="A choice: 61 % of women with signs of hypoplasia had no full supply within a month (Huggins 2000); "
            "no paper gives milk by the amount of tissue",
        ),
    ),
    "first birth": (
        Effect(
            on="onset_h", size=8.2, low=3.3, high=13.2, source=sources.SCOTT_2007,
            note="Odds of a late onset 3.16 (1.58 to 6.33) against later births",
        ),
    ),
    "caesarean": (
        Effect(
            on="onset_h", size=6.3, low=1.8, high=10.8, source=sources.SCOTT_2007,
            note="Odds of a late onset 2.40 (1.28 to 4.51)",
        ),
        Effect(
            on="newborn_weight_loss", size=0.015, low=0.007, high=0.022, source=sources.FLAHERMAN_2015,
            note="Medians of -4.9, -8.0 and -8.6 % at 24, 48 and 72 h against -4.2, -7.1 and -6.4 % of vaginal births",
        ),
    ),
    "fluids": (
        Effect(
            on="newborn_weight_loss", size=0.014, low=0.0, high=0.03, source=sources.NOEL_WEISS_2011,
            note="6.93 against 5.51 % at 60 h where the mother had more than 1,200 mL before birth; the uncertainty is "
            "ours. Chantry 2011 has a risk ratio of 2.8 to 3.2 for a loss of 10 %",
        ),
    ),
}  # fmt: skip
"""What each condition sets, by the name that messages and tables call it."""

REFUSED: Mapping[str, str] = {
    "insulin_resistance": "no size of an effect on volume or onset could be read; the direction is less milk",
    "pcos": "only the share of mothers who feed exclusively is printed, no size on the gland",
    "hypothyroid": "direction only, less milk and a later onset; no size could be read",
}
"""Names of conditions that set nothing, and why."""


class MotherCondition(Declared):
    """A condition of the mother."""

    kind: str

    @property
    def row(self) -> str:
        """Its name in `CONDITIONS`."""
        return self.kind


class Diabetes(MotherCondition):
    """Diabetes before the pregnancy."""

    kind: Literal["diabetes"]
    type: Literal[1, 2] = Field(description="Type 1 or 2")

    @property
    def row(self) -> str:
        """By its type."""
        return f"diabetes, type {self.type}"


class GestationalDiabetes(MotherCondition):
    """Diabetes of the pregnancy."""

    kind: Literal["gestational_diabetes"]
    insulin: bool = Field(default=False, description="Whether it was treated with insulin")

    @property
    def row(self) -> str:
        """By its treatment."""
        return f"{self.kind}, insulin" if self.insulin else self.kind


class Obesity(MotherCondition):
    """Obesity before the pregnancy."""

    kind: Literal["obesity"]


class Sheehan(MotherCondition):
    """Most lactotrophs were lost at birth."""

    kind: Literal["sheehan"]


class Hypoplasia(MotherCondition):
    """A gland with little tissue."""

    kind: Literal["hypoplasia"]


def _from_words(value: object) -> object:
    """A list in which a condition may be a word; words that set nothing are refused with the reason."""
    if not isinstance(value, (list, tuple)):
        return value
    names = [each.get("kind") if isinstance(each, dict) else each for each in value]
    for name in names:
        if isinstance(name, str) and name in REFUSED:
            msg = f"{name} is refused: {REFUSED[name]}"
            raise ValueError(msg)
    return tuple({"kind": each} if isinstance(each, str) else each for each in value)


_AnyCondition = Annotated[Diabetes | GestationalDiabetes | Obesity | Sheehan | Hypoplasia, Field(discriminator="kind")]
MotherConditions: Any = Annotated[tuple[_AnyCondition, ...], BeforeValidator(_from_words)]


class Birth(Declared):
    """How the birth went that days are counted from."""

    mode: Literal["vaginal", "caesarean"] = Field(default="vaginal", description="Way of birth")
    first_feed_h: float = quantity(
        0.0,
        "h",
        within=(0.0, 240.0),
        plausible=(0.0, 72.0),
        source=sources.ASSUMED,
        note="Hours from birth until the first feed at the breast: no phase of feeds begins before",
    )
    fluids: float | None = Field(
        default=None,
        ge=0.0,
        le=20_000.0,
        description="Fluid that the mother was given before birth [mL]; above 1,200 her newborn loses more weight",
    )

    @property
    def rows(self) -> tuple[str, ...]:
        """Names in `CONDITIONS`."""
        fluids = self.fluids is not None and self.fluids > FLUIDS_ML
        return (*(("caesarean",) if self.mode == "caesarean" else ()), *(("fluids",) if fluids else ()))
