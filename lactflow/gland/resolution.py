"""How the gland is cut into lobes."""

from __future__ import annotations

from math import exp
from statistics import NormalDist

from lactflow.kinetics import plain_sum


def lobe_shares(lobes: int, spread: float) -> list[float]:
    """
    Share of the breast that each lobe owns, smallest first; they add up to 1.

    The quantiles of a lognormal distribution rather than draws from it: every breast has the same spread of
    lobes, whatever the seed. Ours: ducts and lobes are known to differ several-fold, not by which law.

    Parameters
    ----------
    lobes
        Number of lobes, at least 1.
    spread
        SD of the log of their sizes.
    """
    sizes = [exp(spread * NormalDist().inv_cdf((number + 0.5) / lobes)) for number in range(lobes)]
    whole = plain_sum(sizes)
    return [size / whole for size in sizes]
