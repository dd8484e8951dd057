"""
How far a clinic's instruments are from the truth, and what converts their units: declared quantities.

They are no keys of a config, since nothing of a run depends on them; what a clinic would read of a simulated mother
does.
"""

from __future__ import annotations

from typing import Final

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity

_LABORATORY = "Of a laboratory that calibrates; by how much milk differs from sample to sample is left to the model"


class Instruments(Declared):
    """Errors of what a clinic measures with. An SD of a log is that of the natural logarithm."""

    test_weigh_sd_g: float = quantity(
        2.5,
        "g",
        within=(0.1, 50.0),
        plausible=(1.0, 5.0),
        source=sources.HAASE_2009,
        locator="abstract",
        note="SD of a test weighing by trained staff: all but one of a group were within 5 g of the volume fed",
    )
    untrained_test_weigh_sd_g: float = quantity(
        7.0,
        "g",
        within=(0.1, 100.0),
        plausible=(5.0, 10.0),
        source=sources.SAVENIJE_2006,
        locator="abstract",
        note="SD of a test weighing as wards do it, without training: 95 % of the differences lay between -12.4 "
        "and 15 mL, which is 3.92 SD; the mean, 1.3 mL, is left out",
    )
    scale_sd_g: float = quantity(
        20.0,
        "g",
        within=(0.1, 500.0),
        plausible=(5.0, 50.0),
        source=sources.ASSUMED,
        note="SD of a weight of the infant: another scale, clothes, a full bladder or stomach",
    )
    pump_sd_ml: float = quantity(
        3.0,
        "mL",
        within=(0.1, 50.0),
        plausible=(1.0, 5.0),
        source=sources.ASSUMED,
        note="SD of a volume that is read from the marks of a bottle, in steps of 5 mL",
    )
    sodium_log_sd: float = quantity(
        0.1,
        "",
        within=(0.001, 1.0),
        plausible=(0.05, 0.25),
        source=sources.ASSUMED,
        note="SD of the log of sodium by a probe. In 65 women a probe gave 6.18 (SD 2.47) and the laboratory 5.91 "
        "(3.37) mmol/L (Lai 2018): the means agree, and how far single samples differ could not be read",
    )
    potassium_log_sd: float = quantity(
        0.14,
        "",
        within=(0.001, 1.0),
        plausible=(0.05, 0.2),
        source=sources.LAI_2018,
        locator="abstract",
        note="SD of the log of potassium by a probe: its readings spread by 2.21 where those of the laboratory spread "
        "by 1.55 about 11.1 mmol/L, and the rest, 1.58, is taken as its error; it reads 0.65 mmol/L too high besides",
    )
    lactose_log_sd: float = quantity(
        0.05,
        "",
        within=(0.001, 1.0),
        plausible=(0.02, 0.1),
        source=sources.ASSUMED,
        note=f"SD of the log of lactose. {_LABORATORY}",
    )
    citrate_log_sd: float = quantity(
        0.05,
        "",
        within=(0.001, 1.0),
        plausible=(0.02, 0.1),
        source=sources.ASSUMED,
        note=f"SD of the log of citrate. {_LABORATORY}",
    )
    glucose_log_sd: float = quantity(
        0.1,
        "",
        within=(0.001, 1.0),
        plausible=(0.03, 0.3),
        source=sources.ASSUMED,
        note="SD of the log of glucose in milk: little of it, and cells of the sample go on using it",
    )
    protein_log_sd: float = quantity(
        0.05,
        "",
        within=(0.001, 1.0),
        plausible=(0.02, 0.15),
        source=sources.ASSUMED,
        note=f"SD of the log of total protein. {_LABORATORY}",
    )
    albumin_log_sd: float = quantity(
        0.1,
        "",
        within=(0.001, 1.0),
        plausible=(0.05, 0.3),
        source=sources.ASSUMED,
        note="SD of the log of serum albumin in milk, by an assay made for blood",
    )
    prolactin_log_sd: float = quantity(
        0.25,
        "",
        within=(0.001, 2.0),
        plausible=(0.1, 0.4),
        source=sources.ASSUMED,
        note="SD of the log of prolactin in blood: the assay, and pulses within the hour",
    )
    felt_onset_sd_h: float = quantity(
        8.0,
        "h",
        within=(0.1, 72.0),
        plausible=(4.0, 17.0),
        source=sources.ASSUMED,
        note="SD of the hour at which a mother feels that milk has come in. She notices a late onset with a "
        "sensitivity of 71 and a specificity of 79 % of test weighing (Chapman 2000)",
    )
    feeds_per_day_sd: float = quantity(
        1.0,
        "1/d",
        within=(0.01, 10.0),
        plausible=(0.5, 2.0),
        source=sources.ASSUMED,
        note="SD of a number of feeds that a mother says from memory: one forgotten, or one that was two",
    )
    milk_g_per_ml: float = quantity(
        1.03,
        "g/mL",
        within=(0.9, 1.2),
        plausible=(1.02, 1.04),
        source=sources.ASSUMED,
        note="Density of milk, where a pumped volume was weighed: that of whole milk in textbooks",
    )
    prolactin_mu_per_ug: float = quantity(
        21.2,
        "mU/ug",
        within=(5.0, 60.0),
        plausible=(20.0, 36.0),
        source=sources.SCHULSTER_1989,
        locator="abstract, 53 mIU an ampoule",
        note="Units of immunoassay in a microgram of prolactin: 53 mU an ampoule of the third international standard, "
        "which holds 2.5 ug (not read in the paper). The fourth has 20.9; a laboratory's own factor may differ",
    )


INSTRUMENTS: Final = Instruments()
"""As declared; nothing else sets them."""
