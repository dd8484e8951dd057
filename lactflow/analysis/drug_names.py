"""
What measures of drugs are called: `rid_percent` of the only drug that a run takes, `rid_percent[caffeine]` of several.

Of a model, and no medical advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DRUG_MEASURES = ("rid_percent", "rid_conventional_percent", "milk_plasma_ratio", "worst_feed_share")
"""Measures of a drug; only of runs with drugs."""


_AND_METABOLITES = "+metabolites"
"""How the name ends of a drug together with what the body makes of it; no name of a drug has a plus."""


def with_metabolites(drug: str) -> str:
    """
    What a drug together with all that the body makes of it is called: `fluoxetine+metabolites`.

    Parameters
    ----------
    drug
        Its name.
    """
    return drug + _AND_METABOLITES


def drug_in_words(name: str) -> str:
    """
    A drug in words: `fluoxetine with metabolites`.

    Parameters
    ----------
    name
        Of a drug, or as `with_metabolites` has it.
    """
    return name.replace(_AND_METABOLITES, " with metabolites")


def of_drug(measure: str, drug: str) -> str:
    """
    A measure of one of several drugs: `rid_percent[paracetamol]`.

    Parameters
    ----------
    measure
        One of `DRUG_MEASURES`.
    drug
        Its name.
    """
    return f"{measure}[{drug}]"


def split(name: str) -> tuple[str, str]:
    """
    A measure and the drug that it is of: `rid_percent[paracetamol]` are `rid_percent` and `paracetamol`.

    Parameters
    ----------
    name
        Of a measure; of one without a drug, this is empty.
    """
    measure, bracket, rest = name.partition("[")
    return (measure, rest[:-1]) if bracket and len(rest) > 1 and rest.endswith("]") else (name, "")


def is_of_drug(name: str) -> bool:
    """
    Whether a measure is one of a drug.

    Parameters
    ----------
    name
        Of the measure, with or without a drug.
    """
    return split(name)[0] in DRUG_MEASURES


def drug_measures_in(names: Iterable[str]) -> list[str]:
    """
    Which names are measures of drugs, in the order of every table that has them.

    Parameters
    ----------
    names
        Of columns.
    """
    found = {name for name in names if is_of_drug(name)}
    return sorted(found, key=lambda name: (DRUG_MEASURES.index(split(name)[0]), split(name)[1]))
