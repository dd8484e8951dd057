"""Estrogen and progesterone that come after birth, or without one: receptors, and the growth of the gland."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class SteroidParameters(Declared):
    """What estrogen with progesterone does to the gland in a later pregnancy, or when it is given."""

    resting_receptor_estradiol_pg_per_ml: float = quantity(
        50.0,
        "pg/mL",
        within=(0.1, 100000.0),
        plausible=(10.0, 200.0),
        source=sources.HASLAM_SHYAMALA_1979,
        locator="title: estradiol, progesterone receptors and lactation",
        note="Estradiol that gives a gland at rest half of the progesterone receptors of term: estrogen raises them in "
        "a gland that does not lactate. The size is a choice, about the level of the first half of a cycle",
    )
    receptor_estradiol_pg_per_ml: float = quantity(
        2000.0,
        "pg/mL",
        within=(0.1, 100000.0),
        plausible=(300.0, 6000.0),
        shaped="outcome",
        source=sources.HASLAM_SHYAMALA_1979,
        locator="title: estradiol, progesterone receptors and lactation",
        note="The same for a gland in full secretion, which has lost its receptors: progesterone alone does little to "
        "established lactation (WHO 1984). The size is set on the milk that two women had "
        "left in the second month of a pregnancy (Prosser 1984), and on nothing narrower than the band of claim C36",
    )
    growth_per_day: float = quantity(
        0.05,
        "1/d",
        within=(0.0, 2.0),
        plausible=(0.03, 0.15),
        source=sources.ASSUMED,
        note="Growth of a gland of few cells under much estrogen and progesterone: by it a resting gland reaches nine "
        "tenths of its size of term by the middle of a pregnancy, when the breasts of most women have grown",
    )
    growth_estradiol_pg_per_ml: float = quantity(
        200.0,
        "pg/mL",
        within=(1.0, 100000.0),
        plausible=(50.0, 1000.0),
        source=sources.ASSUMED,
        note="Estradiol of half that growth: about the peak of a cycle",
    )
    growth_progesterone_ng_per_ml: float = quantity(
        10.0,
        "ng/mL",
        within=(0.1, 1000.0),
        plausible=(3.0, 30.0),
        source=sources.ASSUMED,
        note="Progesterone of half that growth: about the level of the second half of a cycle",
    )
