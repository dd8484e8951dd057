"""
Immune proteins in milk: what cells carry through by themselves, and what comes with fresh milk or between the cells.

A config asks for them by name (`analytes: [siga, lactoferrin, lysozyme, igm, igg, albumin]`); a run that names none
has nothing of them. A flux of a protein belongs to the cells and not to the milk that they make: where little is made,
as on the first days, in weaning, or in a breast that is seldom emptied, there is much of it in each litre.

All of them are parts of the protein that every run has: they say what it consists of and change nothing of its total.
"""

from __future__ import annotations

import math
from typing import Any

from pydantic import Field

from lactflow import sources
from lactflow.endocrine.blood import SignalRow
from lactflow.endocrine.influences import BuildContext
from lactflow.endocrine.rhythms import ByAge
from lactflow.gland.analytes import WHOLE, Analyte
from lactflow.gland.routes import CarriedThroughCells, CrossesJunctions, LoadedWithFreshMilk
from lactflow.gland.storage import KeptIgG, KeptIgM, KeptLactoferrin, KeptLysozyme, KeptSecretoryIgA, KeptShares
from lactflow.parameters.declaration import Declared, quantity


def lysozyme_course(days: float, rise: float, half_days: float) -> float:
    """
    Factor on the flux of lysozyme, over lactation: 1 at birth.

    Equation
    --------
    lysozyme_course = 1 + rise * days**3 / (days**3 + half_days**3)

    Parameters
    ----------
    days
        Since birth.
    rise
        What it rises by in the end.
    half_days
        Days of half of the rise.

    References
    ----------
    The form is ours; low at 2 to 4 weeks and ten times as much at six months is from Goldman1982.
    """
    cube = math.pow(days, 3.0)
    return 1.0 + rise * cube / (cube + math.pow(half_days, 3.0))


def _per_day(default: float, plausible: tuple[float, float], source: sources.Citation, locator: str, note: str) -> Any:
    """Flux of a breast."""
    return quantity(default, "g/d", within=(0.0, 20.0), plausible=plausible, source=source, locator=locator, note=note)


def _resting_share(
    default: float, plausible: tuple[float, float], note: str, source: sources.Citation = sources.ASSUMED
) -> Any:
    """Share of a flux before activation."""
    return quantity(
        default,
        "",
        within=(0.0, 1.0),
        plausible=plausible,
        shaped="endpoints",
        source=source,
        locator="" if source is sources.ASSUMED else "abstract",
        note=f"Share of the flux before activation, the rest goes with milk-gene mRNA: {note}",
    )


def _answers(default: float, note: str, source: sources.Citation = sources.ASSUMED) -> Any:
    """How much of a flux answers to inflammation."""
    return quantity(
        default,
        "",
        within=(0.0, 5.0),
        plausible=(0.0, 2.0),
        source=source,
        locator="" if source is sources.ASSUMED else "abstract",
        note=f"How much of the flux answers to inflammation (`gland.mastitis_fluxes`): {note}",
    )


def _level(default: float, plausible: tuple[float, float]) -> Any:
    """Level in plasma."""
    return quantity(
        default,
        "g/L",
        within=(0.0, 100.0),
        plausible=plausible,
        source=sources.ASSUMED,
        note="In her plasma, of a healthy adult",
    )


def _sieved(default: float, plausible: tuple[float, float], note: str) -> Any:
    """Share of a level of plasma that comes through open junctions."""
    return quantity(default, "", within=(0.0, 1.0), plausible=plausible, source=sources.ASSUMED, note=note)


def _protein(
    name: str, *routes: CarriedThroughCells | CrossesJunctions | LoadedWithFreshMilk, kept: KeptShares | None = None
) -> Analyte:
    """
    A protein, as part of the total.

    It is resorbed as fast as the skim; the total, half as fast: at that speed the parts would come to more than the
    total in the last drops of weaning, whose fluxes go on while hardly any milk is made.
    """
    left = WHOLE if kept is None else kept.share_of_each()
    return Analyte(name, "g", routes, part_of="protein", kept=left)


class SecretoryIgA(Declared):
    """Secretory IgA: plasma cells of the gland make it, the epithelium carries it through."""

    per_day: float = _per_day(
        0.3,
        (0.15, 0.6),
        sources.WEAVER_1998,
        "abstract",
        "Flux of a breast with the cells of term: milk of weeks 4 to 52 has a median of 0.708 g/L (interquartile range "
        "0.42 to 1.11) without a trend",
    )
    resting_share: float = _resting_share(
        0.35,
        (0.2, 0.5),
        "pregnancy stores what is carried. Colostrum has up to 26 g/L in one assay of IgA1 and IgA2, which asks for as "
        "much as there can be; with more than 0.4 the parts come to more than all protein at the end of weaning",
    )
    answers: float = _answers(1.0, "it rises with the severity of symptoms", sources.FETHERSTON_2006)
    fresh_g_per_l: float = quantity(
        0.0,
        "g/L",
        within=(0.0, 20.0),
        plausible=(0.0, 0.1),
        source=sources.ASSUMED,
        note="What fresh milk brings beside the flux, in proportion to its volume: nothing. It is there to try what "
        "milk would have without a flux of its own",
    )
    kept: KeptSecretoryIgA = Field(default_factory=KeptSecretoryIgA)

    def declare(self) -> Analyte:
        """What of it is in milk."""
        flux = CarriedThroughCells(self.per_day, self.resting_share, answers=self.answers)
        fresh = [LoadedWithFreshMilk(self.fresh_g_per_l)] if self.fresh_g_per_l > 0.0 else []
        return _protein("siga", flux, *fresh, kept=self.kept)


class Lactoferrin(Declared):
    """Lactoferrin: the epithelium makes it, as fast in a full gland as in an empty one."""

    per_day: float = _per_day(
        0.8,
        (0.4, 1.6),
        sources.NEPHELOMETRY_2001,
        "abstract",
        "Flux of a breast with the cells of term: milk has 2.0 to 3.3 g/L from day 15 to 84, a fifth to a third of its "
        "protein",
    )
    resting_share: float = _resting_share(
        0.03,
        (0.01, 0.1),
        "colostrum of days 1 to 5 has 5.8 g/L (Nephelometry 2001); a half would be more than all protein of the first "
        "day",
    )
    answers: float = _answers(1.0, "it rises with the severity of symptoms", sources.FETHERSTON_2006)
    kept: KeptLactoferrin = Field(default_factory=KeptLactoferrin)

    def declare(self) -> Analyte:
        """What of it is in milk."""
        flux = CarriedThroughCells(self.per_day, self.resting_share, answers=self.answers)
        return _protein("lactoferrin", flux, kept=self.kept)


class Lysozyme(Declared):
    """Lysozyme: little at first, ten times as much at six months. Assays differ ten-fold: only the shape counts."""

    per_day: float = _per_day(
        0.008,
        (0.004, 0.1),
        sources.GOLDMAN_1982,
        "abstract",
        "Flux of a breast with the cells of term, at birth: milk of 2 to 4 weeks has 20 to 30 mg/L; others have 240 "
        "(Nephelometry 2001)",
    )
    resting_share: float = _resting_share(0.03, (0.01, 0.2), "as that of lactoferrin")
    rise: float = quantity(
        14.0,
        "",
        within=(0.0, 100.0),
        plausible=(5.0, 20.0),
        source=sources.GOLDMAN_1982,
        locator="abstract",
        note="What the flux rises by in the end, relative to birth: 200 to 300 mg/L at six months",
    )
    half_days: float = quantity(
        90.0,
        "d",
        within=(1.0, 1000.0),
        plausible=(60.0, 120.0),
        source=sources.ASSUMED,
        note="Days of half of that rise: nothing of it is seen in the first month, most of it at six",
    )
    answers: float = _answers(0.0, "not read")
    kept: KeptLysozyme = Field(default_factory=KeptLysozyme)

    def declare(self) -> tuple[SignalRow, Analyte]:
        """Its course over lactation, and what of it is in milk."""
        course = SignalRow("lysozyme_course", "", "factor on the flux of lysozyme", self._course)
        flux = CarriedThroughCells(self.per_day, self.resting_share, level=course.name, answers=self.answers)
        return course, _protein("lysozyme", flux, kept=self.kept)

    def _course(self, run: BuildContext) -> ByAge:
        del run
        rise, half_days = self.rise, self.half_days
        return ByAge(lambda days: lysozyme_course(days, rise, half_days))


class ImmunoglobulinM(Declared):
    """IgM, carried through as secretory IgA is."""

    per_day: float = _per_day(
        0.015,
        (0.005, 0.06),
        sources.ASSUMED,
        "",
        "Flux of a breast with the cells of term: 0.04 g/L of mature milk; one assay has 0.44 (SD 0.10) g/L in "
        "colostrum and 0.09 in mature milk (Bangladeshi mothers, 2021)",
    )
    resting_share: float = _resting_share(0.2, (0.1, 0.5), "it falls more from colostrum than dilution makes IgA fall")
    answers: float = _answers(0.0, "not read")
    kept: KeptIgM = Field(default_factory=KeptIgM)

    def declare(self) -> Analyte:
        """What of it is in milk."""
        flux = CarriedThroughCells(self.per_day, self.resting_share, answers=self.answers)
        return _protein("igm", flux, kept=self.kept)


class ImmunoglobulinG(Declared):
    """IgG of plasma: a small part comes with all fresh milk, more between the cells while junctions are open."""

    plasma_g_per_l: float = _level(10.0, (7.0, 16.0))
    fresh_per_plasma: float = quantity(
        0.003,
        "",
        within=(0.0, 0.1),
        plausible=(0.001, 0.012),
        source=sources.ASSUMED,
        note="Fresh skim over plasma: 0.03 g/L; assays of milk have 0.02 to 0.1 g/L without a trend",
    )
    sieved: float = _sieved(
        0.02, (0.0, 0.14), "Share of its level in the fluid that comes through open junctions: a large molecule"
    )
    kept: KeptIgG = Field(default_factory=KeptIgG)

    def declare(self) -> Analyte:
        """What of it is in milk."""
        return _protein(
            "igg",
            LoadedWithFreshMilk(self.plasma_g_per_l, self.fresh_per_plasma),
            CrossesJunctions(self.plasma_g_per_l, self.sieved, both_ways=False),
            kept=self.kept,
        )


class Albumin(Declared):
    """Albumin of plasma: a small flux through the cells, and what comes between them while junctions are open."""

    per_day: float = _per_day(
        0.12,
        (0.05, 0.3),
        sources.ASSUMED,
        "",
        "Flux of a breast with the cells of term: 0.3 g/L of mature milk",
    )
    resting_share: float = _resting_share(
        0.03, (0.01, 0.1), "its level is the same throughout lactation", sources.LONNERDAL_1976
    )
    plasma_g_per_l: float = _level(40.0, (35.0, 50.0))
    sieved: float = _sieved(
        0.03, (0.0, 0.14), "Share of its level in the fluid that comes through open junctions; all protein, a seventh"
    )

    def declare(self) -> Analyte:
        """What of it is in milk."""
        return _protein(
            "albumin",
            CarriedThroughCells(self.per_day, self.resting_share),
            CrossesJunctions(self.plasma_g_per_l, self.sieved, both_ways=False),
        )
