"""What a claim is: scenarios, an observable, a criterion fixed beforehand, and an adversary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

from lactflow.validation.simulated import Config, Simulated, merged

Runs = Mapping[str, Simulated]


class Finding(NamedTuple):
    """What was found, in words and numbers, and whether it meets the criterion."""

    found: str
    holds: bool


def in_hours(hours: float) -> str:
    """A time in words: `12 h`, or `never`."""
    return f"{hours:.0f} h" if isfinite(hours) else "never"


@dataclass(frozen=True)
class Claim:
    """
    A claim about milk secretion that must hold.

    Attributes
    ----------
    id
        C01 and on.
    text
        The claim.
    required
        The criterion, as it was fixed before any tuning.
    runs
        Configurations that it is judged by, by a name of their own.
    judge
        From the runs to what was found.
    adversary
        Laid over every run, it removes the mechanism: the claim must fail then. None for none.
    without
        What the adversary removes; or, without one, why there is none.
    """

    id: str
    text: str
    required: str
    runs: Mapping[str, Config]
    judge: Callable[[Runs], Finding]
    adversary: Config | None
    without: str

    def adverse(self) -> dict[str, Config]:
        """The runs with the mechanism removed; empty for none."""
        if self.adversary is None:
            return {}
        return {name: merged(config, self.adversary) for name, config in self.runs.items()}
