"""
Drugs of a config as declarations that the engine has: signals of the blood, analytes of milk, and what acts on cells.

A drug has a signal, its level in plasma; where it gets into milk an analyte, by the name of the drug; and an influence
for each effect. What the body makes of it is a further drug in all but the doses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from lactflow.config.drugs.acting import Taken, influences_of
from lactflow.config.drugs.acting import pulses_of as pulses_of_drug
from lactflow.config.drugs.files import drug_of
from lactflow.config.model import RunConfig, run_window
from lactflow.dyad.drug_doses import DoseTime, Substance, daily_dose, doses_of, regimens_of, spread_doses
from lactflow.dyad.interventions import SHORTHANDS
from lactflow.dyad.watching import PLASMA
from lactflow.endocrine.blood import SignalRow
from lactflow.endocrine.course import Course, Dose
from lactflow.endocrine.influences import BuildContext, Influence
from lactflow.endocrine.signal import Signal
from lactflow.gland.analytes import Analyte
from lactflow.gland.routes import CarriedThroughCells, CrossesJunctions, ExchangedWithPlasma, LoadedWithFreshMilk, Route
from lactflow.kinetics import plain_sum
from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import Drug, InfantUse, Metabolite, Passage
from lactflow.pharmacology.derived import Body, following
from lactflow.pharmacology.infant import InfantDrug
from lactflow.pharmacology.regimen import Regimen, level_of, metabolite_level

MG, MG_PER_L, MG_PER_DAY = "mg", "mg/L", "mg/d"
_ML_PER_L = 1000.0
_PLASMA_PROTEIN_G_PER_L = 70.0


class OfDrugs(NamedTuple):
    """
    What the drugs of a config are for the engine.

    Attributes
    ----------
    signals
        Of the blood, one for each drug and each metabolite.
    influences
        Of effects.
    analytes
        Of milk.
    """

    signals: tuple[SignalRow, ...] = ()
    influences: tuple[Influence, ...] = ()
    analytes: tuple[Analyte, ...] = ()


def plasma_signal(name: str) -> str:
    """Name of the signal that is the level of a drug or metabolite in plasma."""
    return name + PLASMA


def drugs_taken(config: RunConfig) -> dict[str, Drug]:
    """The drugs that a config takes, by name, in the order in which it names them; of those that it declares."""
    names = dict.fromkeys(entry.drug for entry in config.drugs)
    return {name: config.drug_library[name] for name in names if name in config.drug_library}


def substances(config: RunConfig) -> dict[str, tuple[Drug, Passage | None]]:
    """
    All that is in blood by the drugs of a config: drugs and metabolites, each with its drug and its passage.

    Parameters
    ----------
    config
        Valid.
    """
    found: dict[str, tuple[Drug, Passage | None]] = {}
    for name, drug in drugs_taken(config).items():
        found[name] = drug, drug.passage
        found |= {each.drug: (drug, each.passage) for each in drug.metabolites}
    return found


def in_plasma(config: RunConfig) -> list[str]:
    """Names of drugs and metabolites that have a concentration in plasma."""
    return [name for name, (drug, _) in substances(config).items() if drug.kinetics.has_concentration]


def dose_times_of(config: RunConfig) -> list[DoseTime]:
    """
    Every dose of a config up to the end of its run, those before it too.

    Parameters
    ----------
    config
        Valid.
    """
    return doses_of(config.drugs, drugs_taken(config), run_window(config))


def taken_of(config: RunConfig) -> list[Substance]:
    """
    All that is in blood by the drugs of a config, and what is taken of it in a day.

    Parameters
    ----------
    config
        Valid.
    """
    run, found = run_window(config), list[Substance]()
    for name, drug in drugs_taken(config).items():
        entries = [entry for entry in config.drugs if entry.drug == name]
        apart = any(entry.every_days > 1 for entry in entries)
        found.append(Substance(name, name, 1.0, spread_doses(entries, drug, run) if apart else ()))
        found += [Substance(each.drug, name, each.molar_ratio, ()) for each in drug.metabolites]
    return found


def taken_min(config: RunConfig) -> dict[str, list[float]]:
    """
    When each drug was taken, in order [min since birth]; what the body makes of it has the times of the drug.

    Parameters
    ----------
    config
        Valid.
    """
    times = {
        name: [each.time_min for each in dose_times_of(config) if each.taken and each.drug == name]
        for name in drugs_taken(config)
    }
    return {name: times[drug.drug] for name, (drug, _) in substances(config).items()}


def infant_drugs_of(config: RunConfig) -> list[InfantDrug]:
    """
    The drugs of a config as an infant meets them: those that get into milk and whose elimination in it is linear.

    Parameters
    ----------
    config
        Valid.
    """
    found = []
    for name, drug in drugs_taken(config).items():
        kinetics, central = drug.kinetics, drug.kinetics.compartments[:1]
        clearance = central[0].clearance_l_per_h if central else kinetics.clearance_l_per_h
        volume = plain_sum(each.volume_l for each in kinetics.compartments) if central else kinetics.volume_l
        if drug.passage is not None and clearance is not None and volume is not None:
            found.append(_of_infant(name, clearance, volume, drug.infant))
        elif drug.passage is not None and drug.infant.has_own_kinetics:
            found.append(_of_infant(name, 0.0, 0.0, drug.infant))
        found += [
            _of_infant(each.drug, each.clearance_l_per_h, each.volume_l, each.infant)
            for each in drug.metabolites
            if each.passage is not None
        ]
    return found


def _of_infant(name: str, clearance_l_per_h: float, volume_l: float, infant: InfantUse) -> InfantDrug:
    return InfantDrug(
        name,
        clearance_l_per_h,
        volume_l,
        infant.clearance,
        infant.bioavailability,
        infant.absorption_per_h,
        infant.t50_weeks,
        infant.hill,
        infant.volume_l_per_kg,
        infant.elimination_per_h,
    )


def of_drugs(config: RunConfig) -> OfDrugs:
    """
    What the drugs of a config are for the engine; nothing where it takes none.

    Parameters
    ----------
    config
        Valid.
    """
    signals, analytes = list[SignalRow](), list[Analyte]()
    for name, drug in drugs_taken(config).items():
        signals += _signals(config, name, drug)
        passages = [(name, drug.passage), *((each.drug, each.passage) for each in drug.metabolites)]
        analytes += [_analyte(each, passage, config) for each, passage in passages if passage is not None]
    influences = tuple(each for taken in _all_taken(config) for each in influences_of(taken))
    return OfDrugs(tuple(signals), influences, tuple(analytes))


def pulses_of(config: RunConfig, course: Course) -> list[Dose]:
    """
    By how much doses of drugs raise oxytocin at once [pg/mL].

    Parameters
    ----------
    config
        Valid.
    course
        What interventions give.
    """
    return [
        pulse for taken in _all_taken(config) for pulse in pulses_of_drug(taken, config.endocrine, config.gland, course)
    ]


def given_by_interventions(config: RunConfig) -> dict[str, Drug]:
    """
    Drugs that interventions give, by name: as the config has them, or as they come with lactflow.

    Parameters
    ----------
    config
        Valid.
    """
    kinds = {each.kind for each in config.interventions}
    names = [name for kind, name in SHORTHANDS.items() if kind in kinds]
    return {name: config.drug_library[name] if name in config.drug_library else drug_of(name) for name in names}


def _all_taken(config: RunConfig) -> Iterator[Taken]:
    """Each drug that interventions give, and then each of `drugs`."""
    run, body, model = run_window(config), body_of(config), config.pharmacology
    for name, drug in given_by_interventions(config).items():
        yield Taken(name, drug, plasma_signal(name), (), run, body, model)
    for name, drug in drugs_taken(config).items():
        entries = [entry for entry in config.drugs if entry.drug == name]
        yield Taken(name, drug, plasma_signal(name), entries, run, body, model)


def body_of(config: RunConfig) -> Body:
    """The body of the mother of a config."""
    return Body(config.mother.weight_kg, config.mother.height_cm, config.mother.milk_ph)


def _signals(config: RunConfig, name: str, drug: Drug) -> Iterator[SignalRow]:
    """The level of a drug, and of each of its metabolites."""
    entries = [entry for entry in config.drugs if entry.drug == name]
    body, model = body_of(config), config.pharmacology
    if drug.kinetics.no_level:
        return
    if drug.kinetics.daily_steps:
        yield SignalRow(plasma_signal(name), MG_PER_DAY, f"daily dose of {name}", lambda _: daily_dose(entries, drug))
        return
    regimens = regimens_of(entries, drug, run_window(config))
    yield SignalRow(plasma_signal(name), MG_PER_L, f"{name} in plasma", lambda _: level_of(drug, regimens, body, model))
    for each in drug.metabolites:
        build = partial(_metabolite, drug, each, regimens, body, model)
        yield SignalRow(plasma_signal(each.drug), MG_PER_L, f"{each.drug} in plasma, of {name}", build)


def _metabolite(
    drug: Drug, made: Metabolite, regimens: Sequence[Regimen], body: Body, model: Pharmacology, _: BuildContext
) -> Signal:
    return metabolite_level(drug, made, regimens, body, model)


def _analyte(name: str, passage: Passage, config: RunConfig) -> Analyte:
    """A drug in milk: what it crosses the cells by, what fresh milk brings, and what open junctions let through."""
    signal, junctions = plasma_signal(name), config.gland.tight_junctions
    if passage.kind == "antibody":
        entering = junctions.entering_protein_g_per_l / _PLASMA_PROTEIN_G_PER_L
        carried = CarriedThroughCells((passage.transcytosis_ml_per_day or 0.0) / _ML_PER_L, 1.0, signal)
        leak = CrossesJunctions(signal, min(1.0, entering), both_ways=False)
        return Analyte(name, MG, (carried, leak), passage.fat_partition or 0.0, junctions.protein_resorption)
    follows = following(passage, config.pharmacology, config.mother.milk_ph)
    assert follows is not None
    exchange = follows.exchange_ml_per_h
    active = follows.active_ratio
    routes: tuple[Route, ...] = (
        ExchangedWithPlasma(signal, exchange, exchange * passage.return_share, follows.ratio, active_ratio=active),
        LoadedWithFreshMilk(signal, follows.carried * follows.ratio, active_ratio=active),
        CrossesJunctions(signal, follows.unbound_plasma),
    )
    return Analyte(name, MG, routes, follows.fat_partition)
