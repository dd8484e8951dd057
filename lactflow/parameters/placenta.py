"""Hormones of the placenta: high at term, cleared after delivery."""

from __future__ import annotations

from typing import NamedTuple

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Decline(NamedTuple):
    """
    How a hormone of the placenta falls after delivery, in the unit of its own declaration.

    Attributes
    ----------
    term, floor
        Level at term, and level without any placenta.
    fast_share
        Share of what the placenta adds that goes with the fast half-life; the rest goes with the slow one.
    fast_half_life_min, slow_half_life_min
        Half-lives [min].
    """

    term: float
    floor: float
    fast_share: float
    fast_half_life_min: float
    slow_half_life_min: float


class Progesterone(Declared):
    """Progesterone: the brake of pregnancy. It falls fast from the blood and slowly from fat and milk."""

    term_ng_per_ml: float = quantity(
        150.0,
        "ng/mL",
        within=(0.0, 2000.0),
        plausible=(100.0, 250.0),
        source=sources.ASSUMED,
        note="Level at term, the range of textbooks; only its ratio to the half effect on the genes matters",
    )
    floor_ng_per_ml: float = quantity(
        0.2,
        "ng/mL",
        within=(0.0, 50.0),
        plausible=(0.1, 0.5),
        source=sources.ASSUMED,
        note="Follicular level of a woman who does not cycle yet",
    )
    fast_share: float = quantity(
        0.78,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 0.9),
        source=sources.ASSUMED,
        note="With the slow half-life gives 33 ng/mL after an hour, 4 after three days: below the luteal level by then",
    )
    fast_half_life_min: float = quantity(
        5.0,
        "min",
        within=(0.1, 600.0),
        plausible=(2.0, 5.0),
        source=sources.SHORT_ETON_1959,
        locator="abstract",
        note="Half-life in blood after the placenta is out, below 5 min",
    )
    slow_half_life_h: float = quantity(
        24.0,
        "h",
        within=(0.5, 500.0),
        plausible=(16.0, 30.0),
        source=sources.ASSUMED,
        note="Progesterone that comes back from fat and milk; milk follows the fall by two to three days "
        "(Kulski 1977, J Endocrinol)",
    )

    def decline(self) -> Decline:
        """Its course after delivery."""
        return Decline(
            self.term_ng_per_ml,
            self.floor_ng_per_ml,
            self.fast_share,
            self.fast_half_life_min,
            self.slow_half_life_h * 60.0,
        )


class Estradiol(Declared):
    """Estradiol: high at term, low in lactation."""

    term_pg_per_ml: float = quantity(
        15000.0,
        "pg/mL",
        within=(0.0, 100000.0),
        plausible=(5000.0, 30000.0),
        source=sources.ASSUMED,
        note="Level at term",
    )
    floor_pg_per_ml: float = quantity(
        7.0,
        "pg/mL",
        within=(0.0, 1000.0),
        plausible=(3.0, 40.0),
        source=sources.BATTIN_1985,
        locator="abstract",
        note="Level of lactational amenorrhoea, reached by day 10",
    )
    fast_share: float = quantity(
        0.9,
        "",
        within=(0.0, 1.0),
        plausible=(0.7, 0.99),
        source=sources.ASSUMED,
        note="With both half-lives reaches the lactational level by day 10",
    )
    fast_half_life_min: float = quantity(
        20.0,
        "min",
        within=(0.1, 600.0),
        plausible=(5.0, 60.0),
        source=sources.ASSUMED,
        note="Clearance from blood",
    )
    slow_half_life_h: float = quantity(
        22.0,
        "h",
        within=(0.5, 500.0),
        plausible=(10.0, 40.0),
        source=sources.ASSUMED,
        note="Stores; reaches the lactational level by day 10",
    )

    def decline(self) -> Decline:
        """Its course after delivery."""
        return Decline(
            self.term_pg_per_ml,
            self.floor_pg_per_ml,
            self.fast_share,
            self.fast_half_life_min,
            self.slow_half_life_h * 60.0,
        )


class PlacentalLactogen(Declared):
    """Placental lactogen: gone within a day of delivery."""

    term_ug_per_ml: float = quantity(
        7.0,
        "ug/mL",
        within=(0.0, 50.0),
        plausible=(3.0, 12.0),
        source=sources.ASSUMED,
        note="Level at term; nothing in the gland reads it",
    )
    half_life_min: float = quantity(
        15.0,
        "min",
        within=(0.1, 600.0),
        plausible=(10.0, 90.0),
        source=sources.ASSUMED,
        note="Reports of 10 to 90 min; undetectable after a day in all of them",
    )

    def decline(self) -> Decline:
        """Its course after delivery."""
        return Decline(self.term_ug_per_ml, 0.0, 1.0, self.half_life_min, self.half_life_min)
