"""Constants of chemistry: not settings."""

LACTOSE_G_PER_MMOL = 0.3423
"""Anhydrous lactose, C12H22O11, 342.3 g/mol."""
