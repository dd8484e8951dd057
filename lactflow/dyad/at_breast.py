"""Sessions under way, and what happens at a breast in one: rows of `removals` and `removal_contents` in the making."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lactflow.dyad.schedule import PlannedSession
from lactflow.gland.analytes import CHLORIDE, CITRATE, FAT, LACTOSE, POTASSIUM, PROTEIN, SODIUM, Milk
from lactflow.gland.breast import Breast
from lactflow.gland.declared import OTHER_PROTEIN
from lactflow.parameters.chemistry import LACTOSE_G_PER_MMOL
from lactflow.records import Removal

LITTLE_ML: Final = 1e-6
"""Less than this is nothing."""


@dataclass
class AtBreast:
    """What happened at one breast in one session."""

    breast: Breast
    kind: str
    start_min: float
    available_ml: float
    fullness_start: float
    milk: Milk
    let_downs: int = 0
    recorded_ml: float | None = None
    first: Milk | None = None
    last: Milk | None = None

    @classmethod
    def begin(cls, breast: Breast, kind: str, start_min: float, *, recorded_ml: float | None) -> AtBreast:
        """Somebody comes to a breast, as it is now."""
        return cls(
            breast,
            kind,
            start_min,
            breast.volume_ml,
            breast.fullness,
            breast.contents.no_milk(),
            recorded_ml=recorded_ml,
        )

    def receive(self, taken: Milk) -> None:
        """Milk of one slice of a let-down."""
        if taken.volume_ml > LITTLE_ML:
            self.last = taken
            if self.first is None:
                self.first = taken
        self.milk.add(taken)

    def removal(self, session: int, end_min: float) -> Removal:
        """The row of the table."""
        lactose = self.milk.per_litre(LACTOSE)
        return Removal(
            session=session,
            kind=self.kind,
            breast=self.breast.side,
            start_min=self.start_min,
            end_min=end_min,
            available_ml=self.available_ml,
            removed_ml=self.milk.volume_ml,
            fullness_start=self.fullness_start,
            fullness_end=self.breast.fullness,
            let_downs=self.let_downs,
            lactose_g_per_l=None if lactose is None else lactose * LACTOSE_G_PER_MMOL,
            protein_g_per_l=self.milk.per_litre(PROTEIN),
            fat_g_per_l=self.milk.per_litre(FAT),
            fat_start_g_per_l=_per_litre(self.first, FAT),
            fat_end_g_per_l=_per_litre(self.last, FAT),
            sodium_mmol_per_l=self.milk.per_litre(SODIUM),
            potassium_mmol_per_l=self.milk.per_litre(POTASSIUM),
            chloride_mmol_per_l=self.milk.per_litre(CHLORIDE),
            citrate_mmol_per_l=self.milk.per_litre(CITRATE),
            osmolality_mosm_per_kg=self.milk.osmolality(),
            energy_kcal_per_l=self.milk.energy_kcal() / self.milk.volume_ml * 1000.0 if lactose is not None else None,
            recorded_ml=self.recorded_ml,
        )

    def contents(self, session: int) -> list[tuple[object, ...]]:
        """The fields of a `RemovalContent` for each analyte that the run adds."""
        contents = self.breast.contents
        rows: list[tuple[object, ...]] = []
        for index, name, unit in contents.added:
            rows.append(
                (
                    session,
                    self.breast.side,
                    name,
                    unit,
                    self.milk.amounts[index],
                    self.milk.per_litre(index),
                    _per_litre(self.first, index),
                    _per_litre(self.last, index),
                )
            )
        if contents.parts:
            rows.append(
                (
                    session,
                    self.breast.side,
                    OTHER_PROTEIN,
                    contents.analytes[PROTEIN].unit,
                    other_protein_g(self.milk, contents.parts),
                    _others_per_litre(self.milk, contents.parts),
                    _others_per_litre(self.first, contents.parts),
                    _others_per_litre(self.last, contents.parts),
                )
            )
        return rows


def other_protein_g(milk: Milk, parts: tuple[int, ...]) -> float:
    """
    Protein of some milk that none of its declared parts accounts for: casein and what else there is [g].

    Below zero where the parts are more than the total: then their quantities do not fit the milk.
    """
    amounts, declared = milk.amounts, 0.0
    for part in parts:
        declared += amounts[part]
    return amounts[PROTEIN] - declared


@dataclass
class UnderWay:
    """A session that goes on: plan, number, start, the breasts it is for; milk taken so far, breasts somebody is at."""

    planned: PlannedSession
    number: int
    start_min: float
    breasts: tuple[str, ...]
    taken_ml: float = 0.0
    visits: list[AtBreast] = field(default_factory=list)

    @property
    def planned_sides(self) -> str | None:
        """As in the tables; None for a bottle."""
        return None if not self.breasts else self.breasts[0] if len(set(self.breasts)) == 1 else "both"


def _others_per_litre(milk: Milk | None, parts: tuple[int, ...]) -> float | None:
    """Likewise, of the protein that no declared part accounts for."""
    if milk is None or milk.volume_ml <= 0.0:
        return None
    return other_protein_g(milk, parts) / milk.volume_ml * 1000.0


def _per_litre(milk: Milk | None, analyte: int) -> float | None:
    """Amount per litre of milk; None when there is none."""
    return None if milk is None else milk.per_litre(analyte)
