"""What a claim is: scenarios, an observable, a criterion fixed beforehand, and an adversary."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from typing import NamedTuple

from lactflow.validation.simulated import Config, Simulated, merged

Runs = Mapping[str, Simulated]


class Seen(NamedTuple):
    """
    One number that a claim is judged by; made by `at_least`, `at_most` and `between`.

    Attributes
    ----------
    what
        What it is, its unit in brackets.
    value
        As found; inf or NaN where there is none.
    low, high
        Ends of what is required; None where it is open.
    """

    what: str
    value: float
    low: float | None
    high: float | None

    @property
    def holds(self) -> bool:
        """Whether the value lies in what is required."""
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)


def at_least(what: str, value: float, low: float) -> Seen:
    """A number that must be so much or more."""
    return Seen(what, float(value), low, None)


def at_most(what: str, value: float, high: float) -> Seen:
    """A number that must be so much or less."""
    return Seen(what, float(value), None, high)


def between(what: str, value: float, low: float, high: float) -> Seen:
    """A number that must lie between two others."""
    return Seen(what, float(value), low, high)


def ratio(value: float, of: float) -> float:
    """A number over another one; inf over 0, and NaN where both are 0 or one is no number."""
    if of > 0.0:
        return value / of
    return inf if of == 0.0 and value > 0.0 else nan


class Finding(NamedTuple):
    """
    What was found, in words and numbers, and whether it meets the criterion.

    Attributes
    ----------
    found
        In words.
    holds
        Whether the criterion is met.
    parts
        Likewise of each of its parts, in their order; empty where it is judged as a whole.
    seen
        The numbers that decide it, of which pictures are made.
    """

    found: str
    holds: bool
    parts: tuple[bool, ...] = ()
    seen: tuple[Seen, ...] = ()


class Adversary(NamedTuple):
    """
    The runs of a claim with something taken away: the claim must fail then.

    Attributes
    ----------
    config
        Laid over every run.
    without
        What it removes.
    fails
        Parts of the criterion that must fail, from 1; empty for the claim as a whole.
    judge
        Judges the runs in place of the claim's own judge: what it removes is in an equation, or it has a criterion of
        its own, which it does not meet. None for the judge of the claim.
    """

    config: Config
    without: str
    fails: tuple[int, ...] = ()
    judge: Callable[[Runs], Finding] | None = None

    def failed(self, finding: Finding) -> bool:
        """Whether what must fail did, of a judge that has found this without it; all of the named parts must."""
        if not self.fails or not finding.parts:
            return not finding.holds
        return not any(finding.parts[part - 1] for part in self.fails)


def finding_of(found: str, *parts: bool, seen: Sequence[Seen] = ()) -> Finding:
    """A finding whose criterion has parts: it is met when all of them are."""
    return Finding(_without_nan(found), all(parts), parts, tuple(seen))


def seen_to_hold(found: str, *seen: Seen, besides: bool = True) -> Finding:
    """A finding that is met when all of its numbers are, and what is required besides."""
    return Finding(_without_nan(found), besides and all(each.holds for each in seen), seen=seen)


def _without_nan(found: str) -> str:
    """The same words, where a number that does not exist is called none: an adversary may leave nothing to measure."""
    return re.sub(r"\bnan\b", "none", found)


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
    further
        More adversaries; every one must fail.
    cohort
        Gives runs of many women that the claim is judged by as well. They stay as they are under adversaries, which
        have to fail by the runs of `runs`. None for none.
    """

    id: str
    text: str
    required: str
    runs: Mapping[str, Config]
    judge: Callable[[Runs], Finding]
    adversary: Config | None
    without: str
    further: tuple[Adversary, ...] = ()
    cohort: Callable[[], Mapping[str, Config]] | None = None

    @property
    def women(self) -> Mapping[str, Config]:
        """The runs of the cohort, by name."""
        return {} if self.cohort is None else self.cohort()

    @property
    def adversaries(self) -> tuple[Adversary, ...]:
        """All of them."""
        first = () if self.adversary is None else (Adversary(self.adversary, self.without),)
        return (*first, *self.further)

    def adverse(self) -> dict[str, Config]:
        """The runs under the first adversary; empty for none."""
        return self.under(self.adversaries[0]) if self.adversaries else {}

    def under(self, adversary: Adversary) -> dict[str, Config]:
        """The runs under one adversary."""
        return {name: merged(config, adversary.config) for name, config in self.runs.items()}
