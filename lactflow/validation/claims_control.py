"""Claims C13 to C21: hormones of suckling, and local control."""

from __future__ import annotations

from lactflow.units import DAY_MIN
from lactflow.validation.claim import Claim, Finding, Runs, at_least, at_most, in_hours, ratio, seen_to_hold
from lactflow.validation.runs import ON_DEMAND, SEVEN_TIMES, pumped

_EVERY_FOUR_HOURS = ["00:00", "04:00", "08:00", "12:00", "16:00", "20:00"]


def _prolactin(runs: Runs) -> Finding:
    fed, drugged = runs["every four hours"], runs["cabergoline"]
    levels = fed.hormones[fed.hormones["time_min"] >= 61 * DAY_MIN]["prolactin_ng_per_ml"]
    swing = float(levels.max() / levels.min())
    mrna = fed.course("mrna")
    mrna = mrna[mrna.index >= 61 * DAY_MIN]
    steady = float(mrna.max() / mrna.min())
    hormones = drugged.hormones
    low_h = float(hormones.loc[hormones["prolactin_ng_per_ml"] < 25.0, "time_min"].min() - 60 * DAY_MIN) / 60.0
    course = drugged.course("mrna")
    half = course[course <= 0.5]
    half_h = float(half.index[0] - 60 * DAY_MIN) / 60.0 if len(half) else float("inf")
    return seen_to_hold(
        f"prolactin swings {swing:.2f}-fold with feeds, mRNA {steady:.3f}-fold; cabergoline: prolactin below 25 ng/mL "
        f"after {in_hours(low_h)}, mRNA halved after {in_hours(half_h)}",
        at_least("swing of prolactin with feeds [-fold]", swing, 1.3),
        at_most("swing of mRNA with feeds [-fold]", steady, 1.05),
        at_most("prolactin below 25 ng/mL under cabergoline [h]", low_h, 48.0),
        at_most("mRNA halved under cabergoline [h]", half_h, 240.0),
        besides=low_h + 6.0 <= half_h,
    )


def _ejection(runs: Runs) -> Finding:
    run = runs["on demand"]
    let_downs = run["let_downs"]
    fed = let_downs[let_downs["trigger"] == "suckling"]
    starts = run.sessions.set_index("session")["start_min"]
    first = fed.groupby("session")["time_min"].min() - starts
    pulses = float(fed.groupby("session")["let_down"].nunique().mean())
    milk = float(fed["ejected_ml"].sum())
    return seen_to_hold(
        f"first let-down {first.median():.1f} min after latch, {pulses:.1f} pulses a feed, {milk:.0f} mL ejected",
        at_most("first let-down after latch [min]", first.median(), 2.0),
        at_least("let-downs a feed", pulses, 1.5),
        at_least("milk ejected [mL]", milk, 100.0),
    )


def _conditioned(runs: Runs) -> Finding:
    run = runs["on demand"]
    let_downs = run["let_downs"]
    cues = let_downs[(let_downs["trigger"] == "conditioned") & (let_downs["breast"] == "left")]
    feeds = len(run.sessions[run.sessions["kind"] == "feed"])
    share = len(cues) / max(1, feeds)
    return seen_to_hold(
        f"a let-down before {share:.0%} of the feeds", at_least("feeds with a let-down before [share]", share, 0.5)
    )


def _undelivered(runs: Runs) -> Finding:
    run, usual = runs["no myoepithelium"], runs["usual"]
    made = run.made_ml_per_day(60, 60.25) / usual.made_ml_per_day(60, 60.25)
    taken = run.removed_ml_per_day(60, 62) / usual.removed_ml_per_day(60, 62)
    full = run.signal("fullness", 62)
    return seen_to_hold(
        f"{made:.0%} of the milk is made in the first hours, {taken:.0%} delivered in two days; fullness {full:.2f}",
        at_least("milk made in the first hours [of usual]", made, 0.8),
        at_most("milk delivered in two days [of usual]", taken, 0.05),
        at_least("fullness after two days", full, 1.1),
    )


def _frequency(runs: Runs) -> Finding:
    run = runs["more often"]
    before, first, after = run.made_ml_per_day(65, 70), run.made_ml_per_day(70, 72), run.made_ml_per_day(75, 80)
    cells = run.signal("active_cells", 80) / run.signal("active_cells", 70)
    feeds = [run.per_day("feed", *days) for days in ((65, 70), (75, 80))]
    return seen_to_hold(
        f"{feeds[0]:.1f} feeds and {before:.0f} mL a day; in the growth spurt {feeds[1]:.1f} feeds, {first:.0f} mL on "
        f"the first days and {after:.0f} on days 6 to 10, with {cells - 1.0:+.0%} active cells",
        at_least("feeds in a growth spurt [of before]", ratio(feeds[1], feeds[0]), 1.2),
        at_least("milk on its days 6 to 10 [of before]", ratio(after, before), 1.1),
        at_least("active cells after it [of before]", cells, 1.05),
        besides=after > first,
    )


def _twins(runs: Runs) -> Finding:
    one, two = (runs[name].removed_ml_per_day(35, 45) for name in ("one infant", "twins"))
    return seen_to_hold(
        f"{one:.0f} mL a day for one, {two:.0f} for two: {two / one:.2f}-fold",
        at_least("milk for twins [of one infant's]", two / one, 1.4),
    )


def _preferred(runs: Runs) -> Finding:
    run = runs["preferred"]
    left, right = run.made_ml_per_day(25, 40, "left"), run.made_ml_per_day(25, 40, "right")
    return seen_to_hold(
        f"{left:.0f} mL a day in the preferred breast, {right:.0f} in the other",
        at_least("milk of the preferred breast [of the other's]", ratio(left, right), 1.25),
    )


def _fullness(runs: Runs) -> Finding:
    run = runs["left alone"]
    early, late = run.made_ml_per_day(61, 61 + 4 / 24), run.made_ml_per_day(61 + 10 / 24, 61 + 13 / 24)
    again = run.made_ml_per_day(61 + 14 / 24, 61 + 17 / 24)
    return seen_to_hold(
        f"{early / 24:.1f} mL/h in the first 4 h after emptying, {late / 24:.1f} after 10 to 13 h, {again / 24:.1f} "
        "after emptying again",
        at_most("rate 10 to 13 h after emptying [of the first 4 h]", ratio(late, early), 0.85),
        at_least("rate after emptying again [of the first 4 h]", ratio(again, early), 0.9),
    )


def _local(runs: Runs) -> Finding:
    run = runs["sealed"]
    shares = [
        run.made_ml_per_day(61.75, 62.25, side) / run.made_ml_per_day(60.25, 61, side) for side in ("left", "right")
    ]
    return seen_to_hold(
        f"a day after sealing the left breast makes {shares[0]:.0%} of before, the right {shares[1]:.0%}, on one blood",
        at_most("rate of the sealed breast [of before]", shares[0], 0.4),
        at_least("rate of the other breast [of before]", shares[1], 0.8),
    )


_NO_PLASTICITY = {"knock_outs": ["feedback_inhibitor", "plasticity"]}

CLAIMS = (
    Claim(
        "C13",
        "Suckling raises prolactin; synthesis follows slowly",
        "prolactin swings at least 1.3-fold with feeds and mRNA at most 1.05-fold; when a drug takes prolactin away "
        "within 48 h, mRNA halves at least 6 h later",
        {
            "every four hours": pumped(_EVERY_FOUR_HOURS, start_day=60, days=4),
            "cabergoline": pumped(
                _EVERY_FOUR_HOURS,
                start_day=60,
                days=8,
                interventions=[{"kind": "cabergoline", "start_day": 61.0, "dose_mg": 1.0}],
            ),
        },
        _prolactin,
        {"endocrine": {"prolactin": {"surge_ng_per_ml": 0.0}}},
        "surges of prolactin",
    ),
    Claim(
        "C14",
        "Suckling raises oxytocin in pulses; ejection is fast, and acts on the myoepithelium only",
        "median of the first let-down at most 2 min after latch, at least 1.5 pulses a feed, milk ejected",
        {"on demand": {"start_day": 60, "days": 4, **ON_DEMAND}},
        _ejection,
        {"knock_outs": ["oxytocin_receptor"]},
        "oxytocin receptor",
    ),
    Claim(
        "C15",
        "Let-down can be conditioned: a cry before the feed",
        "a let-down before at least 50 % of the feeds",
        {"on demand": {"start_day": 60, "days": 4, **ON_DEMAND}},
        _conditioned,
        {"endocrine": {"oxytocin": {"conditioned_chance": 0.0}}},
        "conditioned reflex",
    ),
    Claim(
        "C16",
        "Without answer of the myoepithelium milk is made and not delivered: stasis and distension though synthesis "
        "was normal",
        "at least 80 % of the usual milk made in the first 6 h, at most 5 % delivered in two days, then fullness at "
        "least 1.1",
        {
            "usual": {"start_day": 60, "days": 3, **ON_DEMAND},
            "no myoepithelium": {
                "start_day": 60,
                "days": 3,
                **ON_DEMAND,
                "interventions": [{"kind": "oxytocin_block", "start_day": 60.0}],
            },
        },
        _undelivered,
        {"interventions": []},
        "the block itself: with the answer restored milk is delivered",
    ),
    Claim(
        "C17",
        "More frequent removal raises supply over days",
        "in a growth spurt at least 20 % more feeds, and on days 6 to 10 at least 10 % more milk and 5 % more active "
        "cells than before, and more milk than on its first days",
        {
            "more often": {
                "start_day": 50,
                "days": 30,
                **ON_DEMAND,
                "interventions": [{"kind": "growth_spurt", "start_day": 70.0, "end_day": 80.0}],
            }
        },
        _frequency,
        _NO_PLASTICITY,
        "inhibitor and plasticity",
    ),
    Claim(
        "C18",
        "Twins: more milk",
        "at least 1.4 times the milk of one infant in the sixth week",
        {
            "one infant": {"start_day": 1, "days": 44, **ON_DEMAND},
            "twins": {
                "start_day": 1,
                "days": 44,
                "infants": [{"birth_weight_kg": 2.6}, {"birth_weight_kg": 2.6}],
                **ON_DEMAND,
            },
        },
        _twins,
        {"knock_outs": ["plasticity"], "gland": {"plasticity": {"active_at_term": 0.45}}},
        "plasticity, with as many active cells as one infant needs",
    ),
    Claim(
        "C19",
        "A preferred breast makes more, the other less",
        "at least 1.25 times the milk in the preferred breast after weeks",
        {
            "preferred": {
                "start_day": 10,
                "days": 30,
                "schedule": [{"kind": "on_demand", "side": "preferred"}],
            }
        },
        _preferred,
        {**_NO_PLASTICITY, "gland": {"plasticity": {"active_at_term": 0.36}}},
        "inhibitor and plasticity, with as many active cells as the infant needs",
    ),
    Claim(
        "C20",
        "Fuller: more inhibitor, slower; emptied: faster",
        "10 to 13 h after emptying at most 85 % of the rate of the first 4 h; at least 90 % after emptying again",
        {
            "left alone": pumped(
                SEVEN_TIMES,
                start_day=60,
                days=2,
                schedule=[
                    {"kind": "pump", "times": SEVEN_TIMES},
                    {"kind": "pump", "from_day": 60.95, "times": ["23:40", "13:40"], "minutes": 20.0},
                ],
            )
        },
        _fullness,
        {"knock_outs": ["feedback_inhibitor"]},
        "feedback inhibitor",
    ),
    Claim(
        "C21",
        "Hormones reach both breasts alike, control is local: seal one, its secretion falls, the other's does not",
        "18 to 30 h after sealing one breast makes at most 40 % of before, the other at least 80 %",
        {
            "sealed": pumped(
                SEVEN_TIMES,
                start_day=60,
                days=4,
                interventions=[{"kind": "seal", "side": "left", "start_day": 61.0}],
            )
        },
        _local,
        {
            "knock_outs": ["feedback_inhibitor", "lif", "stat3", "plasticity", "unfolded_protein_response"],
            "gland": {"lumen": {"largest_fullness": 5.0}},
        },
        "inhibitor, LIF and the wall of the alveoli",
    ),
)
