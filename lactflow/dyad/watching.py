"""What is reported while a run goes on: samples at regular instants, and changes when they take place."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from typing import Any, Protocol

import simpy

from lactflow.dyad.drug_doses import DoseTime, Substance
from lactflow.endocrine.blood import Blood
from lactflow.gland.breast import Breast
from lactflow.records import Recorder
from lactflow.records.drugs import DoseTaken, DrugLevelSample, DrugTaken

PLASMA = "_in_plasma"
"""How the signal of a drug ends, whose name begins as the drug is called."""


class Watched(Protocol):
    """Part of the model whose state is sampled."""

    def report(self, time_min: float, recorder: Recorder) -> None:
        """Record a sample of its state at this instant, which is now."""


def take_samples(
    env: simpy.Environment, watched: Sequence[Watched], every_min: float, recorder: Recorder
) -> Generator[simpy.Event, Any, None]:
    """
    Sample everything that is watched at the same instants.

    Parameters
    ----------
    env
        Of the run.
    watched
        In the order in which it is reported.
    every_min
        Between samples.
    recorder
        Takes the facts.
    """
    while True:
        sample(env.now, watched, recorder)
        yield env.timeout(every_min)


def sample(time_min: float, watched: Sequence[Watched], recorder: Recorder) -> None:
    """Sample everything that is watched now."""
    for part in watched:
        part.report(time_min, recorder)


def report_when_due(
    env: simpy.Environment, facts: Sequence[tuple[Any, ...]], recorder: Recorder
) -> Generator[simpy.Event, Any, None]:
    """
    Report facts that are known before, each at its time; not those of before the run.

    Parameters
    ----------
    env
        Of the run.
    facts
        In the order of time, which is their first field [min since birth].
    recorder
        Takes the facts.
    """
    for fact in facts:
        if fact[0] >= env.now:
            yield env.timeout(fact[0] - env.now)
            recorder.record(fact)


def doses_taken(doses: Sequence[DoseTime], weight_kg: float) -> list[DoseTaken]:
    """Rows of doses of a mother of some weight [kg]."""
    return [
        DoseTaken(each.time_min, each.drug, each.form, each.dose_mg, each.dose_mg / weight_kg, each.taken)
        for each in doses
    ]


def drugs_taken(taken: Sequence[Substance], from_min: float, weight_kg: float) -> list[DrugTaken]:
    """Rows of what a mother of some weight [kg] takes from the start of a run on [min since birth], by time."""
    rows = [
        DrugTaken(time_min, each.name, each.drug, each.molar_ratio, None if mg is None else mg / weight_kg)
        for each in taken
        for time_min, mg in each.mg_per_day or ((from_min, None),)
    ]
    return sorted(rows, key=lambda row: row.time_min)


class DrugLevels:
    """
    Levels of drugs in plasma and in the milk of both breasts.

    Parameters
    ----------
    names
        Of drugs and of what the body makes of them.
    blood, breasts
        Of the mother. A drug whose level is its daily dose has no row; one that does not get into milk has one.
    """

    def __init__(self, names: Collection[str], blood: Blood, breasts: Sequence[Breast]) -> None:
        analytes = {analyte.name: place for place, analyte in enumerate(breasts[0].contents.analytes)}
        self._breasts = [(breast, f"milk {breast.side}") for breast in breasts]
        self._followed = [(name, blood[name + PLASMA], analytes.get(name)) for name in names if name + PLASMA in blood]

    def report(self, time_min: float, recorder: Recorder) -> None:
        """Record a row for each place of each drug."""
        rows: list[tuple[object, ...]] = []
        for name, signal, analyte in self._followed:
            rows.append((time_min, name, "plasma", signal.level(time_min)))
            if analyte is not None:
                rows += [(time_min, name, where, breast.per_litre(analyte)) for breast, where in self._breasts]
        recorder.record_rows(DrugLevelSample, rows)
