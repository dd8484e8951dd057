"""What may be a rate, and what may be work."""

from __future__ import annotations

from math import inf


def checked_rate(rate: float) -> float:
    """
    Work per unit of time.

    Raises
    ------
    ValueError
        If it is negative or not finite.
    """
    if not 0.0 <= rate < inf:
        msg = f"a rate is zero or more and finite, not {rate!r}"
        raise ValueError(msg)
    return rate


def checked_work(work: float) -> float:
    """
    The work of a packet, which may be infinite.

    Raises
    ------
    ValueError
        If it is negative or not a number: a time that is not a number breaks the order of the event queue.
    """
    if not work >= 0.0:
        msg = f"the work of a packet is zero or more, not {work!r}"
        raise ValueError(msg)
    return work
