"""Factors of a rival mechanism on quantities of a config: whether these exist, and whether they can be so much."""

from __future__ import annotations

from collections.abc import Iterator

from lactflow.config.keys import Path, at, matching
from lactflow.config.model import RunConfig
from lactflow.config.text import counted, dotted, found, quoted
from lactflow.config.tree import nearest_path
from lactflow.diagnosis.rival import Rival
from lactflow.errors import ConfigError, Problem
from lactflow.parameters.declaration import Quantity


def check_factors(base: RunConfig, rival: Rival) -> None:
    """
    Check that each factor of a mechanism is on a quantity, and that something of its spread is within hard bounds.

    Parameters
    ----------
    base
        Config of ordinary virtual mothers.
    rival
        The mechanism.

    Raises
    ------
    ConfigError
        With every one that is not.
    """
    problems = []
    for key in rival.factors:
        messages = dict.fromkeys(message for path in matching(base, key) for message in _wrong(base, rival, key, path))
        place = rival.place(("factors", key))
        problems += [Problem(f"mechanism {rival.mechanism}: factors: {message}", *place) for message in messages]
    if problems:
        raise ConfigError(*problems)


def _wrong(base: RunConfig, rival: Rival, key: str, path: Path) -> Iterator[str]:
    """What is wrong with the factor on one quantity."""
    try:
        value, declared = at(base, path)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        match = nearest_path(path)
        hint = f"; nearest: {match}" if match is not None else ""
        yield f"{quoted(key)} is no quantity of a config{hint}"
        return
    draw = rival.draws[rival.factors[key]]
    ends = sorted(value * float(end) for end in (draw.among or (draw.at(0.0), draw.at(1.0))))
    low, high = declared.within
    if ends[-1] < low or ends[0] > high:
        spread = found(ends[0]) if ends[0] == ends[-1] else f"{ends[0]:.4g} to {ends[-1]:.4g}"
        yield f"{dotted(path)}: {spread}{_unit(declared)} is outside {found(low)} to {found(high)}{_unit(declared)}"


def held_at_bounds(base: RunConfig, rival: Rival, seed: int, mothers: int) -> list[str]:
    """
    A line for each quantity that is held at a hard bound in some virtual mothers, where a factor would lead beyond it.

    Parameters
    ----------
    base
        Config of ordinary virtual mothers.
    rival
        The mechanism, checked.
    seed, mothers
        Of the virtual mothers, and how many there are.
    """
    lines = []
    drawn = [rival.drawn(seed, number) for number in range(mothers)]
    for key, draw in rival.factors.items():
        for path in matching(base, key):
            value, declared = at(base, path)
            there = [value * float(each[draw]) for each in drawn]
            low, high = declared.within
            lower, higher = [each for each in there if each < low], [each for each in there if each > high]
            for bound, beyond in ((low, len(lower)), (high, len(higher))):
                if beyond:
                    many = f"in {beyond:,} of {counted(mothers, 'virtual mother')}"
                    what = f"{dotted(path)} is held at its bound {found(bound)}{_unit(declared)}"
                    lines.append(f"mechanism {rival.mechanism}: {what} {many}")
    return lines


def _unit(declared: Quantity) -> str:
    return f" {declared.unit}" if declared.unit else ""
