"""
Claims A16 to A19: what a diagnosis recognises of its own mechanisms.

They are judged on request alone: three thousand virtual mothers take ten minutes of CPU time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from lactflow.diagnosis.files import JUDGED_FIRST
from lactflow.diagnosis.finding import CANNOT_TELL
from lactflow.validation.claim import Adversary, Finding, at_least, at_most, finding_of
from lactflow.validation.recognised import SHARPENED, Clinic, calibration, raised
from lactflow.validation.separated import SEPARATED, separated

_SHARP: Final = "honest probabilities: they are raised to the third power"


class RecordClaim(NamedTuple):
    """
    A claim about the method of a diagnosis.

    Attributes
    ----------
    id, text, required
        As of any claim.
    kinds
        Kinds of virtual mothers that it is judged by, as `Clinic` has them.
    judge
        From the mothers to what was found.
    adversary
        What is taken away; its configs are none.
    adverse
        What is found without that.
    """

    id: str
    text: str
    required: str
    kinds: tuple[str, ...]
    judge: Callable[[Clinic], Finding]
    adversary: Adversary
    adverse: Callable[[Clinic], Finding]


def _recognised(clinic: Clinic) -> Finding:
    found = clinic.of_unseen
    truth = found[np.arange(len(found)), clinic.truth]
    of_each = {name: float(truth[clinic.truth == number].mean()) for number, name in enumerate(JUDGED_FIRST)}
    mean = at_least("mean posterior of the truth", float(truth.mean()), 0.6)
    each = [at_least(f"the same, {name.replace('_', ' ')}", value, 0.35) for name, value in of_each.items()]
    low = ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in of_each.items() if value < 0.35)
    return finding_of(
        f"mean {mean.value:.3f}; below 0.35: {low or 'none'}",
        mean.holds,
        all(one.holds for one in each),
        seen=(mean, *each),
    )


def _permuted(clinic: Clinic) -> Finding:
    mean = at_least("mean posterior of the truth", clinic.permuted(), 0.6)
    return finding_of(f"mean {mean.value:.3f}", mean.holds, seen=(mean,))


def _cannot_tell(clinic: Clinic, power: float = 1.0) -> Finding:
    mild, severe = (clinic.share_of(clinic.graded[name], CANNOT_TELL, power) for name in ("mild", "severe"))
    parts = at_least("of mild ones, share", mild, 0.8), at_most("of severe ones, share", severe, 0.1)
    return finding_of(
        f"of {mild:.1%} of mild ones, of {severe:.1%} of severe ones", *(one.holds for one in parts), seen=parts
    )


def _calibrated(clinic: Clinic, power: float = 1.0) -> Finding:
    found = calibration(raised(clinic.of_unseen, power), clinic.truth)
    error, outside = found["expected_calibration_error"], found["bins_outside"]
    parts = at_most("expected calibration error", error, 0.05), at_most("bins outside of chance", outside, 0.0)
    return finding_of(f"{error:.3f}; {outside} bins outside", *(one.holds for one in parts), seen=parts)


def _separated(clinic: Clinic, what: str = "left_ml") -> Finding:
    found = separated(*clinic.unseen_with(SEPARATED))
    words = {"left_ml": "milk left", "taken_ml": "milk taken"}[what]
    parts = (
        at_least(f"area under the curve of {words}", found[what], 0.9),
        at_most("area under the curve of weight", found["weight_kg"], 0.7),
    )
    text = f"{words} {found[what]:.2f}, weight {found['weight_kg']:.2f}, {found['pairs']} pairs"
    return finding_of(text, *(one.holds for one in parts), seen=parts)


RECORD_CLAIMS: Final = (
    RecordClaim(
        "A16",
        "Records of virtual mothers are recognised",
        "200 unseen mothers of each of eight mechanisms, clinic set and one pumping: 1. mean posterior of the truth at "
        "least 0.60, 2. at least 0.35 for each mechanism",
        ("teaching", "unseen"),
        _recognised,
        Adversary({}, "teaching mothers of the right mechanism: labels are permuted", (1,)),
        _permuted,
    ),
    RecordClaim(
        "A17",
        "A mild weak transfer looks like an ordinary mother",
        '"cannot tell" is said 1. of at least 80 % of 200 mild ones (latch times 0.55 to 0.8), 2. of at most 10 % of '
        "200 severe ones (0.1 to 0.2)",
        ("teaching", "graded"),
        _cannot_tell,
        Adversary({}, _SHARP, (1,)),
        lambda clinic: _cannot_tell(clinic, SHARPENED),
    ),
    RecordClaim(
        "A18",
        "What is said is as often right",
        "1,600 unseen mothers: 1. expected calibration error at most 0.05, 2. no bin outside its 99 % interval",
        ("teaching", "unseen"),
        _calibrated,
        Adversary({}, _SHARP, (1, 2)),
        lambda clinic: _calibrated(clinic, SHARPENED),
    ),
    RecordClaim(
        "A19",
        "A small gland and a weak transfer at equal intake",
        "pairs of mothers whose infants weigh alike on day 10 (within 100 g): 1. milk left after feeds separates them, "
        "area under the curve at least 0.9, 2. weight does not, at most 0.7",
        ("separated",),
        _separated,
        Adversary({}, "what is left: what was taken stands in its place", (1,)),
        lambda clinic: _separated(clinic, "taken_ml"),
    ),
)


def on_request_in_words() -> str:
    """That these claims were not judged with all others, and how they are: one line."""
    ids = " ".join(claim.id for claim in RECORD_CLAIMS)
    return (
        f"{len(RECORD_CLAIMS)} claims about what a diagnosis recognises are judged on request: lactflow validate {ids} "
        "(ten minutes of CPU time)"
    )
