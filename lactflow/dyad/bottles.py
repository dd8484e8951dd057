"""
The store of expressed milk: pots of bottles, each bottle with what is in its milk.

Milk that nobody names goes into one pot, a bottle for each breast of each pumping. A pumping `into` a name fills a
bottle of the pot of that name, both breasts together. What is taken from a pot is its oldest milk, first in, first out.

The store of the model begins empty, and that of a mother does not. So where the pot without a name is short, an infant
gets the rest all the same, such as the mean of all milk that ever went into it (`supplied` in the accounts); before
anything was expressed, nobody knows what is in her milk. A pot with a name holds what was put into it and no more.

Every pot keeps account of all that milk carries: expressed and supplied are stored, given or discarded. What the
schedule throws away (kind `discard`) never becomes a bottle that anybody drinks from. What storing takes of a protein
is lost as soon as the milk is put away, and has an account of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from lactflow.dyad.schedule import PlannedSession
from lactflow.errors import BalanceError
from lactflow.gland.analytes import Milk
from lactflow.gland.books import LARGEST_RESIDUAL
from lactflow.gland.contents import Contents
from lactflow.gland.storage import LeftOf, Stored
from lactflow.kinetics import plain_sum
from lactflow.records import Recorder
from lactflow.records.bottles import BottleBalance, BottleContent, StorageLoss
from lactflow.records.drugs import BottleMade

_FLOOR: Final = 1e-6
"""Smallest amount that a residual is relative to, in the unit of the quantity."""


class Bottle(NamedTuple):
    """Milk expressed in one session: when that ended [min since birth], the breast, the milk that is left of it."""

    time_min: float
    breast: str
    milk: Milk


class Filled(NamedTuple):
    """
    A bottle as it was filled.

    When [min since birth], from which breast, its volume, whether it was thrown away, how it is stored.
    """

    time_min: float
    breast: str
    volume_ml: float
    discarded: bool = False
    stored: Stored | None = None

    def joined(self, bottle: Bottle) -> Filled:
        """The same with milk of the other breast."""
        return self._replace(breast="both", volume_ml=self.volume_ml + bottle.milk.volume_ml)


class Taken(NamedTuple):
    """
    Milk that was taken out of a pot.

    Attributes
    ----------
    milk
        All of it.
    from_min, to_min
        When the oldest and the newest of it was expressed [min since birth]; None where none of it came from a bottle.
    """

    milk: Milk
    from_min: float | None
    to_min: float | None

    def contents(self, contents: Contents, session: int, infant: int, bottle: str) -> Iterator[BottleContent]:
        """Rows of the table: for a session, the infant that drank it, and the name of the bottles."""
        for index, analyte in enumerate(contents.analytes):
            yield BottleContent(
                session=session,
                infant=infant,
                bottle=bottle,
                analyte=analyte.name,
                unit=analyte.unit,
                amount=self.milk.amounts[index],
                mean_per_l=self.milk.per_litre(index),
                expressed_from_min=self.from_min,
                expressed_to_min=self.to_min,
            )


class Pot:
    """
    Bottles of one name, and the accounts of their milk.

    Parameters
    ----------
    nothing
        An empty vessel for milk of the run.

    Attributes
    ----------
    stored
        Bottles, oldest first.
    filled
        Every bottle that was ever filled.
    expressed, supplied, given, discarded, lost
        What went in, what was added where it was short, what infants got, what was thrown away, what storing took.
    """

    def __init__(self, nothing: Milk) -> None:
        self.stored: deque[Bottle] = deque()
        self.expressed, self.supplied = nothing.scaled(0.0), nothing.scaled(0.0)
        self.given, self.discarded = nothing.scaled(0.0), nothing.scaled(0.0)
        self.lost = nothing.scaled(0.0)
        self.filled: list[Filled] = []

    @property
    def left_ml(self) -> float:
        """Milk in its bottles."""
        return plain_sum(bottle.milk.volume_ml for bottle in self.stored)

    def put(
        self,
        bottle: Bottle,
        *,
        together: bool,
        stored: Stored | None = None,
        left_of: Sequence[tuple[int, float]] = (),
    ) -> None:
        """
        Put a bottle in; an empty one is left out.

        Parameters
        ----------
        bottle
            What was expressed; its milk is the pot's from now on.
        together
            Whether milk of the other breast that was expressed until the same instant is in the same bottle.
        stored
            How it is stored.
        left_of
            Share that this leaves of each analyte that loses any, by its index.
        """
        if not bottle.milk.volume_ml > 0.0:
            return
        self.expressed.add(bottle.milk)
        for index, share in left_of:
            lost = bottle.milk.amounts[index] * (1.0 - share)
            self.lost.amounts[index] += lost
            bottle.milk.amounts[index] -= lost
        last = self.stored[-1] if self.stored else None
        same = together and last is not None and last.time_min == bottle.time_min
        if last is not None and same and self.filled[-1].stored == stored:
            self.filled[-1] = self.filled[-1].joined(bottle)
            last.milk.add(bottle.milk)
            self.stored[-1] = last._replace(breast="both")
        else:
            self.filled.append(Filled(bottle.time_min, bottle.breast, bottle.milk.volume_ml, stored=stored))
            self.stored.append(bottle)

    def discard(self, bottle: Bottle) -> None:
        """Throw a bottle away as soon as it is filled; an empty one is left out."""
        if bottle.milk.volume_ml > 0.0:
            self.expressed.add(bottle.milk)
            self.discarded.add(bottle.milk)
            self.filled.append(Filled(bottle.time_min, bottle.breast, bottle.milk.volume_ml, discarded=True))

    def _kept(self) -> Milk:
        """All milk that was expressed into it and not thrown away, as storing has left it."""
        if not (self.discarded.volume_ml > 0.0 or any(self.lost.amounts)):
            return self.expressed
        kept = self.expressed.scaled(1.0)
        kept.add(self.discarded.scaled(-1.0))
        kept.add(self.lost.scaled(-1.0))
        return kept

    def made(self, name: str | None) -> Iterator[BottleMade]:
        """A row for each bottle, at the end: the oldest milk is drunk first."""
        drunk_ml = self.given.volume_ml - self.supplied.volume_ml
        for filled in self.filled:
            thrown_ml = filled.volume_ml if filled.discarded else 0.0
            taken_ml = min(filled.volume_ml - thrown_ml, max(0.0, drunk_ml))
            drunk_ml -= taken_ml
            left_ml = filled.volume_ml - thrown_ml - taken_ml
            volumes_ml = (filled.volume_ml, taken_ml, thrown_ml, left_ml)
            yield BottleMade(name, filled.breast, filled.time_min, filled.stored, *volumes_ml)

    def take(self, volume_ml: float) -> Taken | None:
        """
        Take out a volume, the oldest milk first.

        Returns
        -------
        The milk, of which the pot may have had less; None as long as nothing was expressed into it.
        """
        kept = self._kept()
        if not kept.volume_ml > 0.0:
            return None
        taken, times = kept.scaled(0.0), []
        while self.stored and taken.volume_ml < volume_ml:
            oldest = self.stored[0].milk
            times.append(self.stored[0].time_min)
            taken.add(oldest.take(volume_ml - taken.volume_ml))
            if not oldest.volume_ml > 0.0:
                self.stored.popleft()
        missing_ml = volume_ml - taken.volume_ml
        if missing_ml > 0.0:
            more = kept.scaled(missing_ml / kept.volume_ml)
            self.supplied.add(more)
            taken.add(more)
        self.given.add(taken)
        return Taken(taken, min(times, default=None), max(times, default=None))


class Bottles:
    """
    The bottles of one mother.

    Parameters
    ----------
    nothing
        An empty vessel for milk of the run.
    discards
        Whether milk whose expression is over at a time is thrown away; never when None.
    left_of
        What each way of storing leaves, as `left_by_index` has it; all of it when None.

    Attributes
    ----------
    pots
        By name; None for milk that nobody names.
    """

    def __init__(
        self, nothing: Milk, discards: Callable[[float], bool] | None = None, left_of: LeftOf | None = None
    ) -> None:
        self._nothing = nothing
        self._left_of: LeftOf = {} if left_of is None else left_of
        self._discards = discards
        self.pots: dict[str | None, Pot] = {None: Pot(nothing)}

    @property
    def expressed(self) -> Milk:
        """All milk expressed so far that nobody names; that of a pumping counts when it is over."""
        return self.pots[None].expressed

    @property
    def stored(self) -> deque[Bottle]:
        """Bottles of it, oldest first."""
        return self.pots[None].stored

    def pot(self, name: str | None) -> Pot:
        """The pot of a name, an empty one where nothing was put into it."""
        if name not in self.pots:
            self.pots[name] = Pot(self._nothing)
        return self.pots[name]

    def put_away(self, bottle: Bottle, planned: PlannedSession) -> None:
        """Store a bottle, or throw it away, as the session has it in which it was filled."""
        self.store(bottle, planned.bottle, planned.stored)

    def store(self, bottle: Bottle, name: str | None = None, stored: Stored | None = None) -> None:
        """Put a bottle into a pot, or throw it away where the schedule says so; an empty one is left out."""
        if self._discards is not None and self._discards(bottle.time_min):
            self.pot(name).discard(bottle)
        else:
            left_of = self._left_of.get(stored, ())
            self.pot(name).put(bottle, together=name is not None, stored=stored, left_of=left_of)

    def made(self) -> Iterator[BottleMade]:
        """A row for each bottle, at the end of a run."""
        for name, pot in self.pots.items():
            yield from pot.made(name)

    def take(self, volume_ml: float, name: str | None = None) -> Milk | None:
        """The milk of `Pot.take`."""
        taken = self.pot(name).take(volume_ml)
        return None if taken is None else taken.milk

    def give(
        self, volume_ml: float, name: str | None, contents: Contents, session: int, infant: int
    ) -> tuple[Milk | None, Sequence[BottleContent]]:
        """
        Give an infant milk of a pot.

        Parameters
        ----------
        volume_ml
            How much.
        name
            Of the pot; None for milk that nobody names.
        contents
            What milk of the run carries.
        session, infant
            Their numbers.

        Returns
        -------
        The milk, None where nobody knows what is in it; and rows for what a pot with a name gave.
        """
        taken = self.pot(name).take(volume_ml)
        if taken is None:
            return None, ()
        return taken.milk, () if name is None else tuple(taken.contents(contents, session, infant, name))

    @property
    def named(self) -> bool:
        """Whether there is a pot with a name."""
        return len(self.pots) > 1

    def losses(self, contents: Contents) -> Iterator[StorageLoss]:
        """What storing took of each substance that the run adds, by pot; `contents` is what milk of the run carries."""
        for name, pot in self.pots.items():
            for index in contents.extras:
                analyte = contents.analytes[index]
                yield StorageLoss(
                    name, analyte.name, analyte.unit, pot.expressed.amounts[index], pot.lost.amounts[index]
                )

    def balances(self, contents: Contents) -> Iterator[BottleBalance]:
        """The accounts of every pot, by quantity; `contents` is what milk of the run carries."""
        for name, pot in self.pots.items():
            stored = [bottle.milk.amounts for bottle in pot.stored]
            for index, (quantity, unit, *_) in enumerate(contents.analytes):
                expressed, supplied = pot.expressed.amounts[index], pot.supplied.amounts[index]
                left = plain_sum(amounts[index] for amounts in stored)
                given, discarded = pot.given.amounts[index], pot.discarded.amounts[index]
                there = expressed + supplied
                gone = left + given + discarded + pot.lost.amounts[index]
                residual = (there - gone) / max(abs(there), _FLOOR)
                yield BottleBalance(name, quantity, unit, expressed, supplied, left, given, discarded, residual)

    def close_books(self, contents: Contents, recorder: Recorder) -> None:
        """
        Report all bottles at the end of a run, and check their accounts.

        Parameters
        ----------
        contents
            What milk of the run carries.
        recorder
            Takes the facts: accounts where bottles have names, bottles where the run adds a substance to milk, and what
            storing took where any of them was stored.

        Raises
        ------
        BalanceError
            With the numbers of each quantity that does not balance.
        """
        accounts = list(self.balances(contents))
        for account in accounts if self.named else ():
            recorder.record(account)
        check_bottles(accounts)
        for bottle in self.made() if contents.extras else ():
            recorder.record(bottle)
        if any(each.stored is not None for pot in self.pots.values() for each in pot.filled):
            for loss in self.losses(contents):
                recorder.record(loss)


def check_bottles(rows: Sequence[BottleBalance]) -> None:
    """
    Hold the accounts of all bottles against `LARGEST_RESIDUAL`.

    Raises
    ------
    BalanceError
        With the numbers of each quantity that does not balance, or is not a number.
    """
    broken = [row for row in rows if not abs(row.residual) <= LARGEST_RESIDUAL]
    if broken:
        raise BalanceError(
            "; ".join(
                f"bottles{'' if row.bottle is None else f' {row.bottle!r}'}: {row.expressed + row.supplied!r} "
                f"{row.unit} of {row.quantity} went in, {row.stored + row.given + row.discarded!r} are accounted for "
                f"(residual {row.residual:.3g}, allowed {LARGEST_RESIDUAL:g})"
                for row in broken
            )
        )
