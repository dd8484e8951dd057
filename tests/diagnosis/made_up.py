"""Virtual mothers that were never simulated: tables from a formula, for tests of what is done with them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lactflow.chance import Streams
from lactflow.diagnosis.virtual import Cohort
from lactflow.records import BREASTS

DAY, SAMPLE = 1440.0, 180.0
FEEDS = 8
SLOWER = {"late_onset": 36.0}
LESS = {"small_gland": 0.4, "weak_transfer": 0.7, "low_prolactin": 0.6}


def made_up_cohorts(her, rivals, how, progress=None):
    """In the place of `virtual.cohorts`: the same arguments, and cohorts of the same form."""
    if progress is not None:
        progress(1.0, 0.0)
    return [_cohort(her, rival, how) for rival in rivals]


def _cohort(her, rival, how):
    days = int(np.ceil(her.scenario.config.days))
    kinds = {"sessions": [], "removals": [], "infants": [], "hormones": [], "breasts": []}
    for mother in how.numbers:
        chance = Streams(how.seed, mother).at(f"made up {rival.mechanism}")
        size, late_h = np.exp(0.2 * chance.standard_normal()), 60.0 + 10.0 * chance.standard_normal()
        for name, table in _tables(rival.mechanism, size, late_h, days).items():
            kinds[name].append(table.assign(mother=mother))
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in kinds.items()}
    drawn = tuple(rival.drawn(how.seed, mother) for mother in how.numbers)
    return Cohort(rival, tuple(how.numbers), drawn, tables)


def _tables(mechanism, size, late_h, days):
    """Of one mother: milk that comes in, sodium that falls with it, a pumping at the end of each day."""
    times = np.arange(0.0, days * DAY + 1.0, SAMPLE)
    start = np.arange(60.0, days * DAY, DAY / FEEDS)
    amount = size * LESS.get(mechanism, 1.0)
    ready = 1.0 / (1.0 + np.exp(-(start / 60.0 - late_h - SLOWER.get(mechanism, 0.0)) / 10.0))
    taken = 75.0 * amount * ready
    kind = np.where(np.arange(len(start)) % FEEDS == FEEDS - 1, "pump", "feed")
    sessions = pd.DataFrame({"session": np.arange(len(start)), "kind": kind, "start_min": start})
    sessions["infant"] = np.where(kind == "feed", 0.0, np.nan)
    sessions["intake_ml"] = np.where(kind == "feed", taken, 0.0)
    sides = []
    for breast in BREASTS:
        milk = {"sodium_mmol_per_l": 8.0 + 60.0 * (1.0 - ready), "potassium_mmol_per_l": 14.0 + 0.0 * ready}
        milk |= {"lactose_g_per_l": 50.0 + 20.0 * ready, "citrate_mmol_per_l": 4.0 * ready}
        milk |= {"protein_g_per_l": 12.0 + 8.0 * (1.0 - ready), "removed_ml": taken / 2.0, "available_ml": taken}
        sides.append(sessions[["session", "kind", "start_min"]].assign(breast=breast, end_min=start + 15.0, **milk))
    gained = np.interp(times, start, np.cumsum(taken) * 0.0003) - 0.1 * np.minimum(times / (3.0 * DAY), 1.0)
    secretion = 15.0 * amount / (1.0 + np.exp(-(times / 60.0 - late_h - SLOWER.get(mechanism, 0.0)) / 10.0))
    low = 0.2 if mechanism == "low_prolactin" else 1.0
    return {
        "sessions": sessions,
        "removals": pd.concat(sides, ignore_index=True),
        "infants": pd.DataFrame({"time_min": times, "infant": 0, "weight_kg": 3.41 + gained}),
        "hormones": pd.DataFrame({"time_min": times, "prolactin_ng_per_ml": low * 150.0 * np.sqrt(size)}),
        "breasts": pd.concat(
            [pd.DataFrame({"time_min": times, "breast": b, "secretion_ml_per_h": secretion}) for b in BREASTS],
            ignore_index=True,
        ),
    }
