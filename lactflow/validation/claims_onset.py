"""Claims C01 to C12: pregnancy, onset, and what milk is made of."""

from __future__ import annotations

from math import isnan

from lactflow.kinetics import plain_sum
from lactflow.units import DAY_MIN
from lactflow.validation.claim import (
    Claim,
    Finding,
    Runs,
    at_least,
    at_most,
    between,
    in_hours,
    ratio,
    seen_to_hold,
)
from lactflow.validation.runs import MOTHERS, ON_DEMAND, PREGNANCY, SEVEN_TIMES, pumped
from lactflow.validation.simulated import Simulated

FIRST_WEEK = {"start_day": 1, "days": 8, **ON_DEMAND}


def _mean(values: list[float]) -> float:
    return plain_sum(values) / len(values)


def _pregnancy(runs: Runs) -> Finding:
    run = runs["pregnancy"]
    made, stored = run.made_ml_per_day(-4, 1), run.breasts.tail(2)["volume_ml"].sum()
    return seen_to_hold(
        f"{made:.1f} mL a day made, {stored:.0f} mL stored",
        between("milk made before birth [mL/day]", made, 1.0, 60.0),
        between("milk stored before birth [mL]", stored, 2.0, 100.0),
    )


def _braked(runs: Runs) -> Finding:
    run = runs["pregnancy"]
    prolactin, made = run.hormones["prolactin_ng_per_ml"].iloc[-1], run.made_ml_per_day(-4, 1)
    return seen_to_hold(
        f"prolactin {prolactin:.0f} ng/mL, {made:.1f} mL a day",
        at_least("prolactin at term [ng/mL]", prolactin, 150.0),
        at_most("milk made at term [mL/day]", made, 60.0),
    )


def _more_prolactin(runs: Runs) -> Finding:
    one, ten = (runs[name].made_ml_per_day(-4, 1) for name in ("pregnancy", "ten-fold"))
    return seen_to_hold(
        f"{one:.2f} mL a day, {ten:.2f} with ten times the prolactin",
        at_most("milk made at ten times the prolactin [mL/day]", ten, 60.0),
        besides=abs(ten - one) <= 0.01 * one,
    )


def _collapse(runs: Runs) -> Finding:
    hormones = runs["birth"].hormones
    levels = dict(zip(hormones["time_min"], hormones["progesterone_ng_per_ml"], strict=True))
    term, after_1, after_3 = (levels[day * DAY_MIN] for day in (0, 1, 3))
    return seen_to_hold(
        f"{term:.0f} ng/mL at term, {after_1:.1f} after 1 day, {after_3:.1f} after 3 days",
        at_most("progesterone after a day [of term]", ratio(after_1, term), 0.2),
        at_most("progesterone after three days [of term]", ratio(after_3, term), 0.05),
    )


def _onset(runs: Runs) -> Finding:
    onsets = [run.onset_h() for run in runs.values()]
    days = [_mean([run.removed_ml_per_day(day, day + 1) for run in runs.values()]) for day in (1, 2, 3, 5)]
    onset = _mean(onsets)
    return seen_to_hold(
        f"onset: {in_hours(onset)}; {', '.join(f'{day:.0f}' for day in days)} mL on days 1, 2, 3, 5",
        between("onset of copious milk [h]", onset, 48.0, 72.0),
        at_least("milk on day 5 [mL/day]", days[3], 350.0),
        besides=days[0] < days[1] < days[2] < days[3],
    )


def _retained(runs: Runs) -> Finding:
    run = runs["retained"]
    before, after = run.made_ml_per_day(5, 16), run.made_ml_per_day(18, 20)
    late = run.onset_h()
    since = late - 15.0 * 24.0
    return seen_to_hold(
        f"{before:.0f} mL a day on days 5 to 15; copious milk after removal: {in_hours(since)}, {after:.0f} mL a day "
        f"two days later",
        at_most("milk made with the placenta [mL/day]", before, 60.0),
        at_most("copious milk after its removal [h]", since, 48.0),
        at_least("milk two days after its removal [mL/day]", after, 150.0),
        besides=not isnan(late) and since > 0.0,
    )


def _substrate(runs: Runs) -> Finding:
    fed, fasting = (runs[name].made_ml_per_day(63, 70) for name in ("fed", "fasting"))
    fall = 1.0 - fasting / fed
    return seen_to_hold(
        f"{fed:.0f} mL a day, {fasting:.0f} at 0.6 of the substrate: -{fall:.0%}",
        between("less milk at 0.6 of the substrate [share]", fall, 0.08, 0.35),
    )


def _junctions(runs: Runs) -> Finding:
    early, stasis = runs["first week"], runs["stasis"]
    sodium = [early.concentration("sodium_mmol_per_l", day, day + 1) for day in (1, 8)]
    chloride = [early.concentration("chloride_mmol_per_l", day, day + 1) for day in (1, 8)]
    lactose = [early.concentration("lactose_g_per_l", day, day + 1) for day in (1, 8)]
    usual = stasis.concentration("sodium_mmol_per_l", 60, 61)
    held = stasis.concentration("sodium_mmol_per_l", 63, 63.2)
    return seen_to_hold(
        f"sodium {sodium[0]:.0f} to {sodium[1]:.0f}, chloride {chloride[0]:.0f} to {chloride[1]:.0f} mmol/L, lactose "
        f"{lactose[0]:.0f} to {lactose[1]:.0f} g/L from day 1 to 8; sodium {usual:.1f} to {held:.1f} after 2 days of "
        f"stasis",
        at_least("sodium, day 1 over day 8", ratio(sodium[0], sodium[1]), 2.0),
        at_least("chloride, day 1 over day 8", ratio(chloride[0], chloride[1]), 1.5),
        at_most("lactose, day 1 over day 8", ratio(lactose[0], lactose[1]), 0.8),
        at_most("sodium on day 8 [mmol/L]", sodium[1], 20.0),
        at_least("sodium after two days of stasis [of before]", ratio(held, usual), 1.3),
    )


def _amount(run: Simulated, quantity: str, column: str) -> float:
    balance = run["balance"]
    return float(balance.loc[balance["quantity"] == quantity, column].iloc[0])


def _fusion(runs: Runs) -> Finding:
    run = runs["pumped"]
    made = _amount(run, "membrane", "made")
    residual = max(abs(_amount(run, quantity, "residual")) for quantity in ("membrane", "protein"))
    return seen_to_hold(
        f"{made:.0f} m2 brought by fusion; membrane and protein balance to {residual:.0e}",
        at_least("membrane brought by fusion [m2]", made, 10.0),
        besides=residual <= 1e-9,
    )


def _osmosis(runs: Runs) -> Finding:
    usual, without = runs["usual"], runs["no lactose synthase"]
    share = without.removed_ml_per_day(65, 70) / usual.removed_ml_per_day(65, 70)
    thick = without.concentration("protein_g_per_l", 65, 70) / usual.concentration("protein_g_per_l", 65, 70)
    return seen_to_hold(
        f"{share:.0%} of the volume, protein {thick:.1f}-fold",
        at_most("volume without lactose synthase [of usual]", share, 0.4),
        at_least("protein without lactose synthase [of usual]", thick, 2.5),
    )


def _wrapped(runs: Runs) -> Finding:
    run = runs["pumped"]
    spent, made_g = _amount(run, "membrane", "removed"), _amount(run, "fat", "made")
    per_g = spent / made_g if made_g > 0.0 else 0.0
    return seen_to_hold(
        f"{spent:.0f} m2 of membrane left with fat, {per_g:.2f} m2/g",
        between("membrane that leaves with fat [m2/g]", per_g, 1.0, 5.4),
    )


def _two_lines(runs: Runs) -> Finding:
    no_fusion, no_budding = runs["no fusion"], runs["no budding"]
    lobes = no_fusion.lobes
    first, last = lobes["time_min"].iloc[0], lobes["time_min"].iloc[-1]
    least = float(lobes.loc[lobes["time_min"] == last, "apical_membrane_fraction"].mean())
    begun = float(lobes.loc[lobes["time_min"] == first, "apical_membrane_fraction"].mean())
    spent = _amount(no_fusion, "membrane", "removed")
    growing = float(lobes.loc[lobes["time_min"] == last, "budding_queue"].sum())
    usual = runs["usual"].removed_ml_per_day(63, 65)
    skim = no_budding.removed_ml_per_day(63, 65)
    fat = no_budding.concentration("fat_g_per_l", 63, 65)
    return seen_to_hold(
        f"fusion blocked: {spent:.2f} m2 of membrane spent on fat, {begun:.2f} to {least:.2f} of it left, "
        f"{growing:.0f} packets wait; budding blocked: {skim / usual:.0%} of the volume with {fat:.1f} g/L of fat",
        at_least("membrane spent, fusion blocked [m2]", spent, 0.1),
        at_most("membrane left, fusion blocked [of usual]", least, 0.45),
        at_least("volume, budding blocked [of usual]", ratio(skim, usual), 0.75),
        at_most("fat, budding blocked [g/L]", fat, 5.0),
        besides=growing > 0,
    )


_NO_PROGESTERONE_RECEPTOR = {"knock_outs": ["progesterone_receptor"]}
_ESTABLISHED = pumped(SEVEN_TIMES, start_day=60, days=10)

CLAIMS = (
    Claim(
        "C01",
        "In late pregnancy the gland is primed: some colostrum, no copious milk",
        "1 to 60 mL a day made and 2 to 100 mL stored in the last days of pregnancy",
        {"pregnancy": PREGNANCY},
        _pregnancy,
        _NO_PROGESTERONE_RECEPTOR,
        "progesterone receptor",
    ),
    Claim(
        "C02",
        "Progesterone brakes despite high prolactin",
        "at most 60 mL a day at term while prolactin is at least 150 ng/mL",
        {"pregnancy": PREGNANCY},
        _braked,
        _NO_PROGESTERONE_RECEPTOR,
        "progesterone receptor",
    ),
    Claim(
        "C03",
        "The brake is on the genes: raising prolactin ten-fold at term does not release it",
        "at most 60 mL a day at ten times the prolactin, within 1 % of that at its usual level",
        {
            "pregnancy": PREGNANCY,
            "ten-fold": {**PREGNANCY, "endocrine": {"prolactin": {"term_ng_per_ml": 1980.0}}},
        },
        _more_prolactin,
        _NO_PROGESTERONE_RECEPTOR,
        "progesterone receptor",
    ),
    Claim(
        "C04",
        "Delivery of the placenta collapses progesterone",
        "at most 20 % of the level at term after a day, and 5 % after three days",
        {"birth": {"start_day": 0, "days": 5, "infants": [], "schedule": []}},
        _collapse,
        {"interventions": [{"kind": "retained_placenta", "share": 1.0}]},
        "delivery of the placenta",
    ),
    Claim(
        "C05",
        "Copious milk starts 48 to 72 h after delivery",
        "both breasts make 15 mL/h at 48 to 72 h; days 1, 2, 3, 5 give more and more, day 5 at least 350 mL "
        "(means of five mothers)",
        {f"seed {seed}": {**FIRST_WEEK, "seed": seed} for seed in MOTHERS},
        _onset,
        {"interventions": [{"kind": "retained_placenta", "share": 1.0}]},
        "delivery of the placenta",
    ),
    Claim(
        "C06",
        "A retained placenta delays it; removal starts it",
        "at most 60 mL a day on days 5 to 15; 15 mL/h within 48 h of removal, 150 mL a day two days later",
        {
            "retained": {
                **FIRST_WEEK,
                "days": 20,
                "interventions": [{"kind": "retained_placenta", "end_day": 16.0}],
            }
        },
        _retained,
        _NO_PROGESTERONE_RECEPTOR,
        "progesterone receptor",
    ),
    Claim(
        "C07",
        "The cell takes raw material from blood: less substrate, less milk",
        "8 to 35 % less milk at 0.6 of the substrate, the same pumping",
        {
            "fed": _ESTABLISHED,
            "fasting": {
                **_ESTABLISHED,
                "interventions": [{"kind": "blood_substrate", "start_day": 60.0, "level": 0.6}],
            },
        },
        _substrate,
        {"gland": {"composition": {"substrate_exponent": 0.0, "alpha_lactalbumin_half_effect": 0.001}}},
        "need of substrate for translation and lactose",
    ),
    Claim(
        "C08",
        "Tight junctions are fence and gate: early milk is high in sodium and chloride and low in lactose, normal "
        "after closure; the leak returns with stasis",
        "day 1 against day 8: sodium at least two-fold and then at most 20 mmol/L, chloride 1.5-fold, lactose at most "
        "0.8; sodium 1.3-fold after two days of stasis",
        {
            "first week": FIRST_WEEK,
            "stasis": {
                **_ESTABLISHED,
                "days": 4,
                "interventions": [
                    {"kind": "seal", "side": side, "start_day": 61.0, "end_day": 63.0} for side in ("left", "right")
                ],
            },
        },
        _junctions,
        {"knock_outs": ["tight_junction"]},
        "closure of the junctions",
    ),
    Claim(
        "C09",
        "Protein leaves by fusion, and no cytoplasm is lost",
        "fusion brings membrane; protein and membrane balance to 1e-9, so nothing but packets left the cells",
        {"pumped": _ESTABLISHED},
        _fusion,
        {"knock_outs": ["vesicle_fusion"]},
        "vesicle fusion",
    ),
    Claim(
        "C10",
        "Lactose is the osmotic engine: without lactose synthase milk is scant and thick",
        "at most 40 % of the volume, protein at least 2.5-fold",
        {"usual": _ESTABLISHED, "no lactose synthase": {**_ESTABLISHED, "knock_outs": ["lactose_synthase"]}},
        _osmosis,
        {"gland": {"composition": {"lactose_mmol_per_l": 10.0, "other_osmoles_mmol_per_l": 200.0}}},
        "lactose as the osmotic engine: other solutes draw the water",
    ),
    Claim(
        "C11",
        "Fat leaves wrapped in apical membrane; membrane is spent",
        "1.0 to 5.4 m2 of membrane leave with each gram of fat",
        {"pumped": _ESTABLISHED},
        _wrapped,
        {"knock_outs": ["droplet_budding"]},
        "droplet budding",
    ),
    Claim(
        "C12",
        "The two lines are independent: with fusion blocked fat still buds until membrane runs out; with budding "
        "blocked milk is skim",
        "fusion blocked: within 6 h membrane is spent on fat until at most 45 % is left, and droplets wait; budding "
        "blocked: at least 75 % of the volume, with at most 5 g/L of fat",
        {
            "usual": _ESTABLISHED,
            "no fusion": {
                **_ESTABLISHED,
                "days": 0.25,
                "knock_outs": ["vesicle_fusion"],
                "resolution": {"packet_ml": 0.05},
            },
            "no budding": {**_ESTABLISHED, "knock_outs": ["droplet_budding"]},
        },
        _two_lines,
        {"gland": {"membrane": {"globule_m2_per_g": 0.1}}},
        "wrapping: globules take almost no membrane",
    ),
)
