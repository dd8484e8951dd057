"""The tissue of one breast: size, storage, ducts that are cut, and a gland that starts with them."""

from __future__ import annotations

import pytest

from lactflow.gland.cell.plasticity import Plasticity
from lactflow.gland.mechanism import Mechanisms
from lactflow.gland.tissue import USUAL, Tissue, gland_of, growth_share
from lactflow.parameters.gland import Gland
from lactflow.records import BreastSample, LetDown, LobeSample, Removal

COARSE = {"gland": {"lobes_per_breast": 3}, "resolution": {"packet_ml": 0.3}, "record": {"sample_min": 60.0}}


@pytest.mark.parametrize(("size", "exponent", "share"), [(1.0, 1.0, 1.0), (2.0, 1.0, 1.0), (0.5, 2.0, 0.25)])
def test_growth_falls_with_the_size_of_a_small_gland(size, exponent, share):
    """A power of the size, and never more than usual."""
    assert growth_share(size, exponent) == share


def test_a_breast_as_usual_has_the_gland_of_the_mother():
    """Not even a copy of it."""
    gland = Gland()
    assert gland_of(gland, USUAL) is gland
    assert gland_of(gland, Tissue(cut=(0,), nerve_share=0.5)) is gland


def test_a_small_breast_has_its_storage_and_less_growth():
    """Half the cells with the storage of 0.8 of a breast: 1.6 times the room for each cell, half the growth."""
    gland = Gland()
    small = gland_of(gland, Tissue(size=0.5, storage_size=0.8))
    assert small.lumen.capacity_ml == pytest.approx(gland.lumen.capacity_ml * 1.6)
    assert small.plasticity.growth_share == 0.5
    assert small.protein_line == gland.protein_line


def test_growth_goes_with_the_share_that_a_gland_is_capable_of():
    """With half of it half as much grows in an hour, to first order."""
    from told import FED

    from lactflow.gland.cell.senses import Senses

    grown = []
    for share in (1.0, 0.5, 0.0):
        some = Plasticity(Gland.model_validate({"plasticity": {"growth_share": share}}), Mechanisms(), FED)
        some.averaged = 0.0
        some.had = some.cells  # nothing to grow back to
        senses = Senses(FED._replace(growth_per_day=0.1))
        senses.stat5 = 1.0
        some.advance(60.0, senses)
        grown.append(some.cells - 1.0)
    assert grown[1] / grown[0] == pytest.approx(0.5, rel=0.01)
    assert grown[2] == 0.0


def breast_at(played, side, index):
    """One sample of a breast."""
    samples = played.table(BreastSample)
    return samples[samples["breast"] == side].iloc[index]


def test_a_small_breast_makes_its_share_of_the_milk(play):
    """0.3 of a breast stores 0.3 of the milk of the other and makes 0.3 of it, to the rounding of its packets."""
    gland = COARSE["gland"] | {"noise": {"sd": 0.0}}
    some = play(start_day=30.0, days=0.3, breasts={"left": {"gland_size": 0.3}}, **COARSE | {"gland": gland})
    for column, index in (("capacity_ml", 0), ("volume_ml", 0), ("secretion_ml_per_h", 1), ("secretion_ml_per_h", 6)):
        left, right = (breast_at(some, side, index)[column] for side in ("left", "right"))
        assert left / right == pytest.approx(0.3, rel=0.03), column


def test_both_breasts_of_a_mother_may_be_small(play):
    """Storage goes with the size unless it is given."""
    small = play(start_day=30.0, days=0.1, mother={"gland_size": 0.5}, breasts={"left": {"gland_size": 0.5}}, **COARSE)
    usual = play(start_day=30.0, days=0.1, **COARSE)
    for side, share in (("left", 0.25), ("right", 0.5)):
        ratio = breast_at(small, side, 0)["capacity_ml"] / breast_at(usual, side, 0)["capacity_ml"]
        assert ratio == pytest.approx(share, rel=0.01)


def test_lobes_that_are_cut_deliver_nothing_and_involute(play):
    """Before birth they have all their cells; on day 20 of a run from birth most are lost, and nothing is ejected."""
    keys = {"schedule": ({"kind": "every", "hours": 3},), "breasts": {"left": {"severed_lobes": 3}}, **COARSE}
    played = play(start_day=1.0, days=19.0, **keys)
    removals, let_downs, lobes = (played.table(kind) for kind in (Removal, LetDown, LobeSample))
    assert removals.loc[removals["breast"] == "left", "removed_ml"].sum() == 0.0
    assert let_downs.loc[let_downs["breast"] == "left", "ejected_ml"].sum() == 0.0
    assert removals.loc[removals["breast"] == "right", "removed_ml"].sum() > 1000.0
    cells = (
        lobes.assign(cells=lobes["active_cells"] + lobes["quiescent_cells"])
        .groupby(["breast", "time_min"])["cells"]
        .mean()
    )
    assert cells["left"].iloc[0] == 1.0
    assert cells["left"].iloc[-1] < 0.6 * cells["right"].iloc[-1]


def test_a_later_run_begins_with_lobes_that_have_involuted(play):
    """Those that are cut have lost cells by day 20, about as many as in a run from birth; the others none."""
    keys = {"breasts": {"left": {"severed_lobes": (0,)}}, **COARSE, "schedule": ({"kind": "every", "hours": 3},)}
    cells = []
    for start_day, days in ((1.0, 19.0), (20.0, 0.01)):
        lobes = play(start_day=start_day, days=days, **keys).table(LobeSample)
        last = lobes[(lobes["breast"] == "left") & (lobes["time_min"] == lobes["time_min"].max())].set_index("lobe")
        cells.append(last["active_cells"] + last["quiescent_cells"])
    assert cells[1][0] < 0.6
    assert cells[0][0] == pytest.approx(cells[1][0], abs=0.15)
    assert cells[1][2] > 0.95


def test_fewer_pulses_come_where_nerves_are_cut(play):
    """A tenth of the rate at the left breast: the same minutes of pumping have far fewer let-downs there."""
    times = ("00:30", "02:30", "04:30", "06:30", "08:30", "10:30", "12:30", "14:30")
    pumped = play(
        start_day=30.0, days=1.0, infants=(), breasts={"left": {"let_down_share": 0.1}},
        schedule=({"kind": "pump", "times": times, "side": "alternate"},), **COARSE,
    )  # fmt: skip
    removals = pumped.table(Removal)
    left, right = (removals.loc[removals["breast"] == side, "let_downs"].mean() for side in ("left", "right"))
    assert left < 0.4 * right


def test_a_feed_goes_on_at_the_second_breast_with_its_own_nerves(play):
    """The left breast has no nerves to speak of; feeds that begin there get their let-downs at the right one."""
    fed = play(
        start_day=30.0, days=2.0, breasts={"left": {"let_down_share": 0.05}},
        schedule=({"kind": "every", "hours": 3},), **COARSE,
    )  # fmt: skip
    removals = fed.table(Removal).sort_values(["session", "start_min"])
    firsts = removals.groupby("session").head(1)
    began_left = set(firsts.loc[firsts["breast"] == "left", "session"])
    seconds = removals[removals["session"].isin(began_left) & (removals["breast"] == "right")]
    assert seconds["let_downs"].mean() > 1.0
    assert firsts.loc[firsts["breast"] == "left", "let_downs"].mean() < 1.0
