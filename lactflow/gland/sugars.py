"""
Oligosaccharides and glucose in milk; lactose is what every run has.

A config asks for them by name (`analytes: [hmo, glucose]`); a run that names none has nothing of them.
"""

from __future__ import annotations

from math import exp

from lactflow import sources
from lactflow.endocrine.blood import SignalRow
from lactflow.endocrine.influences import BuildContext
from lactflow.endocrine.rhythms import ByAge
from lactflow.gland.analytes import Analyte
from lactflow.gland.routes import CrossesJunctions, ExchangedWithPlasma, LoadedWithFreshMilk
from lactflow.parameters.declaration import Declared, quantity


def oligosaccharides(days: float, late: float, early: float, decay_days: float) -> float:
    """
    Oligosaccharides of fresh milk over lactation, of a secretor [g/L].

    Equation
    --------
    oligosaccharides = late + early * exp(-days / decay_days)

    Parameters
    ----------
    days
        Since birth.
    late
        In the end [g/L].
    early
        What they begin with beside that [g/L].
    decay_days
        Time constant of its decline [d].

    References
    ----------
    The form is ours; ranges of study averages by stage of lactation are those of HMO2021.
    """
    return late + early * exp(-days / decay_days)


class Oligosaccharides(Declared):
    """All oligosaccharides of milk together: fresh milk brings them, less in a mother who is no secretor."""

    late_g_per_l: float = quantity(
        5.0,
        "g/L",
        within=(0.0, 50.0),
        plausible=(4.0, 6.0),
        source=sources.HMO_2021,
        locator="abstract",
        note="In fresh milk in the end: averages of studies after six months are 4 to 6 g/L",
    )
    early_g_per_l: float = quantity(
        7.5,
        "g/L",
        within=(0.0, 50.0),
        plausible=(4.0, 16.0),
        source=sources.HMO_2021,
        locator="abstract",
        note="What they begin with beside that: averages of colostrum are 9 to 22 g/L, of transitional milk 8 to 19",
    )
    decay_days: float = quantity(
        70.0,
        "d",
        within=(1.0, 1000.0),
        plausible=(30.0, 120.0),
        source=sources.HMO_2021,
        locator="abstract",
        note="Time constant of the decline: averages of the first month are 6 to 15 g/L",
    )
    not_secretor: float = quantity(
        0.6,
        "",
        within=(0.0, 1.5),
        plausible=(0.55, 0.65),
        source=sources.SECRETORS_2017,
        locator="what is new",
        note="Milk of a mother who is no secretor, relative to that of a secretor: 35 to 45 % less",
    )

    def declare(self) -> tuple[SignalRow, Analyte]:
        """What fresh milk has of them, and what is in milk; they leave through open junctions as lactose does."""
        fresh = SignalRow("hmo_in_fresh_milk", "g/L", "oligosaccharides of fresh milk", self._fresh)
        return fresh, Analyte("hmo", "g", (LoadedWithFreshMilk(fresh.name, synthesised=True), CrossesJunctions(0.0)))

    def _fresh(self, run: BuildContext) -> ByAge:
        factor = 1.0 if run.secretor else self.not_secretor
        return ByAge(
            lambda days: factor * oligosaccharides(days, self.late_g_per_l, self.early_g_per_l, self.decay_days)
        )


class Glucose(Declared):
    """
    Glucose of milk: it crosses the cells both ways, by carriers, and follows that of plasma within half an hour.

    Milk has what the cell has (rats: Biochem J 152:153, 1975), and an inflamed gland takes the carrier GLUT1 out of the
    membrane that faces blood (mice: Kobayashi 2013, Vet Res 44:119). So inflammation holds back what comes, and not
    what leaves milk again.
    """

    plasma_mmol_per_l: float = quantity(
        5.0,
        "mmol/L",
        within=(0.0, 50.0),
        plausible=(4.0, 6.0),
        source=sources.ASSUMED,
        note="In her plasma; meals are not modelled",
    )
    milk_per_plasma: float = quantity(
        0.32,
        "",
        within=(0.0, 2.0),
        plausible=(0.2, 0.4),
        source=sources.ASSUMED,
        note="Milk over plasma at equilibrium with full milk-gene mRNA: 1.6 mmol/L",
    )
    resting_milk_per_plasma: float = quantity(
        0.06,
        "",
        within=(0.001, 2.0),
        plausible=(0.03, 0.15),
        shaped="endpoints",
        source=sources.ASSUMED,
        note="The same without mRNA: carriers come with activation, and colostrum has less glucose than milk "
        "(Kulski and Hartmann 1981)",
    )
    clearance_ml_per_h: float = quantity(
        200.0,
        "mL/h",
        within=(0.0, 10_000.0),
        plausible=(50.0, 1000.0),
        source=sources.ASSUMED,
        note="Clearance from the milk of a breast with the cells of term: half an hour for 100 mL",
    )
    answers: float = quantity(
        0.4,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.6),
        source=sources.ASSUMED,
        note="Share of what comes from plasma that full inflammation takes away. Glucose falls with inflammation of a "
        "whole breast (Fetherston 2006), by how much could not be read; in three women of another study it did not "
        "change significantly; inflamed quarters of three cows had 0.07 to 0.22 mmol/L, the others 0.18 to 0.32 "
        "(University of Pretoria, hdl 2263/51839). Use by leukocytes and bacteria is not apart from it",
    )

    def declare(self) -> Analyte:
        """What of it is in milk; open junctions let it pass too."""
        exchange = ExchangedWithPlasma(
            self.plasma_mmol_per_l,
            into_ml_per_h=self.resting_milk_per_plasma * self.clearance_ml_per_h,
            out_ml_per_h=self.clearance_ml_per_h,
            active_ratio=self.milk_per_plasma / self.resting_milk_per_plasma,
            answers=self.answers,
        )
        return Analyte("glucose", "mmol", (exchange, CrossesJunctions(self.plasma_mmol_per_l)))
