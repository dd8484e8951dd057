"""What a drug does to the mother's body: as its file declares it, and as a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from lactflow.kinetics import inhibition, saturation
from lactflow.parameters.declaration import Declared

Target = Literal[
    "translation", "fat", "genes", "junctions", "let_down", "lactotroph", "fluxes", "uptake", "estradiol", "oxytocin"
]
"""What an effect may act on: the names of `lactflow.endocrine.influences.TARGETS`, and pulses of oxytocin."""
Law = Literal["inhibition", "rise", "brake", "opening", "adds", "pulse"]
Way = Literal["level", "daily_dose", "site"]
Number = Literal["half_effect", "steepness", "largest", "half_life_days", "absorption_h", "per_ug", "per_iu"]
"""Numbers of an effect, which may be quantities of the config."""
_TARGET_OF = {"opening": "junctions", "adds": "estradiol", "pulse": "oxytocin"}
"""Laws that act on one target alone, on which no other law acts."""
_NEEDED: dict[str, tuple[Number, ...]] = {
    "inhibition": ("half_effect",),
    "rise": ("half_effect", "largest"),
    "brake": ("half_effect",),
    "opening": ("half_effect",),
    "adds": ("per_ug",),
    "pulse": ("per_iu",),
}
_ALLOWED: dict[str, tuple[Number, ...]] = {
    "inhibition": ("half_effect", "steepness", "largest"),
    "rise": ("half_effect", "steepness", "largest"),
    "opening": ("half_effect", "steepness", "largest"),
}
"""Numbers that go with a law; of those that are not here, the ones that it needs."""
_OF_SITE: tuple[Number, ...] = ("half_life_days", "absorption_h")
_UG_PER_MG = 1000.0
_Positive = Annotated[float, Field(gt=0.0, le=1e9)]


class Effect(Declared):
    """What the drug does to the mother's body."""

    on: Target = Field(description="What it acts on")
    law: Law = Field(description="How it acts")
    by: Way = Field(
        default="level",
        description="What acts: the level in plasma, the daily dose, or what is left of each dose where it acts",
    )
    half_effect: _Positive | None = Field(
        default=None, description="Half the effect: level [mg/L], daily dose [mg/d], or amount where it acts [mg]"
    )
    steepness: Annotated[float, Field(ge=0.1, le=20.0)] = Field(default=1.0, description="Hill exponent")
    largest: Annotated[float, Field(gt=0.0, le=1000.0)] | None = Field(
        default=None, description="Effect of the highest level; needed of `rise`, 1 of others when left out"
    )
    half_life_days: Annotated[float, Field(ge=0.001, le=1000.0)] | None = Field(
        default=None, description="Half-life of a dose where it acts [d], of `by: site`"
    )
    absorption_h: Annotated[float, Field(ge=0.001, le=1000.0)] | None = Field(
        default=None, description="Half-time with which it gets there [h], of `by: site`"
    )
    per_ug: _Positive | None = Field(
        default=None, description="What a microgram a day, or per litre, adds [pg/mL], of law `adds`"
    )
    per_iu: _Positive | None = Field(
        default=None, description="By how much a dose of one unit raises oxytocin [pg/mL], of law `pulse`"
    )
    quantities: dict[Number, Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=dict,
        description="Numbers that are quantities of the config, by their keys there, in place of numbers here",
    )

    @model_validator(mode="after")
    def _fits_its_target(self) -> Effect:
        only = _TARGET_OF.get(self.law)
        if self.on != only and (only is not None or self.on in _TARGET_OF.values()):
            special = next((law for law, target in _TARGET_OF.items() if target == self.on), None)
            fit = special or "inhibition, rise or brake"
            raise ValueError(f"law {self.law} does not act on {self.on} (allowed on it: {fit})")
        self._has_its_numbers()
        if self.law in ("inhibition", "opening") and self.largest is not None and self.largest > 1.0:
            raise ValueError(f"largest is {self.largest:g} (allowed of law {self.law}: above 0 up to 1)")
        return self

    def _has_its_numbers(self) -> None:
        """
        Check that each number that its law and its way need is there, once, and no other.

        Raises
        ------
        ValueError
            With the first that is missing, twice there, or of no use.
        """
        here = [name for name, field in type(self).model_fields.items() if self._is_number(name, field.default)]
        twice = next((name for name in here if name in self.quantities), None)
        if twice is not None:
            raise ValueError(f"{twice} is a number here and a quantity (allowed: one of them)")
        if self.law == "pulse" and self.by != "level":
            raise ValueError(f"by: {self.by} does not go with law pulse (each dose acts by itself)")
        of_site = _OF_SITE if self.by == "site" else ()
        known = {*_ALLOWED.get(self.law, _NEEDED[self.law]), *of_site}
        for name in (*_NEEDED[self.law], *of_site):
            if name not in here and name not in self.quantities:
                whose = "by: site" if name in of_site else f"law {self.law}"
                raise ValueError(f"{name} is missing (needed of {whose})")
        odd = next((name for name in (*here, *self.quantities) if name not in known), None)
        if odd is not None:
            whose = "by: site" if odd in _OF_SITE else f"law {self.law}"
            verb = "is of" if odd in _OF_SITE else "does not go with"
            raise ValueError(f"{odd} {verb} {whose} (allowed here: {', '.join(sorted(known))})")

    def _is_number(self, name: str, usual: object) -> bool:
        value = getattr(self, name)
        return isinstance(value, float) and value != usual

    def with_quantities(self, read: Callable[[str], float]) -> Effect:
        """
        The same with numbers in the place of quantities.

        Parameters
        ----------
        read
            Gives the value of a quantity by its key.
        """
        values: dict[str, float] = {name: read(key) for name, key in self.quantities.items()}
        return self.model_copy(update={**values, "quantities": {}}) if values else self


def factor_of(effect: Effect, level: float) -> float:
    """
    Level of an effect: a factor, 1 without the drug; of `opening` a share, of `adds` a concentration, 0 without it.

    Equation
    --------
    inhibition: 1 - largest * s, rise: 1 + largest * s, opening: largest * s
    brake: 1 / (1 + level / half_effect)
    adds: 1000 * level * per_ug
    s = saturation(level, half_effect, steepness)

    Parameters
    ----------
    effect
        Declared, with a number for each quantity.
    level
        Of the drug in plasma [mg/L], its daily dose [mg/d], or its amount where it acts [mg].

    References
    ----------
    Hill function, a factor or a share by it; which of them a drug has is for its file to say.
    """
    if effect.law == "adds":
        assert effect.per_ug is not None
        return level * _UG_PER_MG * effect.per_ug
    assert effect.half_effect is not None
    if effect.law == "brake":
        return 1.0 / (1.0 + level / effect.half_effect)
    largest = 1.0 if effect.largest is None else effect.largest
    if effect.law == "inhibition" and largest == 1.0:
        return inhibition(level, effect.half_effect, effect.steepness)
    if effect.law == "rise" and effect.steepness == 1.0:
        return 1.0 + largest * level / (level + effect.half_effect)
    reached = largest * saturation(level, effect.half_effect, effect.steepness)
    if effect.law == "rise":
        return 1.0 + reached
    return reached if effect.law == "opening" else 1.0 - reached
