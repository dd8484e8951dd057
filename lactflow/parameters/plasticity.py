"""Cells that secrete and cells that rest; growth, turnover, and the capacity that follows: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class PlasticityParameters(Declared):
    """Cells that secrete and cells that rest; growth, turnover, and the capacity that follows."""

    active_at_term: float = quantity(
        0.75,
        "",
        within=(0.01, 1.0),
        plausible=(0.6, 0.9),
        source=sources.IOM_1991,
        locator="1,200 g a day extracted in the second week",
        note="Share of the cells able to secrete at term, more than one infant needs",
    )
    memory_h: float = quantity(
        12.0,
        "h",
        within=(0.5, 200.0),
        plausible=(6.0, 24.0),
        source=sources.ASSUMED,
        note="Time over which cells average the inhibitor; a longer memory makes supply and cells swing",
    )
    set_point: float = quantity(
        0.53,
        "",
        within=(0.05, 3.0),
        plausible=(0.4, 0.7),
        shaped="outcome",
        source=sources.KENT_2006,
        locator="share of milk taken",
        note="Mean inhibitor at which as many cells fall quiescent as come back; 67.3 (SD 7.8) % of milk is taken",
    )
    rate_per_day: float = quantity(
        0.04,
        "1/d",
        within=(0.0, 2.0),
        plausible=(0.01, 0.05),
        shaped="outcome",
        source=sources.VETHARANIAM_2003,
        locator="quiescence and reactivation",
        note="Rate of both at the set point; set on 15 to 40 % more milk within two weeks of extra pumping",
    )
    steepness: float = quantity(
        1.25,
        "",
        within=(0.1, 10.0),
        plausible=(1.0, 3.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="How both depend on the inhibitor over its set point",
    )
    most_emptied: float = quantity(
        0.78,
        "",
        within=(0.01, 1.0),
        plausible=(0.5, 0.9),
        shaped="outcome",
        source=sources.ASSUMED,
        note="The effect of emptying on quiescence ends here: at most a quarter more cells than at the set point",
    )
    most_full: float = quantity(
        3.0,
        "",
        within=(1.0, 50.0),
        plausible=(2.0, 5.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="The effect of fullness on quiescence ends here",
    )
    early_growth_per_day: float = quantity(
        0.18,
        "1/d",
        within=(0.0, 4.0),
        plausible=(0.1, 0.3),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Growth right after delivery of a gland that is always empty and has any number of bouts; twins get "
        "nearly twice the milk",
    )
    early_growth_days: float = quantity(
        21.0,
        "d",
        within=(0.5, 500.0),
        plausible=(14.0, 40.0),
        shaped="clock",
        source=sources.WALL_2007,
        locator="frequent milking in early lactation",
        note="Time constant with which that ability goes; cows milked often in their first weeks keep the gain",
    )
    late_growth_per_day: float = quantity(
        0.01,
        "1/d",
        within=(0.0, 2.0),
        plausible=(0.0, 0.04),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Growth of such a gland that remains",
    )
    growth_bouts_per_day: float = quantity(
        14.0,
        "1/d",
        within=(1.0, 100.0),
        plausible=(10.0, 20.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Bouts a day of half growth: tells twins from one infant and a pump",
    )
    largest_gland: float = quantity(
        2.2,
        "",
        within=(1.0, 10.0),
        plausible=(1.5, 3.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Cells at which growth ends",
    )
    growth_share: float = quantity(
        1.0,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 1.0),
        source=sources.ASSUMED,
        note="Share of the usual growth that the gland is capable of; less where little tissue is left to grow from",
    )
    growth_follows_size: float = quantity(
        1.0,
        "",
        within=(0.0, 10.0),
        plausible=(0.5, 3.0),
        source=sources.ASSUMED,
        note="Power of the size of a gland below 1 with which that share falls: what did not grow before birth lacks "
        "what it would grow from. 61 % of mothers with signs of hypoplasia had no full supply within a month",
    )
    turnover_per_day: float = quantity(
        0.0012,
        "1/d",
        within=(0.0, 0.5),
        plausible=(0.0, 0.003),
        source=sources.KENT_1999,
        locator="breast tissue over lactation",
        note="Cells that turnover takes and nothing replaces when the inhibitor is at twice its set point or more",
    )
    capacity_days: float = quantity(
        10.0,
        "d",
        within=(0.1, 500.0),
        plausible=(5.0, 30.0),
        source=sources.ASSUMED,
        note="Capacity follows the number of cells with this time constant: alveoli do not shrink when cells die",
    )
    regrowth_per_day: float = quantity(
        0.08,
        "1/d",
        within=(0.0, 2.0),
        plausible=(0.01, 0.2),
        shaped="outcome",
        source=sources.TOMAR_2016,
        locator="abstract: 85.8 % of 381 mothers, in 5 to 28 days",
        note="Regrowth of a gland of which hardly a cell is left and which is kept empty, towards the size that it has "
        "had; the time is printed, how much milk comes back is not",
    )
    priming_per_bout: float = quantity(
        0.3,
        "",
        within=(0.0, 20.0),
        plausible=(0.1, 1.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Share of the cells not yet primed that a bout primes while the prolactin of term lasts: what a late "
        "start costs for weeks has a printed sign and no size",
    )
    late_priming_per_bout: float = quantity(
        0.003,
        "",
        within=(0.0, 20.0),
        plausible=(0.001, 0.01),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Share of them that a bout primes later: about 1 % a day of a mother who pumps",
    )
    unprimed_quiescence: float = quantity(
        0.3,
        "",
        within=(0.0, 1.0),
        plausible=(0.1, 0.5),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Share of the cells never primed that takes no part in copious secretion",
    )
