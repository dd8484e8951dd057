"""
Drugs of a config as declarations that the engine has: signals of the blood, analytes of milk, and what acts on cells.

A drug has a signal, its level in plasma; where it gets into milk an analyte, by the name of the drug; and an influence
for each effect. What the body makes of it is a further drug in all but the doses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from lactflow.config.model import RunConfig, run_window
from lactflow.dyad.drug_doses import DoseTime, daily_dose, doses_of, regimens_of
from lactflow.dyad.watching import PLASMA
from lactflow.endocrine.blood import SignalRow
from lactflow.endocrine.influences import BuildContext, Influence
from lactflow.endocrine.signal import Effect as EffectOf
from lactflow.endocrine.signal import Signal
from lactflow.gland.analytes import Analyte
from lactflow.gland.routes import CarriedThroughCells, CrossesJunctions, ExchangedWithPlasma, LoadedWithFreshMilk, Route
from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import Drug, Effect, Metabolite, Passage
from lactflow.pharmacology.derived import Body, following
from lactflow.pharmacology.effects import factor_of
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
    return [name for name, (drug, _) in substances(config).items() if not drug.kinetics.daily_steps]


def dose_times_of(config: RunConfig) -> list[DoseTime]:
    """
    Every dose of a config up to the end of its run, those before it too.

    Parameters
    ----------
    config
        Valid.
    """
    return doses_of(config.drugs, drugs_taken(config), run_window(config))


def of_drugs(config: RunConfig) -> OfDrugs:
    """
    What the drugs of a config are for the engine; nothing where it takes none.

    Parameters
    ----------
    config
        Valid.
    """
    signals, influences, analytes = list[SignalRow](), list[Influence](), list[Analyte]()
    for name, drug in drugs_taken(config).items():
        signals += _signals(config, name, drug)
        influences += _influences(name, drug.effects)
        passages = [(name, drug.passage), *((each.drug, each.passage) for each in drug.metabolites)]
        analytes += [_analyte(each, passage, config) for each, passage in passages if passage is not None]
    return OfDrugs(tuple(signals), tuple(influences), tuple(analytes))


def body_of(config: RunConfig) -> Body:
    """The body of the mother of a config."""
    return Body(config.mother.weight_kg, config.mother.height_cm, config.mother.milk_ph)


def _signals(config: RunConfig, name: str, drug: Drug) -> Iterator[SignalRow]:
    """The level of a drug, and of each of its metabolites."""
    entries = [entry for entry in config.drugs if entry.drug == name]
    body, model = body_of(config), config.pharmacology
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


def _influences(name: str, effects: Sequence[Effect]) -> Iterator[Influence]:
    """What the level of a drug does; several effects on one target are several influences."""
    signal = plasma_signal(name)
    for number, effect in enumerate(effects):
        again = [each.on for each in effects[:number]].count(effect.on)
        yield Influence(f"{signal}{f' ({again + 1})' if again else ''}", effect.on, _acting(signal, effect))


def _acting(signal: str, effect: Effect) -> Callable[[BuildContext], Signal]:
    def build(context: BuildContext) -> Signal:
        return EffectOf(context.blood[signal], lambda level: factor_of(effect, level))

    return build


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
        ExchangedWithPlasma(signal, exchange, exchange, follows.ratio, active_ratio=active),
        LoadedWithFreshMilk(signal, follows.carried * follows.ratio, active_ratio=active),
        CrossesJunctions(signal, follows.unbound_plasma),
    )
    return Analyte(name, MG, routes, follows.fat_partition)
