"""What a drug's file says and what follows from it, in rows for people: for `lactflow drugs show`, and for a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import Drug, Passage
from lactflow.pharmacology.derived import Body, disposition_of, following, half_life_h, metabolite_disposition
from lactflow.pharmacology.disposition import Disposition
from lactflow.pharmacology.passage import settled_ratio
from lactflow.pharmacology.rests_on import numbers_of
from lactflow.units import HOUR_MIN

NO_ADVICE = "This is a model, and no medical advice."
"""What stands on every page and table with a dose."""
USUAL_FLOW_ML_PER_H = 16.0
"""Milk of one breast of a mother who gives 770 mL a day."""


class Row(NamedTuple):
    """
    One line about a drug.

    Attributes
    ----------
    name
        What it is.
    value, unit
        Of it.
    note
        What it rests on, or what to know of it.
    """

    name: str
    value: float
    unit: str
    note: str = ""


def follows(drug: Drug, body: Body, model: Pharmacology) -> list[Row]:
    """
    What follows from a declaration in a woman.

    Parameters
    ----------
    drug
        Declared.
    body
        Hers.
    model
        Declared quantities.
    """
    return [
        *_of_blood(drug, body, model),
        *_of_milk("", drug.passage, body, model),
        *_of_metabolites(drug, body, model),
    ]


def rests_on(drug: Drug) -> list[Row]:
    """
    Every number of a file, and what it rests on.

    Parameters
    ----------
    drug
        Declared.
    """
    rows = []
    for each in numbers_of(drug):
        source = each.source
        cited = "" if source is None else " ".join(part for part in (source.cite, source.locator) if part)
        unseen = "" if source is None or source.seen else " (not seen)"
        note = "; ".join(part for part in (each.use, cited + unseen) if part) or "no source"
        rows.append(Row(each.key, each.value, "", note))
    return rows


def _of_blood(drug: Drug, body: Body, model: Pharmacology) -> Iterator[Row]:
    kinetics = drug.kinetics
    if not kinetics.has_concentration:
        return
    if kinetics.elimination_g_per_l_h is not None:
        yield Row("fall in blood", kinetics.elimination_g_per_l_h, "g/L/h", "by zero order: a straight line")
        return
    yield from _of_disposition("", disposition_of(kinetics, body, model))


def _of_disposition(before: str, disposition: Disposition) -> Iterator[Row]:
    yield Row(f"{before}half-life", half_life_h(disposition), "h", "of the slowest decline in plasma")
    yield Row(f"{before}clearance", disposition.clearance_l_per_min * HOUR_MIN, "L/h", f"{disposition.volume_l:.4g} L")


def _of_milk(before: str, passage: Passage | None, body: Body, model: Pharmacology) -> Iterator[Row]:
    if passage is None:
        return
    found = following(passage, model, body.milk_ph)
    if found is None:
        carried = passage.transcytosis_ml_per_day or 0.0
        yield Row(f"{before}carried through cells", carried, "mL/d", "plasma of a breast")
        return
    ratio, left_out = found.ratio * found.active_ratio, found.of_the_model

    def said(name: str) -> str:
        return "of the model: the file gives none" if name in left_out else ""

    yield Row(f"{before}R", ratio, "", "skim over plasma, when nothing moves any more")
    yield Row(f"{before}ion factor", found.ion, "", f"milk of pH {body.milk_ph:g}")
    yield Row(f"{before}unbound in skim", found.unbound_skim, "", said("unbound_skim"))
    yield Row(f"{before}K", found.fat_partition, "", said("fat_partition") or "fat over skim")
    yield Row(f"{before}X", found.exchange_ml_per_h, "mL/h", said("exchange_ml_per_h") or "blood and milk of a breast")
    yield Row(f"{before}chi", found.carried, "", said("carried") or "share of R that fresh milk brings")
    settled = settled_ratio(ratio, found.exchange_ml_per_h, found.carried, USUAL_FLOW_ML_PER_H)
    yield Row(
        f"{before}skim over plasma", settled, "", f"at a constant level and {USUAL_FLOW_ML_PER_H:g} mL/h of a breast"
    )


def _of_metabolites(drug: Drug, body: Body, model: Pharmacology) -> Iterator[Row]:
    for each in drug.metabolites:
        yield from _of_disposition(f"{each.drug}: ", metabolite_disposition(each, body, model))
        yield from _of_milk(f"{each.drug}: ", each.passage, body, model)
