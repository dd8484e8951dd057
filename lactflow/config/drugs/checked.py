"""What is wrong, or odd, about the drugs of a config beyond what its keys say by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lactflow.config.drugs.compiled import (
    body_of,
    drugs_taken,
    given_by_interventions,
    plasma_signal,
    substances,
    taken_of,
)
from lactflow.config.drugs.files import no_such_drug, shipped_drug, shipped_drugs
from lactflow.config.drugs.quantities import wrong_quantities
from lactflow.config.model import Key, RunConfig, run_window
from lactflow.config.text import choices, nearest, quoted
from lactflow.dyad.drug_doses import DrugDoses
from lactflow.dyad.drug_doses import doses_of as dose_times_of
from lactflow.dyad.intervention import TakenDaily
from lactflow.dyad.interventions import SHORTHANDS
from lactflow.dyad.schedule import DiscardPhase
from lactflow.endocrine.blood import HORMONES, SignalRow
from lactflow.gland.analytes import Analyte
from lactflow.gland.declared import OTHER_PROTEIN, milk_analytes
from lactflow.pharmacology.declared import Drug
from lactflow.pharmacology.regimen import eliminated_mg_per_day
from lactflow.pharmacology.rests_on import OWN, PLACEHOLDER, leaves, without_source

_OTHER_QUANTITY = "membrane"
_MOST_NAMED = 6


def wrong_drugs(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """
    What is wrong with the drugs of a config: the key to change, and one line.

    Parameters
    ----------
    config
        Valid key by key.
    """
    yield from _wrong_names(config)
    for number, entry in enumerate(config.drugs):
        drug = config.drug_library.get(entry.drug)
        key: Key = ("drugs", number)
        if drug is None:
            yield (*key, "drug"), no_such_drug(entry.drug, {*shipped_drugs(), *config.drug_library})
            continue
        if entry.form is not None and entry.form not in drug.forms:
            forms = list(drug.forms)
            match = nearest(entry.form, forms)
            hint = f"; nearest: {match}" if match is not None else ""
            yield (*key, "form"), f"{entry.drug} has no form {quoted(entry.form)} (allowed: {choices(forms)}{hint})"
            continue
        yield from (((*key, name), message) for name, message in _wrong_doses(entry, drug, config))
    yield from _wrong_effects(config)
    yield from _wrong_discards(config)


def _wrong_effects(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Quantities that are none, and drugs that interventions give and that cannot act as they are given."""
    for name, drug in config.drug_library.items():
        yield from ((("drug_library", name, *key), message) for key, message in wrong_quantities(drug))
    taken, given = drugs_taken(config), given_by_interventions(config)
    for number, each in enumerate(config.interventions):
        if each.kind not in SHORTHANDS:
            continue
        name, key = SHORTHANDS[each.kind], ("interventions", number, "kind")
        if name in taken:
            yield key, f"{name} is taken in drugs too (allowed: one of them; doses there act the same)"
        daily = isinstance(each, TakenDaily)
        fit = ["daily_dose"] if daily else ["site", "level", "pulse"]
        for effect in given[name].effects:
            by = given[name].acts_by(effect)
            if by not in fit:
                how = "day by day" if daily else "in single doses"
                message = f"it is given {how}, and {name} acts on {effect.on} by {by}"
                yield key, f"{message} (allowed: {choices(fit)}; or doses in drugs)"


def _wrong_discards(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Milk that is thrown away after doses that nobody takes."""
    taken = substances(config)
    for number, phase in enumerate(config.schedule):
        if not isinstance(phase, DiscardPhase) or phase.drug is None or phase.drug in taken:
            continue
        key: Key = ("schedule", number, "drug")
        known = {*shipped_drugs(), *config.drug_library}
        if phase.drug not in known:
            yield key, no_such_drug(phase.drug, known)
        else:
            allowed = choices(list(taken)) if taken else "a drug of drugs, and there are none"
            yield key, f"{phase.drug} is not taken (allowed: {allowed})"


def _wrong_names(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Names of drugs that something else in milk or blood has."""
    taken = {analyte.name for analyte in milk_analytes(config.gland)} | {_OTHER_QUANTITY, OTHER_PROTEIN}
    taken |= {row.name for row in HORMONES}
    seen: dict[str, str] = {}
    for name, drug in config.drug_library.items():
        if drug.drug != name:
            message = f"{drug.drug} stands here as {name} (allowed: one name)"
            yield ("drug_library", name, "drug"), message
    for name, drug in drugs_taken(config).items():
        for each in (name, *(made.drug for made in drug.metabolites)):
            if each in taken:
                message = f"the name {each} is taken by what every run has (allowed: another name)"
                yield ("drug_library", name, "drug"), message
            elif each in seen:
                both = f"{seen[each]} and {name}" if seen[each] != name else name
                message = f"{each} is in blood by {both}: one level each (allowed: one of them)"
                yield ("drug_library", name, "drug"), message
            seen[each] = name


def _wrong_doses(entry: DrugDoses, drug: Drug, config: RunConfig) -> Iterator[tuple[str, str]]:
    """Doses that a drug cannot be taken in."""
    if entry.drinks is not None and drug.kinetics.elimination_g_per_l_h is None:
        yield "drinks", f"{entry.drug} is not taken in drinks (needed: dose_mg)"
    if entry.dose_iu is not None and drug.iu_per_mg is None:
        yield "dose_iu", f"{entry.drug} is not dosed in international units (needed: dose_mg)"
    daily = any(drug.acts_by(effect) == "daily_dose" for effect in drug.effects)
    if (daily or drug.kinetics.daily_steps) and (not entry.times or entry.miss):
        wrong = "miss" if entry.miss else "times"
        what = "the level" if drug.kinetics.daily_steps else "what acts"
        yield wrong, f"{what} of {entry.drug} is its daily dose (needed: times, and no miss)"
        return
    run = run_window(config)
    if entry.from_day is not None and entry.times:
        open_end = run._replace(to_min=float("inf")) if entry.to_day is not None else run
        due = dose_times_of([entry], {entry.drug: drug}, open_end)
        if not due and entry.to_day is not None:
            yield "times", f"no dose is due from day {entry.from_day:g} to day {entry.to_day:g}"
    most = eliminated_mg_per_day(drug, body_of(config), config.pharmacology)
    if most is not None and entry.from_day is None and entry.mg_per_day(drug) * drug.kinetics.bioavailability >= most:
        message = f"{entry.mg_per_day(drug):g} mg a day for ever are more than she eliminates ({most:.4g} mg a day)"
        yield "dose_mg" if entry.drinks is None else "drinks", message


def clashing(config: RunConfig, added: Iterable[Analyte | SignalRow]) -> Iterator[tuple[Key, str]]:
    """
    Drugs that are called as what a package adds to milk or blood: the key to change, and one line.

    Parameters
    ----------
    config
        Valid.
    added
        What packages add that a drug adds too.
    """
    taken = {each.name for each in added}
    for name in substances(config):
        twice = next((each for each in (name, plasma_signal(name)) if each in taken), None)
        if twice is not None:
            number = next(n for n, entry in enumerate(config.drugs) if name in _names_of(config, entry.drug))
            yield ("drugs", number), f"a package adds {twice} too (allowed: the drug, or what the package adds)"


def _names_of(config: RunConfig, name: str) -> list[str]:
    drug = config.drug_library.get(name)
    return [] if drug is None else [name, *(each.drug for each in drug.metabolites)]


def _without_dose(config: RunConfig) -> Iterator[str]:
    """Drugs that get into milk and of which no dose counts in the run: relative doses are over nothing then."""
    run = run_window(config)
    in_milk = {drug.drug for drug, passage in substances(config).values() if passage is not None}
    doses = dose_times_of([each for each in config.drugs if each.drug in in_milk], config.drug_library, run)
    counted = {each.drug for each in doses if each.taken and each.time_min >= run.from_min}
    counted |= {each.name for each in taken_of(config) if any(mg > 0.0 for _, mg in each.mg_per_day)}
    for number, entry in enumerate(config.drugs):
        first = next(place for place, each in enumerate(config.drugs) if each.drug == entry.drug) == number
        begun = entry.from_day is None or entry.from_day < config.start_day + config.days
        if first and begun and entry.drug in in_milk - counted:
            yield f"drugs.{number} ({entry.drug}): no dose counts in the run, so that it has no relative infant dose"


def _not_as_shipped(config: RunConfig) -> Iterator[str]:
    """Drugs called as one that comes with lactflow and that are others; what is laid over one is marked as own."""
    for name, drug in {**given_by_interventions(config), **drugs_taken(config)}.items():
        if name not in shipped_drugs() or OWN in drug.uses.values():
            continue
        mine, shipped = (dict(_values(each)) for each in (drug, shipped_drug(name)))
        others = [key for key in {**mine, **shipped} if mine.get(key) != shipped.get(key)]
        if others:
            line = f"drug_library.{name}: takes the place of the {name} that comes with lactflow"
            yield f"{line}; others are {_some(others)}"


def _values(drug: Drug) -> Iterator[tuple[str, object]]:
    """What a drug is, without its title and its sources."""
    return ((path, value) for path, value, _ in leaves(drug))


def _some(keys: list[str]) -> str:
    """A few keys, and how many more there are."""
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return ", ".join(keys[:_MOST_NAMED]) + more


def odd_drugs(config: RunConfig) -> Iterator[str]:
    """
    What a user may not have meant: doses that are never taken, numbers without a source.

    Parameters
    ----------
    config
        Valid.
    """
    end_day = config.start_day + config.days
    for number, entry in enumerate(config.drugs):
        if entry.from_day is not None and entry.from_day >= end_day:
            yield f"drugs.{number} ({entry.drug}): begins on day {entry.from_day:g}, the run is over on day {end_day:g}"
    yield from _without_dose(config)
    yield from _not_as_shipped(config)
    for name, drug in drugs_taken(config).items():
        lacking = without_source(drug)
        if lacking:
            begun = any(each.cite == PLACEHOLDER for each in drug.sources.values())
            template = "; sources still has the words of the template" if begun else ""
            yield f"drug_library.{name}: no source: {_some(lacking)}{template}"
