"""
Named, addressed random streams.

Every source of random numbers has a name, and its draws belong to an address: an hour, a day, a session within an
hour. A draw depends on (seed, mother, replicate, name, address) and on nothing else: not on the order of
creation, nor on what was recorded, nor on how many feeds came before. Two schedules thus have common random numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt

_HOUR_ZERO = 2**31
"""Addresses are not negative for NumPy, hours before birth are."""
_POOL = 4
"""Words that NumPy fills up a seed to, before a key."""


@lru_cache(maxsize=256)
def _words(name: str) -> tuple[int, ...]:
    digest = sha256(name.encode()).digest()
    return tuple(int.from_bytes(digest[start : start + 4], "little") for start in range(0, 16, 4))


class Streams:
    """
    All random numbers of one replicate.

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
        self._names: dict[str, list[int]] = {}

    def at(self, name: str, *address: int) -> np.random.Generator:
        """
        Make the generator of one name and address.

        Its numbers are those of `np.random.SeedSequence(seed, spawn_key=key)`, where the key is mother, replicate, the
        words of the name, and the address.

        Parameters
        ----------
        name
            Of the source of random numbers.
        address
            Whole numbers, -2**31 to 2**31 - 1: hours or days since birth, and what distinguishes draws within them.
        """
        words = self._names.get(name)
        if words is None:
            words = self._names[name] = self._words_of(name)
        # As an array, because NumPy takes longer to make words of a key than to mix them.
        entropy = np.array([*words, *[part + _HOUR_ZERO for part in address]], dtype=np.uint32)
        return np.random.Generator(np.random.PCG64(entropy))

    def _words_of(self, name: str) -> list[int]:
        """Words of 32 bits that all draws of a name begin with: those that NumPy makes of seed and key."""
        seed = _words_of_number(self._seed)
        seed += [0] * (_POOL - len(seed))
        return [*seed, *(word for number in self._key for word in _words_of_number(number)), *_words(name)]


def _words_of_number(number: int) -> list[int]:
    """A number as words of 32 bits, the lowest first."""
    words = max(1, -(-number.bit_length() // 32))
    return [number >> 32 * place & 0xFFFFFFFF for place in range(words)]


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
    return _HourlyNoise(streams, name, sd, correlation_h).at


class _HourlyNoise:
    """The factor of `hourly_noise`."""

    def __init__(self, streams: Streams, name: str, sd: float, correlation_h: float) -> None:
        reach = int(6 * correlation_h) + 1
        weights = np.exp(-np.arange(reach) / correlation_h)
        self._weights = weights * (sd / np.sqrt(np.sum(weights**2)))
        self._correction = 0.5 * sd**2
        self._streams = streams
        self._name = name
        self._days_back = -(-reach // 24)
        # A day matters to those after it too; near midnight, two may be requested in turn.
        self._draws_of_day = lru_cache(maxsize=self._days_back + 4)(self._draw)
        self._factors_of_day = lru_cache(maxsize=4)(self._factors)

    def at(self, time_min: float) -> float:
        """The factor at a time [min since birth]."""
        hour = int(time_min // 60.0)
        return self._factors_of_day(hour // 24)[hour % 24]

    def _draw(self, day: int) -> npt.NDArray[np.float64]:
        """Normal draws of its 24 hours."""
        return self._streams.at(self._name, day).standard_normal(24)

    def _factors(self, day: int) -> list[float]:
        """Factors of its 24 hours, from its own draws and those of the days before that still matter."""
        back = self._days_back
        draws = np.concatenate([self._draws_of_day(each) for each in range(day - back, day + 1)])
        logs = np.convolve(draws, self._weights)[back * 24 : (back + 1) * 24]
        factors: list[float] = np.exp(logs - self._correction).tolist()
        return factors
