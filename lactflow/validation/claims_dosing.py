"""
Claims A07 to A09 and A11: what the clock of doses, feeds and pumpings does to a drug in milk.

Criteria were fixed in `docs/background/criteria-applications.md` before there was any code that meets them.
"""

from __future__ import annotations

from typing import Any

from lactflow.units import DAY_MIN
from lactflow.validation.claim import Adversary, Claim, Finding, Runs, at_least, at_most, between, finding_of, ratio
from lactflow.validation.drug_readings import (
    EVERY_THREE_HOURS,
    NO_RETURN,
    at_clock,
    between_days,
    contents,
    dose,
    infant_mg,
    over_library,
    per_litre,
    with_drugs,
)
from lactflow.validation.simulated import Config

# -- A07, A08: back from milk -------------------------------------------------------------------------------

_PARACETAMOL_ONCE = {**dose("paracetamol", 1000.0), "from_day": 31, "to_day": 31}
_AFTER_DOSE = 31.0 + 8.4 / 24.0
_HOURLY = [f"{hour:02d}:00" for hour in range(9, 17)] + ["16:30"]


def _emptied_often(runs: Runs) -> Finding:
    rows = between_days(contents(runs["one side hourly"], "paracetamol"), 31, 32)
    by_day = rows[(rows["start_min"] % DAY_MIN).between(8.5 * 60.0, 17.0 * 60.0)]
    mg = {side: float(by_day.loc[by_day["breast"] == side, "amount"].sum()) for side in ("left", "right")}
    seen = (at_least("mg of the breast emptied hourly [of the other]", ratio(mg["left"], mg["right"]), 3.0),)
    return finding_of(
        f"{mg['left']:.2f} mg from the breast emptied hourly, {mg['right']:.2f} from the other one",
        seen[0].holds,
        seen=seen,
    )


_SINGLE = {"paracetamol": 1000.0, "caffeine": 200.0, "amoxicillin": 1000.0}


def _single_doses(*more: Config) -> dict[str, Any]:
    drugs = [{**dose(name, mg), "from_day": 31, "to_day": 31} for name, mg in _SINGLE.items()]
    schedule = [{"kind": "clock", "times": list(EVERY_THREE_HOURS)}, *more]
    return with_drugs(*drugs, days=2, schedule=schedule)


def _pumped_off(runs: Runs) -> Finding:
    seen = []
    words = []
    for name in _SINGLE:
        feeds = [at_clock(between_days(contents(runs[key], name), 31, 32), 11.0) for key in ("left alone", "pumped")]
        feeds = [rows[rows["kind"] == "feed"] for rows in feeds]
        levels = per_litre(feeds[1]) / per_litre(feeds[0])
        amounts = float(feeds[1]["amount"].sum() / feeds[0]["amount"].sum())
        seen += [
            between(f"{name} per litre after pumping [of without]", levels, 0.8, 1.2),
            at_most(f"mg of {name} in that feed [of without]", amounts, 0.7),
        ]
        words.append(f"{name} {levels - 1.0:+.0%} per litre, {amounts - 1.0:+.0%} in mg")
    return finding_of("the next feed: " + "; ".join(words), *(each.holds for each in seen), seen=seen)


# -- A09: clock of doses and feeds --------------------------------------------------------------------------

_LATER = [f"{(int(time[:2]) + 1) % 24:02d}:00" for time in EVERY_THREE_HOURS]
_TWICE = ["08:00", "20:00"]


def _metoprolol(form: str, times: list[str]) -> dict[str, Any]:
    schedule = [{"kind": "clock", "times": times}]
    return with_drugs(dose("metoprolol", 50.0, _TWICE, form=form), schedule=schedule)


def _dose_clock(runs: Runs) -> Finding:
    mg = {name: infant_mg(run, "metoprolol", 31, 34) / 3.0 for name, run in runs.items()}
    saved = 1.0 - mg["at the dose"] / mg["later"]
    slow = 1.0 - mg["extended, at the dose"] / mg["extended, later"]
    seen = (
        at_least("less of an immediate form with feeds at the dose [share]", saved, 0.10),
        between("the same of an extended form [share]", slow, -0.03, 0.03),
    )
    return finding_of(
        f"feeds at the dose bring {saved:.1%} less than an hour later ({mg['at the dose']:.4f} mg/day), as extended "
        f"release {slow:.1%}",
        *(each.holds for each in seen),
        seen=seen,
    )


# -- A11: a missed dose -------------------------------------------------------------------------------------

_THREE_TIMES = ["00:00", "08:00", "16:00"]
_MISSED_DAY = 31
_FLUOXETINE_BACK = 50


def _regular(missed: bool) -> dict[str, Any]:
    miss = {"miss": [{"days": [_MISSED_DAY], "from": "07:00", "to": "09:00"}]} if missed else {}
    drugs = [dose("paracetamol", 500.0, _THREE_TIMES, **miss), dose("fluoxetine", 20.0, ["08:00"], **miss)]
    return with_drugs(*drugs, days=_FLUOXETINE_BACK + 4, record={"sample_min": 60.0})


def _share_left(runs: Runs, name: str, from_day: float, to_day: float) -> float:
    """What infants got with a missed dose over what they got with all of them."""
    return infant_mg(runs["missed"], name, from_day, to_day) / infant_mg(runs["taken"], name, from_day, to_day)


def _missed(runs: Runs) -> Finding:
    morning = _MISSED_DAY + 8.0 / 24.0
    first = _share_left(runs, "paracetamol", morning + 1e-3, morning + 8.0 / 24.0)
    slow = _share_left(runs, "fluoxetine", morning + 1e-3, morning + 1.0)
    back = _share_left(runs, "paracetamol", morning + 1.0, morning + 2.0)
    slow_back = _share_left(runs, "fluoxetine", morning + _FLUOXETINE_BACK, morning + _FLUOXETINE_BACK + 1.0)
    seen = (
        at_most("paracetamol until the next dose [of usual]", first, 0.5),
        at_least("fluoxetine until the next dose [of usual]", slow, 0.9),
        between("paracetamol after a day [of usual]", back, 0.99, 1.01),
        between("fluoxetine after ten half-lives [of usual]", slow_back, 0.99, 1.01),
    )
    return finding_of(
        f"after a missed dose paracetamol {first:.2f} of usual, fluoxetine {slow:.3f}; a day later paracetamol "
        f"{back:.4f}, ten half-lives later fluoxetine {slow_back:.4f}",
        *(each.holds for each in seen),
        seen=seen,
    )


CLAIMS = (
    Claim(
        "A07",
        "The breast that is emptied often gives more of a drug",
        "paracetamol 1 g at 08:00, left breast pumped hourly from 09:00 to 16:30, right breast once at 16:30: mg of "
        "the left over the right above 3",
        {
            "one side hourly": with_drugs(
                _PARACETAMOL_ONCE,
                infants=[],
                days=2,
                schedule=[
                    {"kind": "pump", "times": list(EVERY_THREE_HOURS)},
                    {"kind": "pump", "from_day": _AFTER_DOSE, "times": _HOURLY, "side": "left"},
                    {"kind": "hand", "from_day": _AFTER_DOSE, "times": ["16:30"], "side": "right"},
                ],
            )
        },
        _emptied_often,
        over_library({"paracetamol": NO_RETURN}),
        "the way back from milk into plasma",
    ),
    Claim(
        "A08",
        "Pumping and discarding takes milk away, hardly concentration",
        "paracetamol, caffeine, amoxicillin, one dose at 08:00; both breasts pumped at 09:30 and the milk discarded: "
        "in the feed of 11:00 each less than 20 % different per litre, and more than 30 % lower in mg",
        {
            "left alone": _single_doses(),
            "pumped": _single_doses(
                {"kind": "pump", "times": ["09:30"], "minutes": 15.0, "from_day": 31},
                {"kind": "discard"},
            ),
        },
        _pumped_off,
        over_library(dict.fromkeys(_SINGLE, NO_RETURN)),
        "the way back from milk into plasma",
    ),
    Claim(
        "A09",
        "Feeds at the dose bring less of a drug that comes and goes fast",
        "metoprolol 50 mg twice a day, feeds every three hours at the doses against an hour later: more than 10 % less "
        "a day; as extended release less than 3 % different",
        {
            "at the dose": _metoprolol("immediate", list(EVERY_THREE_HOURS)),
            "later": _metoprolol("immediate", _LATER),
            "extended, at the dose": _metoprolol("extended", list(EVERY_THREE_HOURS)),
            "extended, later": _metoprolol("extended", _LATER),
        },
        _dose_clock,
        over_library({"metoprolol": {"forms": {"immediate": {"release_h": 12.0}}}}),
        "the course of the level: its mean in its place",
    ),
    Claim(
        "A11",
        "A missed dose shows at once with a drug that leaves fast, hardly with one that leaves slowly",
        "one dose missed of paracetamol three times a day and of fluoxetine once a day: mg until the next dose down by "
        "more than half, and by less than 10 %; back within 1 % within a day, and within ten half-lives",
        {"taken": _regular(False), "missed": _regular(True)},
        _missed,
        None,
        "see the adversary",
        (Adversary({"drugs": _regular(False)["drugs"]}, "missed doses: all are taken"),),
    ),
)
