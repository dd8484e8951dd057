"""The half-width of `lactflow compare --until-ci`: a number, and the unit of its measure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lactflow.experiments.compared import Stop

_WIDTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*([^\s0-9].*?)?\s*", re.ASCII)
_SAID_SHORT = ("/day", " after birth")
"""What the unit of a width may leave out."""


def stop_of(width: str | None, measure: str) -> Stop | None:
    """
    The rule of `--until-ci`.

    Parameters
    ----------
    width
        As the user wrote it: a number, maybe with the unit of the measure; None without the option.
    measure
        Name of the measure.

    Raises
    ------
    ConfigError
        If the width is none, or there is no such measure.
    """
    from lactflow.analysis.daily import is_measure
    from lactflow.analysis.in_words import MEASURES
    from lactflow.config.text import nearest, quoted
    from lactflow.errors import ConfigError, Problem
    from lactflow.experiments.compared import Stop

    problems = []
    if not is_measure(measure):
        match = nearest(measure, [*MEASURES], cutoff=0.0)
        problems.append(Problem(f"there is no measure {quoted(measure)} (nearest: {match})", "--measure"))
    half_width, wrong = (None, None) if width is None or problems else _half_width(width, measure)
    if wrong is not None:
        problems.append(Problem(wrong, "--until-ci"))
    if problems:
        raise ConfigError(*problems)
    return Stop(measure=measure, half_width=half_width) if half_width is not None else None


def _half_width(width: str, name: str) -> tuple[float, None] | tuple[None, str]:
    """The number of a half-width, in the unit of a measure; else what is wrong with it."""
    from lactflow.analysis.in_words import measure
    from lactflow.config.text import quoted

    label, unit = measure(name)
    short = next((unit.removesuffix(end) for end in _SAID_SHORT if unit.endswith(end)), unit)
    such_as = "0.02" if " " in short or not short else f"5{short} or 5"
    found = _WIDTH.fullmatch(width)
    if found is None or float(found[1]) <= 0.0:
        of = f" in {unit}" if unit else ""
        return None, f"{quoted(width)} is no half-width (allowed: a number above 0{of}, such as {such_as})"
    if found[2] is not None and found[2].casefold() not in {unit.casefold(), short.casefold()}:
        message = f"{quoted(width)} is in {quoted(found[2])}, and {label} in {unit}"
        return None, f"{message} (allowed: a number above 0, such as {such_as}; --measure names another measure)"
    return float(found[1]), None
