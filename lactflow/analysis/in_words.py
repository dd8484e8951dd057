"""What measures are called, and their units."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lactflow.analysis.drug_names import DRUG_MEASURES, drug_in_words, drug_measures_in, split

if TYPE_CHECKING:
    from collections.abc import Iterable


class Measure(NamedTuple):
    """A measure in words, and its unit."""

    label: str
    unit: str


MEASURES = {
    "made_ml_per_day": Measure("milk made", "mL/day"),
    "made_ml_per_day_left": Measure("milk made, left", "mL/day"),
    "made_ml_per_day_right": Measure("milk made, right", "mL/day"),
    "removed_ml_per_day": Measure("milk removed", "mL/day"),
    "removed_ml_per_day_left": Measure("milk removed, left", "mL/day"),
    "removed_ml_per_day_right": Measure("milk removed, right", "mL/day"),
    "intake_ml_per_day": Measure("intake of the infant", "mL/day"),
    "stored_ml": Measure("milk in both breasts", "mL"),
    "sessions_per_day": Measure("sessions", "per day"),
    "fullness": Measure("fullness", "of capacity"),
    "emptied_fraction": Measure("emptied in a session", "of available milk"),
    "let_downs_per_feed": Measure("let-downs", "per feed"),
    "hours_above_80_percent_full_per_day": Measure("more than 80 % full", "h/day"),
    "upr_exposure_h_per_day": Measure("unfolded protein response", "h/day"),
    "inhibitor": Measure("local inhibitor", "relative"),
    "active_cells_fraction": Measure("active cells", "of a gland at term"),
    "infant_weight_kg": Measure("weight of the infant", "kg"),
    "fat_g_per_l": Measure("fat", "g/L"),
    "fat_g_per_day": Measure("fat in the milk removed", "g/day"),
    "lactose_g_per_l": Measure("lactose", "g/L"),
    "protein_g_per_l": Measure("protein", "g/L"),
    "sodium_mmol_per_l": Measure("sodium", "mmol/L"),
    "na_k_ratio": Measure("sodium over potassium", "mol/mol"),
    "siga_g_per_day": Measure("secretory IgA removed", "g/day"),
    "lactoferrin_g_per_day": Measure("lactoferrin removed", "g/day"),
    "activation_h": Measure("sodium of milk at 16 mmol/L or below", "h after birth"),
    "onset_h": Measure("onset of copious milk", "h after birth"),
    "rid_percent": Measure("relative infant dose as swallowed", "%"),
    "rid_conventional_percent": Measure("relative infant dose by convention", "%"),
    "milk_plasma_ratio": Measure("drug in milk over plasma", "ratio"),
    "worst_feed_share": Measure("drug in the largest feed", "of the day's"),
}
"""
Every measure of `lactflow.analysis.daily.MEASURES`, then those of drugs; a test holds them together.

Those of drugs are of a model, and no medical advice.
"""


def measure(name: str) -> Measure:
    """A measure in words, maybe of some days; one that this version does not know has its own name."""
    measured, _, days = name.partition("@")
    base, drug = split(measured)
    label, unit = MEASURES.get(base, Measure(base, ""))
    if drug:
        label = f"{label} ({drug_in_words(drug)})"
    if not days:
        return Measure(label, unit)
    first, _, last = days.partition(":")
    return Measure(f"{label}, day {first}" if not last else f"{label}, days {first} to {last}", unit)


def units_of_measures(names: Iterable[object]) -> dict[str, str]:
    """
    Unit of every measure by its name, as tables of measures have them in their `attrs`.

    Parameters
    ----------
    names
        Columns of the table, or names of its measures.
    """
    usual = [name for name in MEASURES if name not in DRUG_MEASURES]
    return {name: measure(name).unit for name in (*usual, *drug_measures_in(str(name) for name in names))}
