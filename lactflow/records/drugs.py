"""Rows about drugs that the mother takes; see `lactflow.records`. They are of a model, and no medical advice."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from lactflow.records.column import SAMPLE_TIME, TIME, Column

WHERE = ("plasma", "milk left", "milk right")
_DRUG = Column("", "name of the drug or of what the body makes of it")


class DoseTaken(NamedTuple):
    """One dose of a drug that was due; only in runs with drugs. A model, and no medical advice."""

    time_min: Annotated[float, TIME]
    drug: Annotated[str, Column("", "name of the drug")]
    form: Annotated[str, Column("", "form in which it is taken")]
    dose_mg: Annotated[float, Column("mg", "amount of the dose")]
    taken: Annotated[bool, Column("", "false for a dose that was missed")]


class DrugLevelSample(NamedTuple):
    """Level of one drug in one place; only in runs with drugs. A model, and no medical advice."""

    time_min: Annotated[float, SAMPLE_TIME]
    drug: Annotated[str, _DRUG]
    where: Annotated[str, Column("", "plasma, or the milk that a breast holds", WHERE)]
    mg_per_l: Annotated[float | None, Column("mg/L", "its concentration; null where there is no milk")]
