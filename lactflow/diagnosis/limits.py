"""What a diagnosis cannot know, in words: on its page, and in the guide."""

from __future__ import annotations

from typing import Final, NamedTuple


class Limit(NamedTuple):
    """
    One thing that a diagnosis cannot know.

    Attributes
    ----------
    title
        In a few words.
    text
        In sentences.
    """

    title: str
    text: str


LIMITS: Final[tuple[Limit, ...]] = (
    Limit(
        "A known cause",
        "It has not been tried on a single record whose cause was known: none has been available. How often it is "
        "right can be measured on virtual mothers only, who have what the model has.",
    ),
    Limit(
        "Mechanisms that it does not have",
        "A cause that is not among the mechanisms gets the name of the one that it looks most like, or the answer is "
        "that it is none of these. Thyroid, ovaries, insulin, smoking, pain and illness of the infant are not among "
        "them.",
    ),
    Limit(
        "Two at once",
        "Only the two leading mechanisms are simulated together as well, and only after each alone. Another pair, or "
        "three, look like one of them, like a third, or like none of these. How often two meet is not known: the "
        "weight of a pair is a choice.",
    ),
    Limit(
        "How frequent they are",
        "Unless weights are given, every mechanism is as probable as any other before the record. They are not in "
        "any clinic, and what is rare is overstated. Given weights are believed as they are.",
    ),
    Limit(
        "How severe they are",
        "How far each mechanism spreads is a choice where no source is named. A mild one cannot be distinguished "
        "from an ordinary mother, and other spreads give other probabilities.",
    ),
    Limit(
        "Where the model is wrong",
        "Intervals come from drawing the virtual mothers again. They hold neither the errors of the model nor those "
        "of the spread between women that it assumes.",
    ),
    Limit(
        "What she did and nobody wrote down",
        "Without a log her feeds are on demand. Pumpings, bottles and drugs that are not in the record, the log or "
        "the config did not happen to virtual mothers.",
    ),
    Limit(
        "Slips that look right",
        "Instruments err as declared. A wrong unit or a mix-up that gives a plausible number is taken as it stands: "
        "a pumped volume ten times too small looks like a breast that gives little.",
    ),
    Limit(
        "Cause and consequence",
        "That a mechanism fits does not say that it came first: little milk may bring about few feeds, and few feeds "
        "little milk.",
    ),
)
"""In the order in which they are shown."""
