"""
Whether volumes that should be millilitres are ounces: one rule for `lactflow import`, `run` and `fit`.

Judged are shares of the volumes and not the largest: one slip of the pen must not hide a log of ounces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from lactflow.config.logs.cells import OUNCE_ML
from lactflow.dyad.schedule import PlannedSession
from lactflow.units import DAY_MIN

MILK_IN_DAY = 5.0
"""From this day on a session gives more than drops: copious milk begins on days 2 to 4 (Arthur 1989)."""
OUNCES_MEDIAN = 8.0
"""
Volumes of which half lie below this, after `MILK_IN_DAY`, look like ounces.

A session gives 76 mL (0 to 240; Kent 2006), which is 2.6 oz (0 to 8).
"""
OUNCES_MOST = 16.0
"""And hardly any lies above this: 16 oz would be 473 mL in one session."""
FEWEST_FOR_OUNCES = 4
ODD_SHARE = 0.1
"""So many of them, or one, may be anything: a digit too many, the sum of a day. Ours."""
MIXED_SHARE = 0.1
"""Where so many look like ounces and the rest is larger by what an ounce has, units are mixed. Ours."""
MILLILITRES_MEDIAN = 500.0
"""Half of the volumes above this were millilitres, and were read as ounces: 80 mL become 2.4 L. Ours."""


def copious_ml(sessions: Iterable[PlannedSession], first_day: float) -> list[float]:
    """
    Volumes of pumpings, expressions and weighed feeds since milk has come in, in order of time.

    Parameters
    ----------
    sessions
        Of a log.
    first_day
        Day of lactation of its first date.
    """
    return [
        each.recorded_ml
        for each in sessions
        if each.recorded_ml and first_day + each.planned_min / DAY_MIN >= MILK_IN_DAY
    ]


def bottles_ml(sessions: Iterable[PlannedSession], first_day: float) -> list[float]:
    """Volumes of bottles from the same day on; parameters as of `copious_ml`."""
    return [
        each.volume_ml
        for each in sessions
        if each.kind == "bottle" and each.volume_ml and first_day + each.planned_min / DAY_MIN >= MILK_IN_DAY
    ]


def look_like_ounces(volumes: Sequence[float]) -> bool:
    """Whether volumes of copious milk are so small that they may be ounces; a tenth of them, or one, may be larger."""
    if len(volumes) < FEWEST_FOR_OUNCES or median(volumes) > OUNCES_MEDIAN:
        return False
    return sum(volume > OUNCES_MOST for volume in volumes) <= _odd(volumes)


def look_like_millilitres(volumes: Sequence[float]) -> bool:
    """Whether volumes that were read as ounces are so large that they must have been millilitres."""
    return bool(volumes) and median(volumes) > MILLILITRES_MEDIAN


def ounces_among(volumes: Sequence[float]) -> set[float]:
    """
    Volumes that are ounces in a log of which the rest is millilitres; none where units are not mixed.

    Parameters
    ----------
    volumes
        Of copious milk, as they are written.
    """
    few = [volume for volume in volumes if volume <= OUNCES_MOST]
    many = [volume for volume in volumes if volume > OUNCES_MOST]
    if not few or not many or len(few) < MIXED_SHARE * len(volumes):
        return set()
    alike = median(few) * OUNCE_ML / median(many)
    apart = min(_usual(many)) > 2.0 * max(_usual(few))
    return set(few) if 0.5 < alike < 2.0 and apart else set()


def in_words(volumes: Sequence[float]) -> str:
    """What makes volumes look like ounces: `half of them are 2.6 or less, all but one of 9 are at most 3.5`."""
    at_most = sorted(volumes)[len(volumes) - _odd(volumes) - 1]
    above = sum(volume > at_most for volume in volumes)
    most = f"all but {above} of {len(volumes)} are {at_most:.3g} or less" if above else f"none is above {at_most:.3g}"
    return f"half are {median(volumes):.3g} or less, {most}"


def _odd(volumes: Sequence[float]) -> int:
    """How many of them may be anything."""
    return max(1, int(ODD_SHARE * len(volumes)))


def _usual(volumes: Sequence[float]) -> Sequence[float]:
    """Volumes without the smallest and the largest, as many of each as may be anything; all where there are few."""
    odd = _odd(volumes)
    return sorted(volumes)[odd:-odd] if len(volumes) >= FEWEST_FOR_OUNCES else volumes
