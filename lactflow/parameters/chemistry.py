"""Constants of chemistry: not settings."""

LACTOSE_G_PER_MMOL = 0.3423
"""Anhydrous lactose, C12H22O11, 342.3 g/mol."""

FAT_KCAL_PER_G = 9.0
PROTEIN_KCAL_PER_G = 4.0
LACTOSE_KCAL_PER_G = 4.0
"""Energy that a body gets from them: Atwater's general factors."""
