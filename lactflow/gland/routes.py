"""
Routes by which a substance gets into milk, as declarations.

An analyte declares one or more of them (`gland.analytes`); a run resolves their names once, when it is built
(`gland.contents`). Amounts are in the unit of the analyte. A level is a number, or the name of a signal of the mother's
blood; both are concentrations, in that unit per litre.
"""

from __future__ import annotations

from dataclasses import dataclass

Level = float | str
"""A concentration [amount/L] that does not change, or the name of a signal whose level it is."""


@dataclass(frozen=True)
class RidesPackets:
    """
    Packets take it up at a station and bring it to the lumen.

    Attributes
    ----------
    stage
        Station at which packets take it up: `rer`, `golgi`, `vesicle_fusion` or `droplet_growth`.
    synthesised
        True when the cell makes it (`made` in the balance), false when it comes from plasma (`gained`).
    per_l_eq
        Amount of a mature packet [amount/L-eq]; None for the analytes that `gland.loading` has a rule for.
    immature_per_l_eq
        The same of an immature cell; None when maturity does not matter. Packets of the RER and droplets are loaded
        when they are made and cannot follow maturity.
    """

    stage: str
    synthesised: bool = True
    per_l_eq: float | None = None
    immature_per_l_eq: float | None = None


@dataclass(frozen=True)
class CrossesJunctions:
    """
    It passes between plasma and milk where tight junctions are open.

    Attributes
    ----------
    level
        In plasma.
    factor
        Share of that level that can pass: what is not bound to protein.
    both_ways
        True when it diffuses back as well; false when only the fluid that enters brings it, and only resorption
        removes it.
    """

    level: Level
    factor: float = 1.0
    both_ways: bool = True


@dataclass(frozen=True)
class CarriedThroughCells:
    """
    Cells carry it from plasma to the lumen at a flux of their own (transcytosis), whatever volume they secrete.

    Attributes
    ----------
    per_day
        Flux of a breast with the cells of term and full milk-gene mRNA [amount/day].
    resting_share
        Share of it without mRNA; the rest is proportional to mRNA.
    level
        Signal or number that multiplies the flux; 1 for a constant one.
    answers
        How much of the flux answers to what acts on `fluxes` (`endocrine.influences`), mastitis for one: at a factor f
        it is 1 + answers * (f - 1) times as large. 0 for not at all.
    """

    per_day: float
    resting_share: float = 1.0
    level: Level = 1.0
    answers: float = 0.0


@dataclass(frozen=True)
class ExchangedWithPlasma:
    """
    It crosses the cells in both directions, each with a clearance.

    dn/dt = into * factor * A(t) * C(t) - out * n / V, where V is the volume it is dissolved in, counted as skim. The
    equilibrium ratio of skim to plasma is `into * factor * A / out`; A is 1 but where a transporter holds more in milk.

    Attributes
    ----------
    level
        C, in plasma.
    into_ml_per_h, out_ml_per_h
        Clearances of a breast with the cells of term: from plasma, and back from skim.
    factor
        Share of the level that can pass: unbound, times what pH makes of it.
    active_ratio
        How many times as much a transporter holds in milk at full milk-gene mRNA, as A(t) = 1 + (active_ratio - 1) *
        mRNA: transporters follow lactation, lobe by lobe.
    answers
        How much of the clearance from plasma answers to what acts on `uptake` (`endocrine.influences`), as for
        `CarriedThroughCells`; the way back does not. 0 for not at all.
    """

    level: Level
    into_ml_per_h: float
    out_ml_per_h: float
    factor: float = 1.0
    active_ratio: float = 1.0
    answers: float = 0.0


@dataclass(frozen=True)
class LoadedWithFreshMilk:
    """
    Fresh milk brings it, at a concentration in its skim.

    Attributes
    ----------
    level
        Concentration in fresh skim, or the signal that it follows.
    factor
        Ratio of that concentration to the level.
    synthesised
        True when the cell makes it, false when it comes from plasma.
    active_ratio
        How many times as concentrated fresh skim is at full milk-gene mRNA, as for `ExchangedWithPlasma`.
    """

    level: Level
    factor: float = 1.0
    synthesised: bool = False
    active_ratio: float = 1.0


Route = RidesPackets | CrossesJunctions | CarriedThroughCells | ExchangedWithPlasma | LoadedWithFreshMilk
