"""
What must be shown before results at a coarse resolution may stand for those at the default, declared beforehand.

Nothing here is fitted to a result: the numbers were committed before the code that is judged by them.
"""

from __future__ import annotations

from typing import NamedTuple

COVERAGE = (0.93, 0.97)
"""Share of 95 % intervals that must hold the truth, for differences and for ratios alike."""
VIRTUAL_COMPARISONS = 2000
"""At least so many, drawn from a model whose correlations were measured."""

LEAST_CORRELATION = 0.98
"""Of paired differences at the coarsest and at the default resolution, for a measure that `compare` takes from both."""
MOST_BIAS_SHARE = 0.01
"""Of the baseline's mean: the most by which differences may deviate on average before they are corrected."""


class Tolerance(NamedTuple):
    """
    How far a coarse result may lie from the default one: the larger of a share of it and of a fixed amount.

    Attributes
    ----------
    share
        Of the mean at the default resolution.
    amount
        In the unit of the measure.
    """

    share: float
    amount: float

    def of(self, mean: float) -> float:
        """The largest deviation allowed around a mean."""
        return max(self.share * abs(mean), self.amount)


TOLERANCES = {
    "made_ml_per_day": Tolerance(0.01, 2.0),
    "made_ml_per_day_left": Tolerance(0.01, 2.0),
    "made_ml_per_day_right": Tolerance(0.01, 2.0),
    "removed_ml_per_day": Tolerance(0.01, 2.0),
    "removed_ml_per_day_left": Tolerance(0.01, 2.0),
    "removed_ml_per_day_right": Tolerance(0.01, 2.0),
    "intake_ml_per_day": Tolerance(0.01, 2.0),
    "stored_ml": Tolerance(0.01, 2.0),
    "sessions_per_day": Tolerance(0.01, 0.05),
    "fullness": Tolerance(0.01, 0.005),
    "emptied_fraction": Tolerance(0.01, 0.005),
    "let_downs_per_feed": Tolerance(0.01, 0.02),
    "hours_above_80_percent_full_per_day": Tolerance(0.02, 0.1),
    "upr_exposure_h_per_day": Tolerance(0.02, 0.1),
    "inhibitor": Tolerance(0.01, 0.005),
    "active_cells_fraction": Tolerance(0.01, 0.005),
    "infant_weight_kg": Tolerance(0.005, 0.02),
    "fat_g_per_l": Tolerance(0.01, 0.2),
    "lactose_g_per_l": Tolerance(0.005, 0.2),
    "protein_g_per_l": Tolerance(0.01, 0.1),
    "sodium_mmol_per_l": Tolerance(0.01, 0.1),
    "fat_g_per_day": Tolerance(0.01, 0.3),
    "na_k_ratio": Tolerance(0.01, 0.005),
    "activation_h": Tolerance(0.0, 4.0),
    "siga_g_per_day": Tolerance(0.01, 0.01),
    "lactoferrin_g_per_day": Tolerance(0.01, 0.01),
    "onset_h": Tolerance(0.0, 1.0),
    "half_of_cells_lost_h": Tolerance(0.02, 2.0),
    "stat3_half_h": Tolerance(0.02, 1.0),
}
"""
Every measure of a run, and two times of involution: hours from the last removal until half of the active cells are
gone, and until STAT3 is half-way up.
"""

TARGET_SHARE = 0.01
"""Of what a target finds at the default resolution, the most that it may move; or, where that is more,"""
TARGET_BAND_SHARE = 0.1
"""this share of half the width of its band. No verdict may change in any replicate mean."""
