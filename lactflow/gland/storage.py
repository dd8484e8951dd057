"""
What is left of a protein of expressed milk by the way in which the milk is stored, before it is given.

A share says how much is found, or still acts, afterwards: what the assay of its source has seen. The protein itself is
not gone from the milk, and the total of protein stays. How long milk is stored does not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lactflow import sources
from lactflow.gland.analytes import Kept
from lactflow.gland.contents import Contents
from lactflow.parameters.declaration import Declared, quantity

Stored = Literal["refrigerated", "frozen", "pasteurised"]
"""Ways to store expressed milk."""
LeftOf = Mapping[Stored | None, Sequence[tuple[int, float]]]
"""What each way of storing leaves: indices of analytes that lose any, each with the share that is left."""
STORED: tuple[Stored, ...] = ("refrigerated", "frozen", "pasteurised")


def _refrigerated(
    default: float, lowest: float, note: str, source: sources.Citation = sources.ASSUMED, locator: str = ""
) -> Any:
    """Share that days in a refrigerator leave."""
    return _share(default, (lowest, 1.0), f"Share that some days at 4 degrees Celsius leave: {note}", source, locator)


def _frozen(
    default: float, lowest: float, note: str, source: sources.Citation = sources.ASSUMED, locator: str = ""
) -> Any:
    """Share that freezing and thawing leave."""
    words = f"Share that two to three months at -20 degrees Celsius and thawing leave: {note}"
    return _share(default, (lowest, 1.0), words, source, locator)


def _pasteurised(
    default: float, plausible: tuple[float, float], note: str, source: sources.Citation, locator: str = ""
) -> Any:
    """Share that Holder pasteurisation leaves."""
    return _share(default, plausible, f"Share that 30 minutes at 62.5 degrees Celsius leave: {note}", source, locator)


def _share(default: float, plausible: tuple[float, float], note: str, source: sources.Citation, locator: str) -> Any:
    return quantity(default, "", within=(0.0, 1.0), plausible=plausible, source=source, locator=locator, note=note)


class KeptShares(Declared):
    """Shares of one substance that are left, one for each way to store milk; a subclass for each substance."""

    def share_of_each(self) -> Kept:
        """As its declaration takes them."""
        return Kept(**self.model_dump())


class KeptSecretoryIgA(KeptShares):
    """What is left of secretory IgA."""

    refrigerated: float = _refrigerated(
        1.0,
        0.4,
        "stable for three days at 0 to 4 degrees. In bags of polyethylene antibodies fell by 60 % in one day (Goldblum "
        "1981)",
        sources.LAWRENCE_2001,
        "abstract",
    )
    frozen: float = _frozen(
        0.66,
        0.48,
        "16.5 to 52.1 % less by the way of thawing, of which this is the middle. Others found no loss (Evans 1978), or "
        "lost half to refrigerator, freezer and tube together (Granger 2021)",
        sources.LI_2022,
        "abstract",
    )
    pasteurised: float = _pasteurised(
        0.741,
        (0.5, 1.0),
        "25.9 % less. Others lost a fifth (Ford 1977), or nothing (Evans 1978)",
        sources.CHANG_2013,
        "abstract",
    )


class KeptLactoferrin(KeptShares):
    """What is left of lactoferrin."""

    refrigerated: float = _refrigerated(
        1.0,
        0.7,
        "stable for five days. Another study lost 30 % in one day (Goldblum 1981)",
        sources.ROLLO_2014,
        "abstract",
    )
    frozen: float = _frozen(
        0.63,
        0.45,
        "37 % less after three months. Others lost 55 % (Raoof 2016), or nothing (Evans 1978)",
        sources.ROLLO_2014,
        "abstract",
    )
    pasteurised: float = _pasteurised(
        0.432,
        (0.2, 0.6),
        "a loss of 56.8 %. Others lost 66 % (Chang 2013), or most (Ford 1977)",
        sources.EVANS_1978,
        "abstract",
    )


class KeptLysozyme(KeptShares):
    """What is left of lysozyme, most of it measured by its activity."""

    refrigerated: float = _refrigerated(
        0.8, 0.6, "40 % was lost in one day (Goldblum 1981), and nothing in three (Lawrence 2001): the middle"
    )
    frozen: float = _frozen(
        0.72,
        0.6,
        "16.8 to 39.3 % less by the way of thawing, of which this is the middle. Another study found no loss (Evans "
        "1978)",
        sources.LI_2022,
        "abstract",
    )
    pasteurised: float = _pasteurised(
        0.763, (0.5, 1.0), "a loss of 23.7 %; another study found it stable (Ford 1977)", sources.EVANS_1978, "abstract"
    )


class KeptIgM(KeptShares):
    """What is left of IgM."""

    refrigerated: float = _refrigerated(1.0, 0.4, "as of secretory IgA")
    frozen: float = _frozen(0.66, 0.4, "as of secretory IgA")
    pasteurised: float = _pasteurised(
        0.0, (0.0, 0.5), "what there was of it was destroyed", sources.FORD_1977, "abstract"
    )


class KeptIgG(KeptShares):
    """What is left of IgG."""

    refrigerated: float = _refrigerated(
        1.0, 0.8, "stable for three days at 0 to 4 degrees", sources.LAWRENCE_2001, "abstract"
    )
    frozen: float = _frozen(1.0, 0.8, "no appreciable loss in three months", sources.EVANS_1978, "abstract")
    pasteurised: float = _pasteurised(
        0.66, (0.6, 1.0), "a loss of 34 %; another study found none (Goldsmith 1983)", sources.EVANS_1978, "abstract"
    )


def left_by_index(contents: Contents) -> LeftOf:
    """
    What each way of storing leaves of analytes, by their indices; of those that lose any.

    Parameters
    ----------
    contents
        What milk of the run carries.
    """
    found: dict[Stored | None, list[tuple[int, float]]] = {}
    for stored in STORED:
        shares = [(index, float(getattr(contents.analytes[index].kept, stored))) for index in contents.extras]
        found[stored] = [(index, share) for index, share in shares if share < 1.0]
    return found
