"""
Kinds of facts in a clinical record: the one place where each is declared.

Units, limits, what may be left out, and the error of the instrument: the reader, the template and the page of the
record follow from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lactflow import sources
from lactflow.config.logs.believable import LARGE_ML, LONGEST_MIN
from lactflow.config.logs.cells import OUNCE_ML, POUND_KG
from lactflow.config.logs.rows import LARGEST_BOTTLE_ML, LARGEST_SESSION_ML, LIGHTEST_KG
from lactflow.diagnosis.kind import Kind
from lactflow.parameters.instruments import INSTRUMENTS

_KG: Final = {"kg": 1.0, "g": 0.001, "lb": POUND_KG, "oz": POUND_KG / 16.0}
_ML: Final = {"mL": 1.0, "L": 1000.0, "oz": OUNCE_ML, "g": 1.0 / INSTRUMENTS.milk_g_per_ml}
_G_PER_L: Final = {"g/L": 1.0, "g/dL": 10.0, "g/100 mL": 10.0, "mg/mL": 1.0, "mg/dL": 0.01, "mg/L": 0.001}
_PROLACTIN: Final = 1.0 / INSTRUMENTS.prolactin_mu_per_ug


def _molar(g_per_mol: float, *, equivalents: bool = False) -> dict[str, float]:
    """Units of a substance by its molar mass; an ion of one charge has as many equivalents as moles."""
    same = ("mmol/L", "mM", *(("mEq/L",) if equivalents else ()))
    return dict.fromkeys(same, 1.0) | {
        "umol/L": 0.001,
        "mg/L": 1.0 / g_per_mol,
        "mg/dL": 10.0 / g_per_mol,
        "mg/100 mL": 10.0 / g_per_mol,
        "g/L": 1000.0 / g_per_mol,
    }


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "birth": Kind(
            about="the birth, from which time is counted; its value is the birth weight, its note may have mode: "
            "vaginal or caesarean, gestation: 39+2 (weeks and days), parity: 1 (this birth counts), plurality: 1",
            unit="kg",
            units=_KG,
            within=(LIGHTEST_KG, 8.0),
            plausible=(1.0, 5.5),
            note="Nearly all newborns of 28 weeks and more",
            value="optional",
            timed=True,
            once=True,
            measured="mass",
        ),
        "weight": Kind(
            about="weight of the infant, with as little on as at its birth weight",
            unit="kg",
            units=_KG,
            within=(LIGHTEST_KG, 20.0),
            plausible=(1.0, 11.0),
            note="From newborns of 28 weeks to the heaviest of a hundred infants at 200 days",
            errors=("scale_sd_g",),
            measured="mass",
        ),
        "test_weigh": Kind(
            about="milk of one feed, as the infant weighed more after it than before; the note `untrained` is for "
            "people who were not trained in it",
            unit="g",
            units={"g": 1.0, "mL": 1.0, "kg": 1000.0, "oz": POUND_KG * 1000.0 / 16.0},
            within=(-50.0, LARGE_ML),
            plausible=(-10.0, 240.0),
            source=sources.KENT_2006,
            locator="largest feed",
            note="A scale shows grams; they are written down as mL, one for one (Haase 2009), so mL are read as grams. "
            "Below 0 where error or loss of water is more than the milk",
            sided=True,
            timed=True,
            limited=True,
            errors=("test_weigh_sd_g", "untrained_test_weigh_sd_g"),
            measured="mass",
        ),
        "pump": Kind(
            about="milk of one pumping or expression by hand, of one breast or of both together",
            unit="mL",
            units=_ML,
            within=(0.0, LARGEST_SESSION_ML),
            plausible=(0.0, LARGE_ML),
            note="As in a feeding log; oz are fluid ounces, g are weighed milk",
            sided=True,
            timed=True,
            limited=True,
            of_mother=True,
            errors=("pump_sd_ml",),
            measured="volume",
        ),
        "feed": Kind(
            about="a feed at the breast; its value is the minutes that it took, where they are known",
            unit="min",
            units={"min": 1.0, "minutes": 1.0},
            within=(0.0, 240.0),
            plausible=(1.0, 2.0 * LONGEST_MIN),
            note="As in a feeding log",
            value="optional",
            sided=True,
            timed=True,
        ),
        "bottle_formula": Kind(
            about="formula or donor milk that the infant drank",
            unit="mL",
            units=_ML,
            within=(0.0, LARGEST_BOTTLE_ML),
            plausible=(1.0, 300.0),
            note="As in a feeding log; oz are fluid ounces",
            timed=True,
            measured="volume",
        ),
        "bottle_own_milk": Kind(
            about="expressed milk of the mother that the infant drank",
            unit="mL",
            units=_ML,
            within=(0.0, LARGEST_BOTTLE_ML),
            plausible=(0.5, 300.0),
            note="As in a feeding log; oz are fluid ounces",
            timed=True,
            measured="volume",
        ),
        "feeds_per_day": Kind(
            about="number of feeds in the 24 hours of that day",
            unit="1/d",
            units={"1/d": 1.0, "/d": 1.0, "per day": 1.0, "feeds": 1.0},
            within=(0.0, 40.0),
            plausible=(4.0, 18.0),
            source=sources.KENT_2006,
            locator="feeds a day",
            note="On demand 4 to 13; up to 18 in the first days, by an assumption",
            errors=("feeds_per_day_sd",),
        ),
        "felt_onset": Kind(
            about="when the mother felt that her milk had come in; it has no value",
            units={},
            source=sources.CHAPMAN_2000,
            locator="abstract",
            note="Test weighing agrees with it in three of four women; before 6 h and after 240 h it is doubted (ours)",
            value="none",
            timed=True,
            once=True,
            errors=("felt_onset_sd_h",),
        ),
        "sodium": Kind(
            about="sodium in milk",
            unit="mmol/L",
            units=_molar(22.990, equivalents=True),
            within=(0.5, 200.0),
            plausible=(2.0, 100.0),
            source=sources.LAI_2018,
            locator="2.59 to 21.5 in established lactation; above that assumed: colostrum, mastitis",
            note="Plasma has 140",
            errors=("sodium_log_sd",),
            sided=True,
            limited=True,
            of_mother=True,
        ),
        "potassium": Kind(
            about="potassium in milk",
            unit="mmol/L",
            units=_molar(39.098, equivalents=True),
            within=(0.5, 100.0),
            plausible=(5.0, 30.0),
            source=sources.LAI_2018,
            locator="7.69 to 18.1; wider by an assumption",
            errors=("potassium_log_sd",),
            sided=True,
            limited=True,
            of_mother=True,
        ),
        "lactose": Kind(
            about="lactose in milk",
            unit="mmol/L",
            units=_molar(342.30) | {"g/dL": 10_000.0 / 342.30, "g/100 mL": 10_000.0 / 342.30},
            within=(1.0, 400.0),
            plausible=(30.0, 240.0),
            source=sources.KENT_1992,
            locator="abstract: 76 on day 1, 173 on day 4; wider by an assumption",
            note="Grams are of lactose without water of crystals",
            errors=("lactose_log_sd",),
            sided=True,
            limited=True,
            of_mother=True,
        ),
        "citrate": Kind(
            about="citrate in milk",
            unit="mmol/L",
            units=_molar(192.12),
            within=(0.005, 50.0),
            plausible=(0.05, 10.0),
            source=sources.KENT_1992,
            locator="abstract: 0.25 on day 1, 5.06 on day 4; wider by an assumption",
            note="Grams are of citric acid",
            errors=("citrate_log_sd",),
            sided=True,
            limited=True,
            of_mother=True,
        ),
        "glucose": Kind(
            about="glucose in milk, not in blood",
            unit="mmol/L",
            units=_molar(180.16),
            within=(0.005, 30.0),
            plausible=(0.05, 4.0),
            note="Less than in plasma, where it comes from",
            errors=("glucose_log_sd",),
            sided=True,
            limited=True,
            of_mother=True,
        ),
        "protein": Kind(
            about="all protein in milk",
            unit="g/L",
            units=_G_PER_L,
            within=(0.5, 400.0),
            plausible=(5.0, 150.0),
            note="Mature milk has 9, colostrum of the first day 100 and more",
            errors=("protein_log_sd",),
            sided=True,
            limited=True,
            of_mother=True,
        ),
        "albumin": Kind(
            about="serum albumin in milk",
            unit="g/L",
            units=_G_PER_L,
            within=(0.001, 60.0),
            plausible=(0.05, 15.0),
            note="Plasma has 40",
            errors=("albumin_log_sd",),
            sided=True,
            limited=True,
            of_mother=True,
        ),
        "prolactin": Kind(
            about="prolactin in the mother's blood; the time since a feed decides what it means",
            unit="ng/mL",
            units={
                "ng/mL": 1.0,
                "ug/L": 1.0,
                "ng/dL": 0.01,
                "mU/L": _PROLACTIN,
                "mIU/L": _PROLACTIN,
                "uU/mL": _PROLACTIN,
                "uIU/mL": _PROLACTIN,
            },
            within=(0.1, 3000.0),
            plausible=(2.0, 600.0),
            note="Without lactation up to 25; just after feeds of the first days several hundred. "
            f"{INSTRUMENTS.prolactin_mu_per_ug:g} mU are 1 ug (third international standard)",
            errors=("prolactin_log_sd",),
            limited=True,
            of_mother=True,
        ),
    }
)
"""Every kind, by the word that a record has for it."""

ALSO: Final[Mapping[str, str]] = {"breast": "feed", "na": "sodium", "k": "potassium"}
"""Other words for kinds: those of feeding logs, and of laboratories."""

BOTTLES: Final[Mapping[str, tuple[str, ...]]] = {
    "bottle_formula": ("formula", "donor milk"),
    "bottle_own_milk": ("expressed", "own milk", "breast milk", "pumped"),
}
"""What the note of a row of kind `bottle` must have, to be of one of the two kinds."""

REFUSED: Final[Mapping[str, str]] = {
    "conductivity": "it follows temperature and fat as much as salt, instruments print numbers of their own, and the "
    "gland has no such marker; sodium can be read",
    "hand": "milk expressed by hand is a row of kind pump",
}
"""Kinds that are not read, and why."""
