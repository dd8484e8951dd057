"""Text of the page: its heading, its table, its errors; and what the command line hands to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lactflow.config.model import RunConfig
from lactflow.errors import LactflowError

if TYPE_CHECKING:
    import pandas as pd

_ADVICE = "The model is of no one woman, and gives no medical advice."
_FIRST, _AT_LEFT = re.compile(r"(<tr[^>]*>\s*<t[dh])>"), r'\1 style="text-align: left">'
"""The first cell of a row is words."""
_CODE = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_{}[]<>#|~$"})


def arguments(config: str | None, settings: Sequence[str], seed: int | None, days: float | None) -> list[str]:
    """
    What is explored, as arguments of the page.

    Parameters
    ----------
    config
        YAML file or the name of a shipped scenario; None for the default.
    settings
        As `--set` takes them.
    seed, days
        Of the config, where they are given.
    """
    pairs = {"config": config, "seed": seed, "days": days}
    found = [text for name, value in pairs.items() if value is not None for text in (f"--{name}", str(value))]
    return found + [text for setting in settings for text in ("--set", setting)]


def pairs_of(given: Mapping[str, Any], source: str) -> dict[str, Any]:
    """
    Arguments of an `Explorer`, from those of the page.

    Parameters
    ----------
    given
        As `arguments` has made them and marimo has read them: a list where an argument is repeated.
    source
        What is explored when no config is named.
    """
    settings = given.get("set", [])
    numbers = {"seed": int, "days": float}
    return {
        "source": str(given.get("config", source)),
        "settings": [str(each) for each in (settings if isinstance(settings, list | tuple) else [settings])],
        **{name: kind(given[name]) for name, kind in numbers.items() if name in given},
    }


def heading(config: RunConfig, note: str, warnings: Sequence[str]) -> str:
    """
    The first lines of the page, as Markdown.

    Parameters
    ----------
    config
        What is explored.
    note
        How it is simulated.
    warnings
        What is unusual about it.
    """
    lines = [f"# {plain(config.title or config.name)}", f"{note} {_ADVICE}"]
    return "\n\n".join([*lines, *(f"Warning: {plain(warning)}" for warning in warnings)])


def failed(error: LactflowError) -> str:
    """An error as Markdown: its lines as they are."""
    return "\n\n".join(plain(line) for line in str(error).splitlines())


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return text.translate(_CODE)


def table_html(numbers: pd.DataFrame) -> str:
    """
    The table of numbers, to three digits.

    Parameters
    ----------
    numbers
        As `pictures.numbers` makes it.
    """
    table = numbers.to_html(index=False, border=0, float_format=_three_digits, justify="left")
    words_at_left = _FIRST.sub(_AT_LEFT, table)
    region = 'role="region" aria-label="Measures" tabindex="0" style="overflow-x: auto; max-width: 100%"'
    return f"<div {region}>{words_at_left}</div>"


def _three_digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:.3g}"
