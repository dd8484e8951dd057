"""What may be varied, and how far: declared quantities within what is plausible of them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel


class Range(NamedTuple):
    """
    One quantity, and the values that it takes in a sample.

    Attributes
    ----------
    key
        Dotted path, as `--set` takes it.
    low, high
        Ends of the range; low is below high.
    unit
        Of both; empty for a fraction or a count.
    value
        In the config that is varied.
    """

    key: str
    low: float
    high: float
    unit: str = ""
    value: float = float("nan")


def plausible_ranges(config: BaseModel, patterns: Sequence[str] = ()) -> tuple[list[Range], list[str]]:
    """
    Declared quantities of a config with their plausible ranges.

    Parameters
    ----------
    config
        Its values need not lie within the ranges.
    patterns
        Keys, or parts of keys with `*`: `gland.lumen.*`; all quantities when empty.

    Returns
    -------
    Ranges in the order of the config, and the keys of quantities whose range is a single value, which are left out.

    Raises
    ------
    ConfigError
        If a pattern is that of no quantity.
    """
    from lactflow.parameters.declaration import declared_quantities

    declared = list(declared_quantities(config))
    for pattern in patterns:
        if not any(fnmatchcase(item.key, pattern) for item in declared):
            near = nearest(pattern, [item.key for item in declared])
            hint = f" (nearest: {near})" if near else ""
            raise ConfigError(f"{quoted(pattern)} is the key of no quantity{hint}; `lactflow parameters` lists all")
    ranges, single = [], []
    for item in declared:
        low, high = item.declaration.plausible
        if patterns and not any(fnmatchcase(item.key, pattern) for pattern in patterns):
            continue
        if low < high:
            ranges.append(Range(item.key, low, high, item.declaration.unit, item.value))
        else:
            single.append(item.key)
    return ranges, single


def scaled(sample: pd.DataFrame, ranges: Sequence[Range]) -> pd.DataFrame:
    """
    Quantities of a sample as shares of their ranges: 0 at the low end, 1 at the high end.

    Parameters
    ----------
    sample
        Has a column for each key.
    ranges
        Of the keys.
    """
    return pd.DataFrame(
        {
            each.key: (sample[each.key].to_numpy(dtype=np.float64) - each.low) / (each.high - each.low)
            for each in ranges
        },
        index=sample.index,
    )


def needs_salib() -> None:
    """
    Check that SALib is installed.

    Raises
    ------
    ConfigError
        With the command that installs it.
    """
    if find_spec("SALib") is None or find_spec("scipy") is None:
        raise ConfigError("sensitivity analysis needs SALib: pip install 'lactflow[analysis]'")


def checked_measures(sample: pd.DataFrame, measures: Sequence[str]) -> None:
    """
    Check that a sample has measures.

    Raises
    ------
    ConfigError
        If it has none of that name.
    """
    for measure in measures:
        if measure not in sample.columns:
            near = nearest(measure, [str(name) for name in sample.columns])
            raise ConfigError(f"the sample has no measure {quoted(measure)}{f' (nearest: {near})' if near else ''}")
