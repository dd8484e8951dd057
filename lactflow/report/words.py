"""What figures of measures, stations and kinds of sessions are called on a page."""

from __future__ import annotations

from collections.abc import Sequence

from lactflow.parameters.stations import ROWS, StationRow


def anchor(what: str, name: str) -> str:
    """
    A name of a figure of a measure, for links and scripts.

    Parameters
    ----------
    what
        It shows.
    name
        The measure, maybe with days: `sodium_mmol_per_l@5`.
    """
    return f"{what}-{name}".replace("@", "-day-").replace(":", "-to-")


def station_words(extra: Sequence[StationRow] = ()) -> dict[str, str]:
    """
    Stations as rows of a heat map name them, by name.

    Parameters
    ----------
    extra
        Stations beside those that every lobe has.
    """
    return {row.name: row.words for row in (*ROWS, *extra)}


SESSIONS = ("feed", "pump", "hand", "bottle")
"""Kinds of sessions, in the order of their colours."""
