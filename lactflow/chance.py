"""
Named, addressed random streams.

Every source of chance has a name, and its draws belong to an address: an hour, a day, a session within an
hour. A draw depends on (seed, mother, replicate, name, address) and on nothing else: not on the order of
creation, nor on what was recorded, nor on how many feeds came before. Two schedules thus share chance.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256

import numpy as np

_HOUR_ZERO = 2**31
"""Addresses are not negative for NumPy, hours before birth are."""


@lru_cache(maxsize=256)
def _words(name: str) -> tuple[int, ...]:
    digest = sha256(name.encode()).digest()
    return tuple(int.from_bytes(digest[start : start + 4], "little") for start in range(0, 16, 4))


class Streams:
    """
    All chance of one replicate.

    Parameters
    ----------
    seed
        Of the scenario.
    mother, replicate
        Numbers from 0.
    """

    def __init__(self, seed: int, mother: int = 0, replicate: int = 0) -> None:
        self._seed = seed
        self._key = (mother, replicate)

    def at(self, name: str, *address: int) -> np.random.Generator:
        """
        Make the generator of one name and address.

        Parameters
        ----------
        name
            Of the source of chance.
        address
            Whole numbers: hours or days since birth, and what tells apart draws within them.
        """
        key = (*self._key, *_words(name), *(part + _HOUR_ZERO for part in address))
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self._seed, spawn_key=key)))


def hourly_noise(streams: Streams, name: str, sd: float, correlation_h: float) -> Callable[[float], float]:
    """
    Make a factor with mean 1 that varies from hour to hour.

    Its logarithm is normal with the given SD and an exponential correlation, made as a moving sum of
    addressed draws: its value in an hour does not depend on when the run began.

    Parameters
    ----------
    streams, name
        Where the draws come from.
    sd
        Standard deviation of the logarithm.
    correlation_h
        Correlation time of the logarithm [h].

    Returns
    -------
    The factor as a function of minutes since birth.
    """
    if sd == 0.0:
        return lambda _time_min: 1.0
    reach = int(6 * correlation_h) + 1
    weights = np.exp(-np.arange(reach) / correlation_h)
    weights *= sd / np.sqrt(np.sum(weights**2))
    correction = 0.5 * sd**2

    days_back = -(-reach // 24)

    @lru_cache(maxsize=4)
    def factors_of_day(day: int) -> list[float]:
        """Factors of its 24 hours, from its own draws and those of the days before that still matter."""
        days = range(day - days_back, day + 1)
        draws = np.concatenate([streams.at(name, each).standard_normal(24) for each in days])
        logs = np.convolve(draws, weights)[days_back * 24 : (days_back + 1) * 24]
        factors: list[float] = np.exp(logs - correction).tolist()
        return factors

    def factor(time_min: float) -> float:
        hour = int(time_min // 60.0)
        return factors_of_day(hour // 24)[hour % 24]

    return factor
