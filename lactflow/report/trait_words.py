"""Traits of a fitted mother in plain words: what each is, and what it means for her to have more or less of it."""

from __future__ import annotations

from typing import NamedTuple

from lactflow.report.numbers import number, signed

SAME = 0.1
"""Share of the usual woman's value within which a trait is about hers. Ours."""

_CLOSE, _PARTLY = 0.7, 0.4
"""Correlations from which on words say so. Ours."""


class Meaning(NamedTuple):
    """
    What a trait is, for a mother.

    Attributes
    ----------
    what
        What it is.
    more, less
        What a value above, and below, that of the usual woman goes with in the model.
    """

    what: str
    more: str
    less: str


MEANINGS = {
    "gland_size": Meaning(
        "how much milk-making tissue she has",
        "she can make more milk a day, if it is taken",
        "she makes less milk a day, however often it is taken",
    ),
    "storage_capacity": Meaning(
        "how much milk a breast holds when it is full",
        "longer pauses cost her less milk, and one session can give much",
        "her breasts fill sooner: long pauses slow the making of milk, and more sessions a day suit her",
    ),
    "active_at_term": Meaning(
        "how much of the tissue is ready to make milk at birth",
        "more milk in the first weeks",
        "less milk in the first weeks, until more of it takes part",
    ),
    "progesterone_half_life": Meaning(
        "how long the hormone of pregnancy stays in her blood after birth",
        "milk comes in later",
        "milk comes in sooner",
    ),
    "transcription_lag": Meaning(
        "how long the cells take to start making milk after birth", "milk comes in later", "milk comes in sooner"
    ),
    "prolactin": Meaning(
        "how much of the hormone that keeps milk-making going is in her blood",
        "a pause without feeds or pumping slows her down later",
        "a pause without feeds or pumping slows her down sooner",
    ),
    "feedback_half_effect": Meaning(
        "how full a breast gets before it makes milk at half the pace",
        "full breasts slow down late: pauses cost her less milk",
        "full breasts slow down early: pauses cost her more milk",
    ),
    "let_down_interval": Meaning(
        "the time from one let-down to the next",
        "fewer let-downs in a session, so longer sessions",
        "more let-downs in a session",
    ),
    "let_down_fraction": Meaning(
        "how much of the milk in the breast one let-down releases",
        "sessions empty her breasts faster",
        "sessions empty her breasts more slowly",
    ),
    "fat": Meaning("how rich her milk is in fat", "richer milk, so less of it is needed", "leaner milk"),
    "infant_appetite": Meaning(
        "how much milk the baby wants for its weight and age",
        "it asks for more, and more is made",
        "it asks for less, and less is made",
    ),
    "meal_size": Meaning("how large the baby's meals are", "fewer and larger feeds", "more and smaller feeds"),
    "birth_weight": Meaning("what the baby weighed at birth", "it needs more milk", "it needs less milk"),
    "sodium": Meaning("how much sodium (salt) is in her milk", "saltier milk", "less salty milk"),
    "potassium": Meaning("how much potassium is in her milk", "more of it", "less of it"),
    "junction_closing": Meaning(
        "how long the gaps between milk-making cells stay open after birth",
        "early milk stays salty for longer",
        "early milk turns into later milk sooner",
    ),
    "maturation": Meaning(
        "how long the cells take to grow up after birth",
        "early milk turns into later milk more slowly",
        "early milk turns into later milk sooner",
    ),
    "latch": Meaning(
        "how well the baby takes milk from the breast", "feeds empty the breasts better", "feeds leave more milk behind"
    ),
}
"""By the name of the trait."""


def what_it_is(trait: str) -> str:
    """
    A trait in plain words; nothing for one that this version does not know.

    Parameters
    ----------
    trait
        Its name in the tables.
    """
    meaning = MEANINGS.get(trait)
    return "" if meaning is None else meaning.what


def for_her(trait: str, times_usual: float) -> str:
    """
    What a value means for her, where her log shows it.

    Parameters
    ----------
    trait
        Its name in the tables.
    times_usual
        Her value over that of the usual woman.
    """
    if abs(times_usual - 1.0) <= SAME:
        return "about as in the usual woman"
    meaning = MEANINGS.get(trait)
    side = "more" if times_usual > 1.0 else "less"
    says = f"{abs(times_usual - 1.0):.0%} {side} than usual".replace("%", " %")
    return says if meaning is None else f"{says}: {meaning.more if side == 'more' else meaning.less}"


def apart(bias_ml: float, sd_ml: float, correlation: float | None, who: str) -> str:
    """
    How near the model comes to a log, for whoever kept it.

    Parameters
    ----------
    bias_ml, sd_ml
        Mean and standard deviation of the model's amounts less those of the log.
    correlation
        Of the two; None where it is not known.
    who
        Whose amounts are compared with the log: `the model`.
    """
    bias, sd = round(bias_ml), number(sd_ml)
    mean = (
        f"On average {who} gives {abs(bias)} mL {'more' if bias > 0 else 'less'} each time than was written down"
        if bias
        else f"On average {who} gives as much as was written down"
    )
    text = (
        f"{mean} (mean difference {signed(bias_ml)} mL), and two times in three it is no more than {sd} mL away from "
        f"that (SD {sd} mL)."
    )
    if correlation is None or correlation != correlation:  # noqa: PLR0124 - NaN
        return text
    follows = "closely" if correlation >= _CLOSE else "partly" if correlation >= _PARTLY else "hardly"
    return f"{text} It {follows} follows the ups and downs of the log (correlation {correlation:.2f})."
