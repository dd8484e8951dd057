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
        for name, columns in _columns(rival.mechanism, size, late_h, days).items():
            kinds[name].append(columns | {"mother": np.full(len(next(iter(columns.values()))), mother)})
    tables = {
        name: pd.DataFrame({key: np.concatenate([part[key] for part in parts]) for key in parts[0]})
        for name, parts in kinds.items()
    }
    drawn = tuple(rival.drawn(how.seed, mother) for mother in how.numbers)
    return Cohort(rival, tuple(how.numbers), drawn, tables)


def _columns(mechanism, size, late_h, days):
    """Of one mother: milk that comes in, sodium that falls with it, a pumping at the end of each day."""
    times, start = np.arange(0.0, days * DAY + 1.0, SAMPLE), np.arange(60.0, days * DAY, DAY / FEEDS)
    amount = size
    for each in mechanism.split("+"):  # one mechanism, or both at once
        amount, late_h = amount * LESS.get(each, 1.0), late_h + SLOWER.get(each, 0.0)
    ready, made = (1.0 / (1.0 + np.exp(-(when / 60.0 - late_h) / 10.0)) for when in (start, times))
    taken, number = 75.0 * amount * ready, np.arange(len(start))
    fed = number % FEEDS != FEEDS - 1
    kind = np.where(fed, "feed", "pump").astype(object)
    milk = {
        "sodium_mmol_per_l": 8.0 + 60.0 * (1.0 - ready),
        "potassium_mmol_per_l": np.full(len(start), 14.0),
        "lactose_g_per_l": 50.0 + 20.0 * ready,
        "citrate_mmol_per_l": 4.0 * ready,
        "protein_g_per_l": 12.0 + 8.0 * (1.0 - ready),
        "removed_ml": taken / 2.0,
        "available_ml": taken,
    }
    both = {"session": number, "kind": kind, "start_min": start, "end_min": start + 15.0, **milk}
    low = 0.2 if "low_prolactin" in mechanism else 1.0
    grown = np.interp(times, start, np.cumsum(taken) * 0.0003) - 0.1 * np.minimum(times / (3.0 * DAY), 1.0)
    return {
        "sessions": {
            "session": number,
            "kind": kind,
            "infant": np.where(fed, 0.0, np.nan),
            "start_min": start,
            "intake_ml": np.where(fed, taken, 0.0),
        },
        "removals": {key: np.tile(each, 2) for key, each in both.items()} | {"breast": _sides(len(start))},
        "infants": {"time_min": times, "infant": np.zeros(len(times)), "weight_kg": 3.41 + grown},
        "hormones": {"time_min": times, "prolactin_ng_per_ml": np.full(len(times), low * 150.0 * np.sqrt(size))},
        "breasts": {
            "time_min": np.tile(times, 2),
            "breast": _sides(len(times)),
            "secretion_ml_per_h": np.tile(15.0 * amount * made, 2),
        },
    }


def _sides(count):
    return np.repeat(np.array(BREASTS, dtype=object), count)
