"""Myoepithelial contraction and ducts: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Ejection(Declared):
    """Myoepithelial contraction and ducts."""

    let_down_fraction: float = quantity(
        0.46,
        "",
        within=(0.0, 0.99),
        plausible=(0.3, 0.6),
        source=sources.RAMSAY_2004,
        locator="let-downs per feed",
        note="Share of the mobile milk moved by a full let-down: 2.5 of them take 67 % of the milk (Kent 2006)",
    )
    half_effect_pg_per_ml: float = quantity(
        3.0,
        "pg/mL",
        within=(0.01, 500.0),
        plausible=(1.0, 10.0),
        source=sources.ASSUMED,
        note="Oxytocin of half contraction, well below a pulse: halving the size of pulses matters little, Ueda 1994",
    )
    steepness: float = quantity(
        2.0,
        "",
        within=(0.5, 10.0),
        plausible=(1.0, 4.0),
        source=sources.ASSUMED,
        note="Hill exponent of contraction on oxytocin: the receptor's coupling to calcium is taken as cooperative",
    )
    contraction_min: float = quantity(
        1.5,
        "min",
        within=(0.1, 20.0),
        plausible=(0.75, 3.5),
        source=sources.GARDNER_2015,
        locator="abstract",
        note="A contraction lasts 45 to 210 s",
    )
    duct_capacity_ml: float = quantity(
        4.0,
        "mL",
        within=(0.1, 200.0),
        plausible=(2.0, 5.0),
        source=sources.RAMSAY_2005,
        locator="duct diameters",
        note="Room in the ducts of a breast: nine of 2 mm store little",
    )
    globule_lag: float = quantity(
        0.64,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 0.8),
        source=sources.DALY_1993,
        locator="fat against emptying",
        note="Globules lag behind the skim phase in full alveoli: share of the way from none to all of the skim's "
        "speed that depends on fullness; gives 20 to 75 g/L as a breast empties",
    )
    globule_lag_steepness: float = quantity(
        1.6,
        "",
        within=(0.2, 10.0),
        plausible=(1.0, 3.0),
        source=sources.DALY_1993,
        locator="fat against emptying",
        note="Exponent of that dependence",
    )
