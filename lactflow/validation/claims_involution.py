"""Claims C22 to C26: stasis, and the involution that follows."""

from __future__ import annotations

from typing import Any

from lactflow.units import DAY_MIN
from lactflow.validation.claim import Claim, Finding, Runs, at_least, at_most, in_hours, seen_to_hold
from lactflow.validation.runs import ON_DEMAND, SEVEN_TIMES, pumped

REVERSIBLE_H = 48.0
"""Declared length of the reversible phase of stasis [h]: 30 to 36 h in mice (Jaggi 1996), longer in women."""


def _weaned(runs: Runs) -> Finding:
    run = runs["weaned"]
    stat3, lost = run.signal("stat3", 62), run.signal("lost_cells", 74)
    return seen_to_hold(
        f"STAT3 {stat3:.2f} after two days, {lost:.0%} of the cells lost in two weeks",
        at_least("STAT3 after two days of stasis", stat3, 0.5),
        at_least("cells lost in two weeks [share]", lost, 0.3),
    )


def _stress(runs: Runs) -> Finding:
    run = runs["weaned"]
    backlog = run.first_time("unfolded_protein", 0.5, 60)
    adaptive = run.first_time("upr_adaptive", 0.5, 60)
    terminal = run.first_time("upr_terminal", 0.6, 60)
    lost = run.first_time("lost_cells", 0.1, 60)
    return seen_to_hold(
        f"backlog: {in_hours(backlog)}, adaptive arm: {in_hours(adaptive)}, terminal arm: {in_hours(terminal)}, a "
        f"tenth of the cells lost: {in_hours(lost)}",
        at_most("adaptive arm after the last feed [h]", adaptive, 24.0),
        at_most("a tenth of the cells lost [h]", lost, 240.0),
        besides=backlog <= adaptive < terminal < lost,
    )


def _order(runs: Runs) -> Finding:
    run = runs["weaned"]
    lif, stat3 = run.first_time("lif", 0.5, 60), run.first_time("stat3", 0.5, 60)
    stat5 = run.course("stat5")
    fallen = stat5[(stat5.index >= 59 * DAY_MIN) & (stat5 <= 0.5)]
    stat5_h = (float(fallen.index[0]) - 59 * DAY_MIN) / 60.0 if len(fallen) else float("inf")
    dominant = run.signal("stat3", 62) > run.signal("stat5", 62)
    return seen_to_hold(
        f"LIF: {in_hours(lif)}, STAT3: {in_hours(stat3)}, STAT5 halved: {in_hours(stat5_h)}; STAT3 above STAT5 "
        f"after two days: {'yes' if dominant else 'no'}",
        at_most("STAT3 up after the last feed [h]", stat3, 72.0),
        at_most("STAT5 halved after the last feed [h]", stat5_h, 72.0),
        besides=lif < stat3 and dominant,
    )


def _reversible(runs: Runs) -> Finding:
    usual = runs["usual"].made_ml_per_day(80, 84)
    early, late = (runs[name].made_ml_per_day(80, 84) / usual for name in ("early", "late"))
    return seen_to_hold(
        f"{early:.0%} of the milk two weeks after {REVERSIBLE_H / 2:.0f} h of stasis, {late:.0%} after "
        f"{REVERSIBLE_H * 2:.0f} h",
        at_least("milk two weeks after early stasis [of usual]", early, 0.9),
        at_most("milk two weeks after late stasis [of usual]", late, 0.85),
        besides=late < early,
    )


def _one_sided(runs: Runs) -> Finding:
    run = runs["sealed"]
    left, right = (
        run.signal("active_cells", 100, side) + run.signal("quiescent_cells", 100, side) for side in ("left", "right")
    )
    return seen_to_hold(
        f"{left:.0%} of the cells left in the sealed breast after 40 days, {right:.0%} in the other",
        at_most("cells in the sealed breast [of a gland at term]", left, 0.3),
        at_least("cells in the other breast [of a gland at term]", right, 0.9),
    )


def _interrupted(hours: float) -> dict[str, Any]:
    """Seven pumpings a day, but for so many hours."""
    to_day = 66.0 + hours / 24.0
    return pumped(
        SEVEN_TIMES,
        start_day=60,
        days=24,
        interventions=[
            {"kind": "seal", "side": side, "start_day": 66.0, "end_day": to_day} for side in ("left", "right")
        ],
    )


_WEANED = {
    "start_day": 58,
    "days": 16.5,
    "schedule": [{"kind": "on_demand"}, {"kind": "none", "from_day": 60.0}],
}

CLAIMS = (
    Claim(
        "C22",
        "Stasis triggers involution",
        "STAT3 at least 0.5 after two days without removal, at least 30 % of the cells lost in two weeks",
        {"weaned": _WEANED},
        _weaned,
        {"knock_outs": ["lif"]},
        "LIF",
    ),
    Claim(
        "C23",
        "Backlog, unfolded protein, unfolded protein response; when it persists, loss of cells",
        "in this order after the last feed: backlog, adaptive arm (within 24 h), terminal arm, a tenth of the cells "
        "lost (within 10 days)",
        {"weaned": _WEANED},
        _stress,
        {"knock_outs": ["unfolded_protein_response"]},
        "unfolded protein response",
    ),
    Claim(
        "C24",
        "STAT5 falls, LIF and STAT3 rise and dominate, in hours to days",
        "LIF before STAT3 within 72 h, STAT5 halved within 72 h, STAT3 above STAT5 after two days",
        {"weaned": _WEANED},
        _order,
        {"knock_outs": ["lif"]},
        "LIF",
    ),
    Claim(
        "C25",
        "Early stasis is reversible, late is not",
        "two weeks later at least 90 % of the milk after half the reversible phase of 48 h, at most 85 % after twice "
        "it",
        {
            "usual": _interrupted(1.0),
            "early": _interrupted(REVERSIBLE_H / 2.0),
            "late": _interrupted(REVERSIBLE_H * 2.0),
        },
        _reversible,
        {"knock_outs": ["stat3", "unfolded_protein_response"]},
        "STAT3 and terminal stress: nothing commits the cells",
    ),
    Claim(
        "C26",
        "One sealed breast involutes alone",
        "after 40 days at most 30 % of the cells in the sealed breast, at least 90 % in the other",
        {
            "sealed": {
                "start_day": 60,
                "days": 41,
                **ON_DEMAND,
                "interventions": [{"kind": "seal", "side": "left", "start_day": 60.5}],
            }
        },
        _one_sided,
        {"knock_outs": ["lif", "stat3", "unfolded_protein_response"]},
        "LIF, STAT3 and terminal stress",
    ),
)
