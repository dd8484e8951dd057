"""
How mothers and infants differ: the spread of each trait over the women of a virtual cohort.

A trait is a factor on one or several quantities of the config, whose values belong to the median mother. Its logarithm
is normal; each quantity below is the standard deviation of that logarithm, 0 for a trait that all share.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lactflow import sources
from lactflow.parameters.conditions import MotherConditions
from lactflow.parameters.declaration import Declared, quantity

_WIDEST = 1.0


def _spread(
    value: float, *, plausible: tuple[float, float], source: sources.Citation, locator: str, note: str
) -> float:
    """Standard deviation of the logarithm of one trait."""
    spread: float = quantity(
        value, "", within=(0.0, _WIDEST), plausible=plausible, source=source, locator=locator, note=note
    )
    return spread


class Variation(Declared):
    """Spread of each trait, as the standard deviation of its logarithm."""

    storage_capacity: float = _spread(
        0.34,
        plausible=(0.25, 0.45),
        source=sources.KENT_1999,
        locator="abstract",
        note="Storage capacity: SEM 11 mL in 46 breasts is an SD of 75 mL, 0.36 of the mean",
    )
    gland_size: float = _spread(
        0.25,
        plausible=(0.15, 0.35),
        source=sources.ROZNOWSKI_2020,
        locator="abstract",
        note="Number of cells, and with it every station and the membrane: milk made under hourly emptying, 1085 (SD "
        "300) g/d, less what differs within a woman",
    )
    active_at_term: float = _spread(
        0.15,
        plausible=(0.05, 0.25),
        source=sources.ASSUMED,
        locator="",
        note="Active share of the cells at term, the state in which pregnancy leaves the gland",
    )
    progesterone_half_life: float = _spread(
        0.25,
        plausible=(0.15, 0.4),
        source=sources.ARTHUR_1989,
        locator="SD of the onset",
        note="Slow half-life of progesterone after birth; with `transcription_lag` it gives onset its SD of 13 h",
    )
    transcription_lag: float = _spread(
        0.3,
        plausible=(0.15, 1.0),
        source=sources.ARTHUR_1989,
        locator="SD of the onset",
        note="Time constant of mRNA; see `progesterone_half_life`. Mothers of preterm infants differ more: the shipped "
        "config of one has 0.9, here and in the next two traits of activation",
    )
    prolactin: float = _spread(
        0.45,
        plausible=(0.3, 0.7),
        source=sources.COX_1996,
        locator="abstract",
        note="Levels of prolactin, baseline and surges alike; single samples differ by more than women do",
    )
    feedback_half_effect: float = _spread(
        0.3,
        plausible=(0.1, 0.6),
        source=sources.DALY_1993,
        locator="6 of 13 breasts",
        note="Fullness at which the inhibitor halves fusion and budding: in some breasts the rate follows emptying, in "
        "others it does not",
    )
    let_down_interval: float = _spread(
        0.3,
        plausible=(0.15, 0.5),
        source=sources.RAMSAY_2004,
        locator="abstract",
        note="Interval of oxytocin pulses: 2.5 (SD 1.5) let-downs a feed, of which part is the length of the feed",
    )
    let_down_fraction: float = _spread(
        0.15,
        plausible=(0.05, 0.25),
        source=sources.KENT_2006,
        locator="share of the milk taken",
        note="Share of the mobile milk that one let-down moves",
    )
    fat: float = _spread(
        0.19,
        plausible=(0.15, 0.25),
        source=sources.KENT_2006,
        locator="fat of 71 women",
        note="Fat of milk, 41.1 (SD 7.8) g/L",
    )
    infant_appetite: float = _spread(
        0.17,
        plausible=(0.1, 0.25),
        source=sources.KENT_2006,
        locator="milk a day of 71 women",
        note="Need of the infant for its weight and age; with its weight it gives milk a day its spread of 478 to "
        "1298 mL",
    )
    meal_size: float = _spread(
        0.25,
        plausible=(0.15, 0.35),
        source=sources.KENT_2006,
        locator="feeds a day of 71 women",
        note="Deficit at which an infant asks for milk: some take few large meals, others many small ones",
    )
    birth_weight: float = _spread(
        0.13,
        plausible=(0.1, 0.15),
        source=sources.WHO_2006,
        locator="weight at birth",
        note="Weight at birth of term infants, SD 0.45 kg",
    )
    sodium: float = _spread(
        0.28,
        plausible=(0.15, 0.4),
        source=sources.ASSUMED,
        locator="",
        note="Sodium that vesicles carry, of immature and mature cells alike: the coefficient of variation of sodium "
        "of milk on day 5 is 0.3 to 0.5 between women",
    )
    potassium: float = _spread(
        0.15,
        plausible=(0.08, 0.25),
        source=sources.ASSUMED,
        locator="",
        note="Potassium likewise; milk of women differs by about a fifth",
    )
    junction_closing: float = _spread(
        0.5,
        plausible=(0.2, 1.0),
        source=sources.ASSUMED,
        locator="",
        note="Time constant with which junctions close after birth: in some mothers sodium is down on day 3, in others "
        "not in a week",
    )
    maturation: float = _spread(
        0.4,
        plausible=(0.2, 1.0),
        source=sources.ASSUMED,
        locator="",
        note="Time constant of the maturity of the cell",
    )
    latch: float = _spread(
        0.35,
        plausible=(0.1, 0.5),
        source=sources.ASSUMED,
        locator="",
        note="Latch of infants: below the usual one in half of them, while nobody latches better than well",
    )
    activation_follows_size: float = quantity(
        -0.4,
        "",
        within=(-1.0, 1.0),
        plausible=(-0.95, 0.0),
        source=sources.ASSUMED,
        note="Correlation of both time constants of activation with the size of the gland: of mothers of preterm "
        "infants with normal sodium and potassium on day 5, 69 % reach a full supply, of the others 10 % (Hoban 2021)",
    )
    capacity_follows_appetite: float = quantity(
        0.4,
        "",
        within=(-1.0, 1.0),
        plausible=(0.0, 0.95),
        source=sources.DALY_1993,
        locator="r2 0.91 between the breasts of a woman",
        note="Correlation of storage capacity with the appetite of the infant: storage follows demand; between women "
        "it is taken to be weaker than between the breasts of one",
    )


class Mother(Declared):
    """The mother: the one that the rest of the config describes, or women who differ from her."""

    cohort: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="Number of mothers drawn around the one that the config describes; none for that one herself",
    )
    variation: Variation = Field(default_factory=Variation)
    gland_size: float = quantity(
        1.0,
        "",
        within=(0.05, 4.0),
        plausible=(0.4, 2.0),
        source=sources.ASSUMED,
        note="Number of cells, relative to the gland that the rest of the config describes; with it every station, the "
        "membrane and what cells carry through. A small gland grows less in lactation: "
        "`gland.plasticity.growth_follows_size`",
    )
    storage_size: float | None = Field(
        default=None,
        ge=0.05,
        le=4.0,
        description="Factor on the storage capacity of both breasts; as `gland_size` when left out",
    )
    pregnant: bool = Field(
        default=True,
        description="Whether she has been pregnant: with the birth from which days are counted. Without, day 1 is the "
        "first day of the run, her gland rests (`gland.resting`), and infants are those of others",
    )
    secretor: bool = Field(
        default=True,
        description="Whether she is a secretor: the milk of others has less oligosaccharides (`analytes: [hmo]`)",
    )
    parity: Literal["first", "later"] | None = Field(
        default=None,
        description="Whether this was her first birth; the reference mother, as after later births, when left out",
    )
    conditions: MotherConditions = Field(
        default=(), max_length=10, description="Conditions of hers: words, or mappings with a kind"
    )
    fitted: bool = Field(
        default=False,
        description="Whether the values are those of one woman, as `lactflow fit` writes them: what nearly all women "
        "lie in is then plausible, not only what the usual one does",
    )
