"""What differs between the two breasts of a mother: declared quantities of each."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity, without_lists

_Lobe = Annotated[int, Field(ge=0, le=59)]


class BreastTraits(Declared):
    """One breast, beside the gland that both have from the mother."""

    gland_size: float = quantity(
        1.0,
        "",
        within=(0.05, 4.0),
        plausible=(0.25, 2.0),
        source=sources.ASSUMED,
        note="Number of cells, relative to a breast of this mother; with it every station, the membrane and what cells "
        "carry through",
    )
    storage_ml: float | None = Field(
        default=None,
        ge=5.0,
        le=5000.0,
        description="Storage capacity of this breast in established lactation [mL]; that of the mother's breasts times "
        "its `gland_size` when left out",
    )
    severed_lobes: tuple[_Lobe, ...] = Field(
        default=(),
        max_length=60,
        description="Lobes whose ducts have been cut, by their numbers from 0, the smallest; a whole number means so "
        "many of the smallest. They deliver nothing and involute by themselves",
    )
    let_down_share: float = quantity(
        1.0,
        "",
        within=(0.05, 1.0),
        plausible=(0.2, 1.0),
        source=sources.ASSUMED,
        note="Rate of oxytocin pulses when this breast is suckled or pumped, relative to one with its nerves whole; "
        "prolactin is not affected",
    )

    @field_validator("severed_lobes", mode="before")
    @classmethod
    def _so_many(cls, value: Any) -> Any:
        """A number of lobes stands for the smallest ones."""
        counted = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 60
        return tuple(range(value)) if counted else without_lists(value)

    @field_validator("severed_lobes")
    @classmethod
    def _each_once(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        twice = next((lobe for number, lobe in enumerate(value) if lobe in value[:number]), None)
        if twice is not None:
            msg = f"lobe {twice} comes twice"
            raise ValueError(msg)
        return value


class Breasts(Declared):
    """The two breasts of the mother."""

    left: BreastTraits = Field(default_factory=BreastTraits)
    right: BreastTraits = Field(default_factory=BreastTraits)
