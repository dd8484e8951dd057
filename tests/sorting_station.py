"""A station that the package does not have, as somebody else would declare it: one row."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.stations import StationRow, own_quantity

SORTING = StationRow(
    name="trans_golgi",
    line="aqueous",
    words="trans-Golgi",
    after="golgi",
    work=own_quantity(4.0, "min", within=(0.1, 60.0), source=sources.ASSUMED, note="Sorting into vesicles"),
    places=own_quantity(
        7.0, "mL-eq", within=(0.5, 50.0), source=sources.ASSUMED, note="Half of the Golgi",
        follows="protein_line.golgi_ml",
    ),
    least_places=1.0,
)  # fmt: skip
