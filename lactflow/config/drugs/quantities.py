"""Numbers of a drug's effects that are quantities of the config: whether there are such, in the unit that is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from lactflow.config.text import nearest, quoted
from lactflow.config.tree import Key
from lactflow.parameters.declaration import declared_quantities
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.pharmacology.declared import Drug
from lactflow.pharmacology.effects import Effect, Number

_UNITS: Mapping[Number, str] = {
    "half_life_days": "d",
    "absorption_h": "h",
    "per_ug": "pg/mL/ug",
    "per_iu": "pg/mL/IU",
}
_HALF_EFFECT: Mapping[str, str] = {"level": "mg/L", "daily_dose": "mg/d", "site": "mg"}


@cache
def _units() -> dict[str, str]:
    """Unit of each quantity that an effect may name, by its key in a config."""
    groups = {"endocrine": Endocrine(), "gland": Gland()}
    found = [each for name, group in groups.items() for each in declared_quantities(group, name)]
    return {each.key: each.declaration.unit for each in found}


def wrong_quantities(drug: Drug) -> Iterator[tuple[Key, str]]:
    """
    What is wrong with the quantities that effects of a drug name: the key to change, and one line.

    Parameters
    ----------
    drug
        Declared.
    """
    for number, effect in enumerate(drug.effects):
        for name, key in effect.quantities.items():
            at: Key = ("effects", number, "quantities", name)
            unit, needed = _units().get(key), _needed(drug, effect, name)
            if unit is None:
                match = nearest(key, list(_units()))
                hint = f"; nearest: {match}" if match is not None else ""
                yield at, f"there is no quantity {quoted(key)} (allowed: one of endocrine or gland{hint})"
            elif unit != needed:
                yield at, f"{key} is in {unit or 'no unit'} (needed: {needed or 'no unit'})"


def _needed(drug: Drug, effect: Effect, name: Number) -> str:
    """Unit of a number of an effect."""
    return _HALF_EFFECT[drug.acts_by(effect)] if name == "half_effect" else _UNITS.get(name, "")
