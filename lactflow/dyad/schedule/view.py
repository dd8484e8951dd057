"""
What a schedule can see: the mother, her breasts and her infants, as they are now.

A view is read only. To look changes nothing in a run: hunger and weight are worked out on a copy of the infant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from types import MappingProxyType
from typing import NoReturn, Protocol

from lactflow.dyad.infant import Infant
from lactflow.endocrine.signal import Steps
from lactflow.gland.breast import Breast
from lactflow.units import DAY_MIN


class Doings(Protocol):
    """What a view knows about sessions."""

    @property
    def now_min(self) -> float:
        """Minutes since birth."""

    @property
    def busy(self) -> bool:
        """Whether a session is under way, or waits for its turn."""

    @property
    def began(self) -> int:
        """Sessions that have begun since the start of the run."""

    @property
    def feeds(self) -> int:
        """Feeds that have ended since the start of the run."""

    @property
    def sealed(self) -> Mapping[str, Steps]:
        """Whether each breast is sealed, over time."""

    @property
    def came_min(self) -> Mapping[str, float]:
        """When somebody last came to each breast; minus infinity for never in this run."""

    @property
    def left_min(self) -> Mapping[str, float]:
        """When somebody last left each breast; minus infinity for never in this run."""


class _ReadOnly:
    """Attributes are set once, by the class itself."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        msg = f"{type(self).__name__}.{name} cannot be set: a view is read only"
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> NoReturn:
        msg = f"{type(self).__name__}.{name} cannot be deleted: a view is read only"
        raise AttributeError(msg)


class BreastView(_ReadOnly):
    """One breast as it is now."""

    __slots__ = ("_breast", "_doings")

    def __init__(self, breast: Breast, doings: Doings) -> None:
        object.__setattr__(self, "_breast", breast)
        object.__setattr__(self, "_doings", doings)

    _breast: Breast
    _doings: Doings

    @property
    def side(self) -> str:
        """`left` or `right`."""
        return self._breast.side

    @property
    def volume_ml(self) -> float:
        """Milk in alveoli and ducts [mL]."""
        return self._breast.volume_ml

    @property
    def capacity_ml(self) -> float:
        """Storage capacity [mL]."""
        return self._breast.capacity_ml

    @property
    def fullness(self) -> float:
        """Volume over capacity."""
        return self._breast.fullness

    @property
    def filling_ml_per_min(self) -> float:
        """Milk that enters the alveoli at present [mL/min]; 0 while there is no room for it."""
        return self._breast.filling_ml_per_min()

    @property
    def open_min(self) -> float:
        """When somebody can next take milk from it [min since birth]: now, unless it is sealed."""
        now, sealed = self._doings.now_min, self._doings.sealed[self.side]
        while now < inf and sealed.level(now):
            now = sealed.next_change(now)
        return now

    @property
    def came_min(self) -> float:
        """When somebody last came to take milk from it [min since birth]; minus infinity for never in this run."""
        return self._doings.came_min[self.side]

    @property
    def since_removal_min(self) -> float:
        """Minutes since somebody last left it; infinity for never in this run."""
        return self._doings.now_min - self._doings.left_min[self.side]

    def passes_min(self, fullness: float) -> float:
        """
        When it passes a fullness, if it fills on as it does now.

        Parameters
        ----------
        fullness
            Volume over capacity.

        Returns
        -------
        Minutes since birth; now where it is as full, infinity where nothing flows.
        """
        now, missing_ml = self._doings.now_min, fullness * self.capacity_ml - self.volume_ml
        if missing_ml <= 0.0:
            return now
        filling = self.filling_ml_per_min
        return now + missing_ml / filling if filling > 0.0 else inf


class InfantView(_ReadOnly):
    """One infant as it is now; before birth as it will be then."""

    __slots__ = ("_doings", "_infant")

    def __init__(self, infant: Infant, doings: Doings) -> None:
        object.__setattr__(self, "_infant", infant)
        object.__setattr__(self, "_doings", doings)

    _infant: Infant
    _doings: Doings

    def _now(self) -> Infant:
        """A copy of it, brought up to the clock."""
        infant = self._infant.to_look_at()
        infant.bring_up(self._doings.now_min)
        return infant

    @property
    def number(self) -> int:
        """Counted from 0."""
        return self._infant.number

    @property
    def age_days(self) -> float:
        """Days since its birth, with their fraction."""
        return max(0.0, self._doings.now_min - self._infant.body.born_min) / DAY_MIN

    @property
    def hunger_ml(self) -> float:
        """Milk that it lacks [mL]; below 0 after a large meal."""
        return self._now().hunger_ml

    @property
    def weight_kg(self) -> float:
        """Body weight [kg]."""
        return self._now().weight_kg

    @property
    def hungry_min(self) -> float:
        """When it will ask for milk, if nothing happens and its need stays as it is [min since birth]."""
        return self._infant.to_look_at().hungry_at(self._doings.now_min)

    @property
    def fed_min(self) -> float:
        """End of its last meal, at a breast or from a bottle [min since birth]; minus infinity for none in this run."""
        return self._infant.fed_min


class View(_ReadOnly):
    """
    Mother and infants as a schedule sees them; read only.

    Parameters
    ----------
    breasts
        Left and right.
    infants
        In the order of their numbers.
    doings
        Sessions so far.
    birth_clock_min
        Time of day at birth [min].

    Attributes
    ----------
    breasts
        By side.
    infants
        In the order of their numbers.
    """

    __slots__ = ("_birth_clock_min", "_doings", "breasts", "infants")

    def __init__(
        self, breasts: Sequence[Breast], infants: Sequence[Infant], doings: Doings, birth_clock_min: float
    ) -> None:
        object.__setattr__(self, "_doings", doings)
        object.__setattr__(self, "_birth_clock_min", birth_clock_min)
        by_side = {breast.side: BreastView(breast, doings) for breast in breasts}
        object.__setattr__(self, "breasts", MappingProxyType(by_side))
        object.__setattr__(self, "infants", tuple(InfantView(infant, doings) for infant in infants))

    _doings: Doings
    _birth_clock_min: float
    breasts: Mapping[str, BreastView]
    infants: tuple[InfantView, ...]

    @property
    def now_min(self) -> float:
        """Minutes since birth."""
        return self._doings.now_min

    @property
    def clock_min(self) -> float:
        """Time of day [min after midnight]."""
        return (self._doings.now_min + self._birth_clock_min) % DAY_MIN

    @property
    def busy(self) -> bool:
        """Whether a session is under way, or waits for its turn."""
        return self._doings.busy

    @property
    def sessions(self) -> int:
        """Sessions that have begun since the start of the run, bottles too."""
        return self._doings.began

    @property
    def feeds(self) -> int:
        """Feeds at the breast that are over, since the start of the run."""
        return self._doings.feeds
