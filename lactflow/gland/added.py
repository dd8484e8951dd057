"""
An analyte that a run adds, in the lumen of one lobe: how much of it there is, and its ledger.

Each is an object of its own, and not a place in lists as what every run has: compiled, its numbers are plain, and what
is done to it costs a few additions.
"""

from __future__ import annotations

from lactflow.gland.analytes import ALWAYS_THERE, Milk


class Added:
    """
    An analyte that the run adds, in one lumen.

    Attributes
    ----------
    amount
        What is there, but for what packets have brought since the last time that they were settled.
    made, entered, left
        Ledger of what no packet carries: what cells made, what came from plasma, and what went back there.
    partition
        Its concentration in fat over that in skim.
    resorption
        Speed at which it is resorbed, relative to the phases that it is dissolved in.

    Parameters
    ----------
    partition, resorption
        As above.
    """

    __slots__ = ("amount", "entered", "left", "made", "partition", "resorption")

    def __init__(self, partition: float, resorption: float) -> None:
        self.amount = self.made = self.entered = self.left = 0.0
        self.partition, self.resorption = partition, resorption

    def pass_over(self, made: float, entered: float, left: float) -> None:
        """Book what came to the lumen and left it past the packets; too little to count as volume."""
        self.amount += made + entered - left
        self.made += made
        self.entered += entered
        self.left += left

    def receive(self, entered: float) -> None:
        """Book what cells carried through from plasma: `pass_over` for the many times that nothing else happens."""
        self.amount += entered
        self.entered += entered

    def turn_over(self, gone: float, arrived: float, came: float) -> None:
        """
        Book an exchange with plasma of an analyte that no packet brings.

        Parameters
        ----------
        gone
            Share of what was there that has gone back.
        arrived, came
            Amount that is there of what came since, and all that came.
        """
        before = self.amount
        went = came - arrived + gone * before
        went = max(went, 0.0)
        self.amount = before + came - went
        self.entered += came
        self.left += went

    def synthesise_over(self, gone: float, arrived: float, came: float, made: float) -> None:
        """
        Book an exchange with plasma of an analyte that cells make and no packet brings.

        Parameters
        ----------
        gone
            Share of what was there that has gone back.
        arrived, came, made
            Amount that is there of what came since, all that came, and what cells made of that.
        """
        before, gained = self.amount, came - made
        went = came + gone * before - arrived
        went = max(went, 0.0)
        self.amount = before + (made + gained - went)
        self.made += made
        self.entered += gained
        self.left += went

    def leak(self, came: float, exchanged: float, resorbed: float) -> None:
        """Book what came between cells, and the shares of what is there that go back with fluid and are resorbed."""
        before = self.amount
        went = exchanged * before
        went += self.resorption * resorbed * (before + came - went)
        self.amount = before + came - went
        self.entered += came
        self.left += went

    def enter(self, came: float, resorbed: float) -> None:
        """The same of what does not go back with fluid."""
        went = self.resorption * resorbed * self.amount
        self.amount += came - went
        self.entered += came
        self.left += went

    def share_of(self, water_ml: float, fat_ml: float, skim_ml: float, globules_ml: float) -> float:
        """Share of it that goes with some skim and some globules, of all the water and fat that there are."""
        whole_ml = water_ml + self.partition * fat_ml
        return (skim_ml + self.partition * globules_ml) / whole_ml if whole_ml > 0.0 else 0.0


class Poured:
    """
    What the run adds, in a vessel that milk of one lumen after the other is poured into.

    Attributes
    ----------
    added
        In the order of its indices; only amounts are used.

    Parameters
    ----------
    number
        Of analytes that the run adds.
    """

    __slots__ = ("added",)

    def __init__(self, number: int) -> None:
        self.added = [Added(0.0, 0.0) for _ in range(number)]

    def begin(self, vessel: Milk) -> None:
        """Pouring begins: what is in the vessel."""
        amounts = vessel.amounts
        for place, each in enumerate(self.added):
            each.amount = amounts[ALWAYS_THERE + place]

    def end(self, vessel: Milk) -> None:
        """Pouring is over: the vessel holds all of it."""
        amounts = vessel.amounts
        for place, each in enumerate(self.added):
            amounts[ALWAYS_THERE + place] = each.amount
