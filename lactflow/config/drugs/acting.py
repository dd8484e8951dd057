"""
What drugs do to the mother's body: their effects, and pulses of oxytocin, as declarations that the engine has.

Doses come from `drugs` of a config, or from an intervention that is a shorthand for a drug of the library: that has its
effects alone, and neither levels nor tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from lactflow.dyad.drug_doses import DrugDoses, daily_dose, doses_of, taken_at_site
from lactflow.dyad.schedule import Period
from lactflow.endocrine.course import Course, Dose
from lactflow.endocrine.influences import BuildContext, Influence
from lactflow.endocrine.signal import Effect as EffectOf
from lactflow.endocrine.signal import Signal
from lactflow.parameters.declaration import quantity_at
from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import Drug
from lactflow.pharmacology.derived import Body
from lactflow.pharmacology.effects import Effect, factor_of
from lactflow.pharmacology.regimen import Regimen, level_of
from lactflow.pharmacology.site import GONE_HALF_LIVES, AtSite
from lactflow.units import DAY_MIN


class Taken(NamedTuple):
    """
    A drug that a mother takes.

    Attributes
    ----------
    name, drug
        Its name, and what its file declares.
    signal
        Name of the signal that is its level.
    entries
        Its doses in `drugs` of the config; none where an intervention gives it.
    run
        From when to when the run goes, and the clock time of birth.
    body, model
        Of the mother, and declared quantities.
    """

    name: str
    drug: Drug
    signal: str
    entries: Sequence[DrugDoses]
    run: Period
    body: Body
    model: Pharmacology


def influences_of(taken: Taken) -> Iterator[Influence]:
    """
    What a drug does over time; several effects on one target are several influences.

    Parameters
    ----------
    taken
        The drug, and how it is taken.
    """
    acting = [each for each in taken.drug.effects if each.law != "pulse"]
    for number, effect in enumerate(acting):
        again = [each.on for each in acting[:number]].count(effect.on)
        name = taken.signal if taken.entries else taken.name
        yield Influence(f"{name}{f' ({again + 1})' if again else ''}", effect.on, _acting(taken, effect))


def pulses_of(taken: Taken, endocrine: BaseModel, gland: BaseModel, course: Course) -> list[Dose]:
    """
    By how much each dose of a drug raises oxytocin at once [pg/mL].

    Parameters
    ----------
    taken
        The drug, and how it is taken.
    endocrine, gland
        Declared quantities.
    course
        What interventions give.
    """
    pulses = []
    for effect in taken.drug.effects:
        if effect.law == "pulse":
            per_iu = _with_numbers(effect, endocrine, gland).per_iu
            assert per_iu is not None
            pulses += [Dose(each.time_min, per_iu * each.amount) for each in _doses_in_iu(taken, course)]
    return pulses


def _doses_in_iu(taken: Taken, course: Course) -> Sequence[Dose]:
    """Doses in international units."""
    if not taken.entries:
        return course.doses_of(taken.name)
    return [
        Dose(each.time_min, entry.iu(taken.drug))
        for entry in taken.entries
        for each in doses_of([entry], {taken.name: taken.drug}, taken.run)
        if each.taken
    ]


def _with_numbers(effect: Effect, endocrine: BaseModel, gland: BaseModel) -> Effect:
    """An effect with the values that the quantities it names have in a run."""
    groups = {"endocrine": endocrine, "gland": gland}

    def value(key: str) -> float:
        group, _, path = key.partition(".")
        found = quantity_at(groups[group], path)
        assert found is not None  # keys were checked with the config
        return found.value

    return effect.with_quantities(value)


def _acting(taken: Taken, declared: Effect) -> Callable[[BuildContext], Signal]:
    def build(context: BuildContext) -> Signal:
        effect = _with_numbers(declared, context.endocrine, context.gland)
        return EffectOf(_followed(taken, effect, context), lambda level: factor_of(effect, level))

    return build


def _followed(taken: Taken, effect: Effect, context: BuildContext) -> Signal:
    """What an effect follows: a level in plasma, a daily dose, or what is left where the drug acts."""
    drug, course, by = taken.drug, context.course, taken.drug.acts_by(effect)
    if by == "site":
        assert effect.half_life_days is not None
        assert effect.absorption_h is not None
        gone_min = GONE_HALF_LIVES * effect.half_life_days * DAY_MIN
        doses: Sequence[tuple[float, float]] = course.doses_of(taken.name) if not taken.entries else ()
        if taken.entries:
            doses = taken_at_site(taken.entries, drug, taken.run, gone_min)
        return AtSite(doses, effect.half_life_days, effect.absorption_h)
    if by == "daily_dose":
        return daily_dose(taken.entries, drug) if taken.entries else course.daily_of(taken.name)
    if taken.entries:
        return context.blood[taken.signal]
    form = next(iter(drug.forms.values()))
    regimens = [Regimen(form, dose.amount, (dose.time_min,)) for dose in sorted(course.doses_of(taken.name))]
    return level_of(drug, regimens, taken.body, taken.model)
