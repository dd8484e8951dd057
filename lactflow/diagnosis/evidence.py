"""
What each observation of a record contributes, and what would be worth measuring next.

An observation contributes the change of log odds between the two leading mechanisms that its removal would undo. What
could be measured next is judged before it is: by the entropy that is expected to be left, over what virtual mothers
with her readings would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lactflow.chance import Streams
from lactflow.diagnosis.observing import Observation
from lactflow.diagnosis.probabilities import Model, Taught, entropy
from lactflow.diagnosis.truth import CONTENTS
from lactflow.records import BREASTS

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

NODES: Final = 25
"""Values of a candidate that are tried for each mechanism; with ten times as many, ranks are the same. Ours."""
HELPS_NATS: Final = 0.02
"""Expected fall of entropy below which a measurement is said not to help. Ours."""
_SEED: Final = 20261130
_NEGLIGIBLE, _NUGGET = 1e-4, 1e-12


@dataclass(frozen=True)
class Candidate:
    """
    What could be measured next.

    Attributes
    ----------
    name
        In tables.
    effort
        What it asks of a clinic and a mother, in words.
    observations
        What it would add; more than one where both breasts are sampled.
    """

    name: str
    effort: str
    observations: tuple[Observation, ...]


_EFFORTS: Final[Mapping[str, str]] = {
    "sodium": "a few drops of milk of each breast and a probe",
    "potassium": "a few drops of milk of each breast and a probe",
    "lactose": "1 mL of milk of each breast, a laboratory",
    "citrate": "1 mL of milk of each breast, a laboratory",
    "protein": "1 mL of milk of each breast, a laboratory",
    "glucose": "1 mL of milk of each breast, a laboratory",
    "albumin": "1 mL of milk of each breast, a laboratory",
    "weight": "a scale",
    "test_weigh": "a scale before and after one feed",
    "feeds_per_day": "the mother counts for a day",
    "pump": "both breasts pumped once",
    "prolactin": "a blood sample, a laboratory",
}
_OF_EACH_BREAST: Final = ("sodium", "potassium", "lactose", "citrate", "protein", *CONTENTS)


def candidates(next_min: float, analytes: Sequence[str]) -> tuple[Candidate, ...]:
    """
    Everything that could be measured next.

    Parameters
    ----------
    next_min
        When [min since birth].
    analytes
        Of her config; what is measured in milk of others cannot be simulated.
    """
    found = []
    for kind, effort in _EFFORTS.items():
        if kind in CONTENTS and kind not in analytes:
            continue
        sides = BREASTS if kind in _OF_EACH_BREAST else ("",)
        found.append(Candidate(kind, effort, tuple(Observation(kind, side, next_min, None) for side in sides)))
    return tuple(found)


def contributions(
    taught: Taught, hers: Array, prior: Sequence[float], leaders: tuple[int, int], whole: Model | None = None
) -> list[float]:
    """
    Change of the log odds of the leader over the next mechanism that each observation brings, given all others.

    Parameters
    ----------
    taught
        Readings of virtual mothers.
    hers
        Her readings.
    prior
        Of each mechanism.
    leaders
        Numbers of the two.
    whole
        The model of all observations; made anew when None.
    """
    with_all = _log_odds(Model(taught, prior) if whole is None else whole, hers, leaders)
    found = []
    for column in range(len(hers)):
        rest = [each for each in range(len(hers)) if each != column]
        without = _prior_odds(prior, leaders)
        if rest:
            without = _log_odds(Model(taught.only(rest), prior), hers[rest], leaders)
        found.append(with_all - without)
    return found


def _log_odds(model: Model, readings: Array, leaders: tuple[int, int]) -> float:
    probabilities = np.maximum(model.probabilities(readings)[0], 1e-12)
    return float(np.log(probabilities[leaders[0]] / probabilities[leaders[1]]))


def _prior_odds(prior: Sequence[float], leaders: tuple[int, int]) -> float:
    return float(np.log(max(prior[leaders[0]], 1e-12) / max(prior[leaders[1]], 1e-12)))


class Outlook:
    """
    By how much each candidate is expected to lower the entropy of the mechanisms.

    Parameters
    ----------
    known
        Readings of virtual mothers of what there is.
    prior
        Of each mechanism.
    more
        For each candidate, its readings in the same rows.
    now
        The model of what there is; made anew when None.
    """

    def __init__(self, known: Taught, prior: Sequence[float], more: Sequence[Array], now: Model | None = None) -> None:
        self._now = Model(known, prior) if now is None else now
        self._with = [Model(known.beside(extra), prior) for extra in more]

    def falls(self, hers: Array) -> list[float]:
        """
        Expected fall for one mother, of each candidate [nats].

        Parameters
        ----------
        hers
            Her readings.
        """
        now = self._now.probabilities(hers)
        before = float(entropy(now)[0])
        of = list(self._now.taught.of)
        halves = self._now.shares_of_halves(hers) * now[0][of]
        return [before - self._left(model, hers, halves) for model in self._with]

    def _left(self, model: Model, hers: Array, halves: Array) -> float:
        """Entropy that is left on average over what a candidate may give, by the probability of each half."""
        width, total = len(hers), 0.0
        for half, probability in enumerate(halves):
            if probability < _NEGLIGIBLE:
                continue
            mean, covariance = model.given(half)
            more = len(mean) - width
            gain = np.linalg.solve(covariance[:width, :width], covariance[:width, width:]).T
            centre = mean[width:] + gain @ (hers - mean[:width])
            rest = covariance[width:, width:] - gain @ covariance[:width, width:]
            normal = Streams(_SEED).at("values of a candidate", more).standard_normal((NODES, more))
            values = centre + normal @ np.linalg.cholesky(rest + _NUGGET * np.eye(more)).T
            tried = np.hstack([np.tile(hers, (NODES, 1)), values])
            total += float(probability) * float(entropy(model.probabilities(tried)).mean())
        return total
