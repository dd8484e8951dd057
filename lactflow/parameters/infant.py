"""How infants get hungry, ask for milk, and take it."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class InfantPhysiology(Declared):
    """Stomach, hunger, meals, sucking: the same for all infants."""

    stomach_ml_per_kg: float = quantity(
        30.0,
        "mL/kg",
        within=(2.0, 100.0),
        plausible=(20.0, 40.0),
        source=sources.KENT_2006,
        locator="largest feeds, 234 mL",
        note="Stomach after the first days",
    )
    newborn_stomach_deficit: float = quantity(
        0.8,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 0.9),
        source=sources.BERGMAN_2013,
        locator="abstract",
        note="Share of that which a newborn lacks: its stomach holds about 20 mL",
    )
    newborn_stomach_days: float = quantity(
        4.0,
        "d",
        within=(0.1, 50.0),
        plausible=(2.0, 7.0),
        shaped="clock",
        source=sources.ASSUMED,
        note="Time constant with which the stomach grows after birth",
    )
    emptying_half_time_min: float = quantity(
        45.0,
        "min",
        within=(1.0, 500.0),
        plausible=(36.0, 75.0),
        source=sources.EWER_1994,
        locator="abstract",
        note="Half-time of gastric emptying of human milk; 36 min in preterm infants, longer in adults",
    )
    formula_emptying_half_time_min: float = quantity(
        65.0,
        "min",
        within=(1.0, 500.0),
        plausible=(45.0, 90.0),
        source=sources.EWER_1994,
        locator="abstract",
        note="Half-time of formula: 72 against 36 min in preterm infants, but 81 against 76 min in women (Camps 2021, "
        "J Nutr 151:3718); taken between the two",
    )
    satiety_memory_h: float = quantity(
        12.0,
        "h",
        within=(0.5, 100.0),
        plausible=(6.0, 24.0),
        source=sources.ASSUMED,
        note="Time constant with which a surplus is forgotten",
    )
    largest_deficit: float = quantity(
        3.0,
        "",
        within=(0.5, 20.0),
        plausible=(2.0, 5.0),
        source=sources.ASSUMED,
        note="Hunger ends here, in stomachs",
    )
    meal_threshold: float = quantity(
        0.48,
        "",
        within=(0.02, 1.0),
        plausible=(0.35, 0.6),
        shaped="outcome",
        source=sources.KENT_2006,
        locator="feeds a day",
        note="Hunger, in stomachs, at which it asks for a feed; 11 (SD 3) feeds a day",
    )
    meal_threshold_sd: float = quantity(
        0.35,
        "",
        within=(0.0, 2.0),
        plausible=(0.2, 0.5),
        source=sources.ASSUMED,
        note="SD of the log of that from feed to feed",
    )
    usual_meal: float = quantity(
        0.6,
        "",
        within=(0.01, 2.0),
        plausible=(0.3, 0.9),
        source=sources.ASSUMED,
        note="Milk of a feed of the reference infant, in stomachs: at that it asks at `meal_threshold`",
    )
    meals_remembered: float = quantity(
        20.0,
        "",
        within=(1.0, 1000.0),
        plausible=(5.0, 50.0),
        source=sources.ASSUMED,
        note="Feeds at the breast over which it averages what they give: two days",
    )
    meal_learning: float = quantity(
        0.0,
        "",
        within=(0.0, 0.95),
        plausible=(0.0, 0.7),
        source=sources.ASSUMED,
        note="Power with which its threshold follows that average: above 0, where breasts give little at once, it asks "
        "sooner. Feeds are more frequent with small storage capacity (Kent 2007). Off by default: with 0.5 some "
        "claims are missed (docs/background/validation.md)",
    )
    night_hunger: float = quantity(
        0.6,
        "",
        within=(0.0, 1.0),
        plausible=(0.3, 0.8),
        shaped="outcome",
        source=sources.KENT_2007,
        locator="breastfeeding patterns",
        note="Growth of hunger at night, relative to the mean of 24 h, once day and night differ; by day it grows "
        "faster: the need of 24 h is the same. A third of infants of one to six months take nothing from 22 to 04 h, "
        "and morning feeds leave more milk behind than others. In adults hunger falls across the night (Scheer 2013)",
    )
    night_threshold: float = quantity(
        1.35,
        "",
        within=(0.2, 10.0),
        plausible=(1.1, 2.0),
        source=sources.ASSUMED,
        note="It sleeps longer at night: factor on the threshold, once day and night differ",
    )
    night_from_h: float = quantity(
        22.0,
        "h",
        within=(0.0, 24.0),
        plausible=(20.0, 23.5),
        source=sources.HENDERSON_2010,
        locator="abstract",
        note="Hour of the clock at which night begins; of the sleep of families, 22 to 06 h",
    )
    night_until_h: float = quantity(
        7.0,
        "h",
        within=(0.0, 24.0),
        plausible=(5.0, 8.0),
        source=sources.ASSUMED,
        note="Hour of the clock at which it ends: the longest pause of one infant's log of 60 days ends at 7.1 to 7.7",
    )
    night_from_day: float = quantity(
        20.0,
        "d",
        within=(0.0, 400.0),
        plausible=(10.0, 60.0),
        shaped="clock",
        source=sources.ASSUMED,
        note="Age from which day and night differ",
    )
    night_days: float = quantity(
        30.0,
        "d",
        within=(0.1, 400.0),
        plausible=(15.0, 60.0),
        shaped="clock",
        source=sources.HENDERSON_2010,
        locator="abstract",
        note="Time constant with which they come to differ: sleep consolidates most between one month and four",
    )
    shortest_interval_min: float = quantity(
        70.0,
        "min",
        within=(1.0, 600.0),
        plausible=(40.0, 110.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Least time between its feeds; less lets an underfed infant ask twenty to thirty times a day",
    )
    newborn_sleep_min: float = quantity(
        130.0,
        "min",
        within=(0.0, 1000.0),
        plausible=(50.0, 200.0),
        shaped="outcome",
        source=sources.YAMAUCHI_1990,
        locator="feeds in the first two days",
        note="A newborn sleeps this much longer between feeds; 4.3 (SD 2.5) feeds on the first day and 7.4 (3.9) on "
        "the second, others count 3.4 (1.0) in 8 h",
    )
    newborn_sleep_days: float = quantity(
        1.5,
        "d",
        within=(0.05, 20.0),
        plausible=(0.5, 2.0),
        shaped="clock",
        source=sources.ASSUMED,
        note="Time constant with which that passes",
    )
    settled_stomach: float = quantity(
        0.4,
        "",
        within=(0.0, 1.0),
        plausible=(0.2, 0.6),
        source=sources.ASSUMED,
        note="It does not ask while its stomach is fuller than this",
    )
    appetite_per_hunger: float = quantity(
        1.15,
        "",
        within=(0.1, 5.0),
        plausible=(1.0, 1.4),
        source=sources.ASSUMED,
        note="Milk wanted in a feed, relative to hunger",
    )
    least_appetite: float = quantity(
        0.15,
        "",
        within=(0.0, 1.0),
        plausible=(0.05, 0.3),
        source=sources.ASSUMED,
        note="Milk wanted at least, in stomachs",
    )
    appetite_sd: float = quantity(
        0.2,
        "",
        within=(0.0, 2.0),
        plausible=(0.1, 0.4),
        source=sources.ASSUMED,
        note="SD of the log of appetite from feed to feed",
    )
    flow_incentive: float = quantity(
        0.45,
        "",
        within=(0.0, 2.0),
        plausible=(0.0, 0.8),
        shaped="outcome",
        source=sources.ASSUMED,
        note="A fuller breast flows faster and is drunk longer: rise of appetite per fullness above the usual",
    )
    usual_fullness: float = quantity(
        0.4,
        "",
        within=(0.0, 1.0),
        plausible=(0.3, 0.6),
        source=sources.ASSUMED,
        note="Fullness at the latch for which appetite is what hunger makes it",
    )
    remembered_deficit: float = quantity(
        0.3,
        "",
        within=(0.0, 3.0),
        plausible=(0.1, 0.6),
        source=sources.ASSUMED,
        note="Hunger left after a feed at most, in stomachs: who has emptied both breasts gives up the rest",
    )
    second_breast_below: float = quantity(
        0.66,
        "",
        within=(0.0, 1.0),
        plausible=(0.4, 0.9),
        source=sources.ASSUMED,
        note="The second breast is offered when the first has given less than this share of the appetite",
    )
    second_breast_chance: float = quantity(
        0.85,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.ASSUMED,
        note="Chance that it is then taken",
    )
    suction_ml_per_min: float = quantity(
        32.0,
        "mL/min",
        within=(0.5, 200.0),
        plausible=(15.0, 42.0),
        source=sources.IDEI_2024,
        locator="abstract",
        note="Largest flow; 0.5 (SD 0.2) g/s at the peak with a pump, taken for infants too",
    )
    newborn_suction_deficit_ml_per_min: float = quantity(
        9.0,
        "mL/min",
        within=(0.0, 100.0),
        plausible=(0.0, 20.0),
        source=sources.LUCAS_1980,
        locator="abstract",
        note="What a newborn lacks of it: half of a feed by 2 min, 85 % by 4 min on day 6",
    )
    suction_days: float = quantity(
        25.0,
        "d",
        within=(0.5, 300.0),
        plausible=(10.0, 60.0),
        shaped="clock",
        source=sources.ASSUMED,
        note="Time constant with which suction grows",
    )
    side_change_min: float = quantity(
        3.0,
        "min",
        within=(0.0, 60.0),
        plausible=(0.5, 10.0),
        source=sources.ASSUMED,
        note="Pause between the breasts",
    )
    patience_min: float = quantity(
        15.0,
        "min",
        within=(1.0, 240.0),
        plausible=(10.0, 25.0),
        source=sources.KENT_2006,
        locator="table",
        note="Mean time after which it leaves a breast anyway; 16 (5 to 37) min at one breast",
    )
    patience_shape: float = quantity(
        6.0,
        "",
        within=(0.5, 1000.0),
        plausible=(2.0, 10.0),
        source=sources.ASSUMED,
        note="Shape of the gamma distribution of that time: a coefficient of variation of 0.41",
    )
    longest_min: float = quantity(
        30.0,
        "min",
        within=(1.0, 240.0),
        plausible=(15.0, 45.0),
        source=sources.KENT_2006,
        locator="table",
        note="Longest time at one breast when the schedule gives none",
    )
    doze_chance: float = quantity(
        0.1,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.2),
        source=sources.ASSUMED,
        note="Chance to fall asleep after each let-down",
    )
    poor_latch_doze_chance: float = quantity(
        0.3,
        "",
        within=(0.0, 1.0),
        plausible=(0.1, 0.8),
        shaped="outcome",
        source=sources.ASSUMED,
        note="What a latch of 0 would add to that: sucking that brings little tires",
    )
    poor_latch_rest_min: float = quantity(
        120.0,
        "min",
        within=(0.0, 1000.0),
        plausible=(0.0, 200.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="What a latch of 0 would add to the least time between feeds: an infant that works hard at the breast "
        "sleeps longer, and cannot make up for anything by feeding more often",
    )
    nonnutritive_min: float = quantity(
        4.0,
        "min",
        within=(0.0, 60.0),
        plausible=(1.0, 10.0),
        source=sources.ASSUMED,
        note="Mean sucking for comfort after the milk",
    )
    nonnutritive_shape: float = quantity(
        2.0,
        "",
        within=(0.5, 1000.0),
        plausible=(1.0, 5.0),
        source=sources.ASSUMED,
        note="Shape of the gamma distribution of that time: a coefficient of variation of 0.71",
    )
    empty_below_ml: float = quantity(
        5.0,
        "mL",
        within=(0.0, 100.0),
        plausible=(1.0, 10.0),
        source=sources.ASSUMED,
        note="It leaves the breast after two let-downs in a row that gave less than this",
    )
