"""Configs of legal values at which equations lose their meaning: no milk at all, and a lumen that is resorbed."""

from __future__ import annotations

import pytest

from lactflow.kinetics import saturation
from lactflow.records import Balance, BreastSample, LobeSample, Removal

ONE_LOBE = {"lobes_per_breast": 1}
DRY = {"other_osmoles_mmol_per_l": 0.0, "immature_fat_fraction": 0.0}
FED = ({"kind": "every", "hours": 3}, {"kind": "pump", "times": ("09:00",)})


@pytest.mark.parametrize("start_day", [-3.0, 1.0, 30.0, 300.0])
@pytest.mark.parametrize("schedule", [(), FED])
def test_cells_that_draw_no_water_and_make_no_fat_make_no_milk(play, start_day, schedule):
    """Nothing is there to start with, nothing comes, and the books are right."""
    played = play(
        start_day=start_day,
        days=0.5,
        gland={"composition": DRY, **ONE_LOBE},
        resolution={"packet_ml": 0.5},
        knock_outs=("lactose_synthase", "prolactin_receptor"),
        schedule=schedule,
    )
    if start_day > 0.0:
        assert (played.table(BreastSample)["volume_ml"] == 0.0).all()
    assert played.table(Removal)["removed_ml"].sum() == 0.0
    assert played.table(Balance)["residual"].abs().max() < 1e-12


@pytest.mark.parametrize(("packet_ml", "checkpoint_min"), [(0.05, 5.0), (0.05, 10.0), (0.07, 20.0)])
def test_a_lumen_may_be_resorbed_to_its_last_drop(play, packet_ml, checkpoint_min):
    """A gland without glucose behind open junctions: what a rounding leaves below nothing counts as nothing."""
    played = play(
        start_day=200.0,
        days=1.5,
        gland={
            "inhibitor": {"steepness": 0.5, "pressure_share": 1.0},
            "tight_junctions": {"resorption_per_h": 2.0},
            "checkpoint_min": checkpoint_min,
            **ONE_LOBE,
        },
        resolution={"packet_ml": packet_ml},
        interventions=(
            {"kind": "retained_placenta"},
            {"kind": "blood_substrate", "start_day": 200.5, "level": 0.0},
        ),
    )
    volumes = played.table(BreastSample)["volume_ml"]
    assert volumes.min() == pytest.approx(0.0, abs=1e-9)
    assert played.table(Balance)["residual"].abs().max() < 1e-12


def test_a_gland_of_which_nothing_is_left_is_still_a_gland(play):
    """Three years of the fastest loss: amounts per cell stay numbers, and hardly any milk is made."""
    played = play(
        start_day=1000.0,
        days=0.3,
        gland={
            "involution": {"loss_per_day": 4.26, "stat5_shut_off": 1.0, "terminal_threshold": 0.16},
            "unfolded_protein_response": {
                "threshold": 0.0,
                "adaptive_h": 0.1,
                "recovery_h": 5.6,
                "recovery_share": 0.0,
            },
            "plasticity": {"set_point": 0.05, "early_growth_per_day": 0.0, "capacity_days": 0.1},
            "lumen": {"largest_fullness": 5.0},
            **ONE_LOBE,
        },
        resolution={"packet_ml": 1e-4},
    )
    lobes = played.table(LobeSample)
    assert (lobes["active_cells"] < 1e-6).all()
    assert (lobes["active_cells"] > 0.0).all()
    assert lobes.drop(columns="breast").notna().all().all()
    assert played.table(Balance)["residual"].abs().max() < 1e-9


def test_a_level_beyond_all_bounds_has_its_full_effect():
    """As has any level where half of it is no number."""
    assert saturation(float("inf"), 1.0, 4.0) == 1.0
    assert saturation(1e308, 1e-300, 4.0) == 1.0
    assert saturation(0.0, 1.0) == 0.0
