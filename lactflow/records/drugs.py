"""Rows about drugs that the mother takes; see `lactflow.records`. They are of a model, and no medical advice."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from lactflow.records.column import BREASTS, SAMPLE_TIME, SESSION, TIME, Column

WHERE = ("plasma", "milk left", "milk right")
_DRUG = Column("", "name of the drug or of what the body makes of it")


class DoseTaken(NamedTuple):
    """One dose of a drug that was due; only in runs with drugs. A model, and no medical advice."""

    time_min: Annotated[float, TIME]
    drug: Annotated[str, Column("", "name of the drug")]
    form: Annotated[str, Column("", "form in which it is taken")]
    dose_mg: Annotated[float, Column("mg", "amount of the dose")]
    mg_per_kg: Annotated[float, Column("mg/kg", "the same for each kg of the mother")]
    taken: Annotated[bool, Column("", "false for a dose that was missed")]


class DrugTaken(NamedTuple):
    """A drug or metabolite at the start, or a new dose of a day; in runs with drugs. A model, no medical advice."""

    time_min: Annotated[float, TIME]
    drug: Annotated[str, _DRUG]
    of_drug: Annotated[str, Column("", "the drug that it is made of; itself for a drug")]
    molar_ratio: Annotated[float, Column("", "its molar mass over that of the drug; 1 for a drug")]
    mg_per_kg_day: Annotated[
        float | None,
        Column("mg/kg/d", "doses that are several days apart, spread over these days; null where each counts alone"),
    ]


class DrugLevelSample(NamedTuple):
    """Level of one drug in one place; only in runs with drugs. A model, and no medical advice."""

    time_min: Annotated[float, SAMPLE_TIME]
    drug: Annotated[str, _DRUG]
    where: Annotated[str, Column("", "plasma, or the milk that a breast holds", WHERE)]
    mg_per_l: Annotated[float | None, Column("mg/L", "its concentration; null where there is no milk")]


_INFANT = Column("", "number of the infant, from 0")


class InfantDose(NamedTuple):
    """What one infant got of one substance in one session; only in runs that add one. A model, no medical advice."""

    session: Annotated[int, SESSION]
    infant: Annotated[int, _INFANT]
    analyte: Annotated[str, Column("", "name of the substance, as in `balance`")]
    unit: Annotated[str, Column("", "unit of the amounts in this row")]
    amount: Annotated[float, Column("", "swallowed with milk")]
    amount_per_kg: Annotated[float, Column("", "the same for each kg of body weight")]
    source: Annotated[str, Column("", "where the milk came from", ("breast", "bottle"))]
    hours_since_dose: Annotated[
        float | None,
        Column("h", "from the last dose of the mother to the start of the session; null before it, and for no drug"),
    ]


class InfantLevel(NamedTuple):
    """Level of one drug in one infant; only in runs with drugs. A model, and no medical advice."""

    time_min: Annotated[float, SAMPLE_TIME]
    infant: Annotated[int, _INFANT]
    drug: Annotated[str, _DRUG]
    mg_per_l: Annotated[float, Column("mg/L", "its concentration in plasma")]


class BottleMade(NamedTuple):
    """One bottle of expressed milk, at the end of the run; only in runs that add a substance to milk."""

    bottle: Annotated[str | None, Column("", "name of the bottles; null for milk without a name")]
    breast: Annotated[str, Column("", "where it was expressed from", (*BREASTS, "both"))]
    expressed_min: Annotated[float, Column("min", "when that was over, minutes since birth")]
    stored: Annotated[
        str | None,
        Column("", "how it is stored; null for milk that is given as it is", ("refrigerated", "frozen", "pasteurised")),
    ]
    volume_ml: Annotated[float, Column("mL", "milk that was put in")]
    drunk_ml: Annotated[float, Column("mL", "given to infants, the oldest milk first")]
    discarded_ml: Annotated[float, Column("mL", "thrown away")]
    left_ml: Annotated[float, Column("mL", "still there")]
