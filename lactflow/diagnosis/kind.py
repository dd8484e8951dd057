"""What a kind of fact is: its units, its limits, what may be left out, and the error of its instrument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lactflow import sources
from lactflow.parameters.declaration import DeclaredQuantity, Range, quantity_at
from lactflow.parameters.instruments import INSTRUMENTS
from lactflow.trackers.amounts import volume_factor, weight_factor, word_of

UNTRAINED: Final = "untrained"
"""Word in the note of a test weighing by people who were not trained in it."""

_SIZES: Mapping[str, Callable[[str], float | None]] = {"mass": weight_factor, "volume": volume_factor}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """
    One kind of fact.

    Attributes
    ----------
    about
        What it is, for the template and the page.
    units
        Units that are read, each with what one of it is in `unit`.
    unit
        In which its values are kept; empty for a kind without a value.
    within
        Values outside are refused.
    plausible
        Values outside draw a warning.
    source, locator, note
        Where the plausible range is from; what there is to know.
    value
        Whether a row needs one.
    sided
        Whether it is of a breast; without one it is of both.
    timed
        Whether the time of day is needed.
    limited
        Whether a reading may be `<3` or `>200`.
    of_mother
        Whether it can be taken before birth; it is set aside then.
    once
        Whether a record has at most one.
    errors
        Quantities of `Instruments`: of the usual instrument, and of an untrained hand.
    measured
        What its units measure, where other words for them are known.
    """

    about: str
    units: Mapping[str, float]
    unit: str = ""
    within: Range = (0.0, 0.0)
    plausible: Range = (0.0, 0.0)
    source: sources.Citation = sources.ASSUMED
    locator: str = ""
    note: str = ""
    value: Literal["needed", "optional", "none"] = "needed"
    sided: bool = False
    timed: bool = False
    limited: bool = False
    of_mother: bool = False
    once: bool = False
    errors: tuple[str, ...] = ()
    measured: Literal["mass", "volume", ""] = ""

    def factor(self, unit: str) -> float | None:
        """
        What one of a unit is in the unit of the kind; None for a unit that is not read.

        Parameters
        ----------
        unit
            As it was written: capitals, dots and spaces do not matter, and `grams` is `g`.
        """
        word = word_of(unit).replace("\u03bc", "u")  # both signs for micro are this one in lower case
        for name, factor in self.units.items():
            if word_of(name) == word:
                return factor
        size = _SIZES.get(self.measured)
        wanted = None if size is None else size(unit)
        if size is None or wanted is None:
            return None
        # "grams" and "lbs" are what "g" and "lb" are.
        return next((factor for name, factor in self.units.items() if size(name) == wanted), None)

    def error(self, note: str = "") -> DeclaredQuantity | None:
        """
        The error of the instrument, as a declared quantity; None where nothing is measured.

        Parameters
        ----------
        note
            Of the fact: a test weighing with the word `untrained` has the error of an untrained hand.
        """
        if not self.errors:
            return None
        return quantity_at(INSTRUMENTS, self.errors[-1 if UNTRAINED in note.casefold() else 0])
