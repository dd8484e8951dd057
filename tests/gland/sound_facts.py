"""Play a scenario in memory, and hold its facts against what must be true of any scenario."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from math import isfinite

import pytest

from lactflow.config.model import RunConfig, contradictions
from lactflow.records import (
    Balance,
    BreastSample,
    InfantSample,
    InterventionChange,
    LetDown,
    LobeSample,
    MemoryRecorder,
    Removal,
    Session,
)
from lactflow.simulation import simulate

QUANTITIES = {
    "water", "lactose", "protein", "sodium", "potassium", "chloride", "citrate", "other_solutes", "inhibitor", "fat",
    "membrane",
}  # fmt: skip
OSMOLES = ("lactose", "sodium", "potassium", "chloride", "citrate", "other_solutes")
FRACTIONS = ("unfolded_protein", "upr_adaptive", "upr_terminal", "stat5", "lif", "stat3", "mrna", "junction_leak")
ROUNDING = 1e-9


def valid(keys) -> RunConfig:
    """The config of these keys; it has no contradictions."""
    config = RunConfig.model_validate({"format": 1, **keys})
    assert list(contradictions(config)) == []
    return config


def played(config: RunConfig) -> dict[type, list]:
    """Facts of a run without visits, by kind; checked by `check`."""
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder)
    facts = defaultdict(list)
    for fact in recorder.facts:
        facts[type(fact)].append(fact)
    check(config, facts)
    return facts


def check(config: RunConfig, facts: dict[type, list]) -> None:
    """All that holds of any run."""
    for rows in facts.values():
        for row in rows:
            check_numbers(row)
    check_balance(config, facts)
    check_milk(config, facts)
    check_lobes(facts[LobeSample])
    check_ducts(facts)
    check_sessions(config, facts)
    check_infants(config, facts)
    start_min = (config.start_day - 1.0) * 1440.0
    times = [row.time_min for row in facts[BreastSample]]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (start_min, pytest.approx(start_min + config.days * 1440.0, rel=1e-12))


def check_numbers(row) -> None:
    """Every number is one; none but times, and what a balance is out by, is below 0."""
    for name, value in zip(row._fields, row, strict=True):
        if isinstance(value, float):
            assert isfinite(value), (name, row)
            assert value >= -ROUNDING or name.endswith("_min") or name == "residual", (name, row)


def check_balance(config: RunConfig, facts) -> None:
    """Nothing is made or lost out of nothing, and the volume of milk is that of its water and fat."""
    rows = {row.quantity: row for row in facts[Balance]}
    assert set(rows) == QUANTITIES
    assert max(abs(row.residual) for row in rows.values()) <= 1e-9
    last = facts[BreastSample][-2:]
    stored_ml = rows["water"].stored + rows["fat"].stored / config.gland.composition.fat_density_g_per_ml
    assert sum(row.volume_ml for row in last) == pytest.approx(stored_ml, rel=1e-9, abs=1e-9)
    removed_ml = rows["water"].removed + rows["fat"].removed / config.gland.composition.fat_density_g_per_ml
    assert sum(row.removed_ml for row in facts[Removal]) == pytest.approx(removed_ml, rel=1e-9, abs=1e-9)


def check_milk(config: RunConfig, facts) -> None:
    """Milk is iso-osmotic with plasma, what was taken and what is stored: nothing but water follows solutes."""
    osmolality = config.gland.composition.osmolality_mosm_per_kg
    for row in facts[Removal]:
        if row.osmolality_mosm_per_kg is not None and row.removed_ml > 1e-6:
            assert row.osmolality_mosm_per_kg == pytest.approx(osmolality, rel=1e-9), row
    rows = {row.quantity: row for row in facts[Balance]}
    if rows["water"].stored > 1e-6:
        osmoles = sum(rows[name].stored for name in OSMOLES)
        assert osmoles / rows["water"].stored * 1000.0 == pytest.approx(osmolality, rel=1e-9)


def check_lobes(rows) -> None:
    """Signals are fractions, cells are there, and those that are lost do not come back."""
    lost = defaultdict(float)
    for row in rows:
        assert all(getattr(row, name) <= 1.0 + ROUNDING for name in FRACTIONS), row
        assert row.active_cells + row.quiescent_cells > 0.0
        assert row.lost_cells >= lost[row.breast, row.lobe] - ROUNDING
        lost[row.breast, row.lobe] = row.lost_cells


def check_ducts(facts) -> None:
    """Between sessions ducts are empty: what nobody took has flowed back, and a breast holds what its lobes hold."""
    sessions = [(row.start_min, row.end_min) for row in facts[Session]]
    lobes_ml = defaultdict(float)
    for row in facts[LobeSample]:
        lobes_ml[row.time_min, row.breast] += row.volume_ml
    for row in facts[BreastSample]:
        if not any(start_min <= row.time_min <= end_min for start_min, end_min in sessions):
            assert row.volume_ml == pytest.approx(lobes_ml[row.time_min, row.breast], rel=1e-9, abs=1e-9), row


def check_sessions(config: RunConfig, facts) -> None:
    """A mother has one session at a time, and what was taken is what its breasts gave."""
    sessions = facts[Session]
    assert [row.session for row in sessions] == list(range(len(sessions)))
    for row in sessions:
        assert row.planned_min - ROUNDING <= row.start_min <= row.end_min
        assert row.start_min >= 0.0 or row.kind in ("pump", "hand")
    for before, after in pairwise(sessions):
        assert after.start_min >= before.end_min
    given = defaultdict(float)
    for row in facts[Removal]:
        session = sessions[row.session]
        assert session.start_min <= row.start_min <= row.end_min <= session.end_min
        assert row.kind == session.kind
        given[row.session] += row.removed_ml
    for row in sessions:
        if row.kind != "bottle":
            assert row.intake_ml == pytest.approx(given[row.session], rel=1e-9, abs=1e-9)
    numbers = [row.let_down for row in facts[LetDown]]
    assert sorted(numbers) == [number for number in range(len(numbers) // 2) for _ in range(2)]
    ends_min = (config.start_day - 1.0 + config.days) * 1440.0
    assert all(change.time_min <= ends_min for change in facts[InterventionChange])


def check_infants(config: RunConfig, facts) -> None:
    """They weigh something, drink and do not give back; what they drank is what sessions gave them."""
    intake = defaultdict(float)
    for row in facts[InfantSample]:
        assert row.weight_kg >= 0.3 * config.infants[row.infant].birth_weight_kg - ROUNDING
        assert row.intake_ml >= intake[row.infant] - ROUNDING
        intake[row.infant] = row.intake_ml
    of_sessions = defaultdict(float)
    for row in facts[Session]:
        if row.infant is not None:
            of_sessions[row.infant] += row.intake_ml
    for infant, taken_ml in of_sessions.items():
        assert intake[infant] == pytest.approx(taken_ml, rel=1e-9, abs=1e-9)
