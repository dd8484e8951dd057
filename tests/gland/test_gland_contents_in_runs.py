"""What a run adds to milk, over a whole run; and declarations that cannot work."""

from __future__ import annotations

from math import inf

import pytest

from lactflow.config.additions import Additions
from lactflow.config.model import RunConfig
from lactflow.endocrine.signal import Steps
from lactflow.errors import ConfigError
from lactflow.gland.analytes import ALWAYS_THERE, Analyte
from lactflow.gland.contents import Contents
from lactflow.gland.routes import (
    CarriedThroughCells,
    CrossesJunctions,
    ExchangedWithPlasma,
    RidesPackets,
)
from lactflow.parameters.gland import Gland
from lactflow.records import (
    Balance,
    BottleMade,
    InfantDose,
    LobeSample,
    MemoryRecorder,
    Removal,
    RemovalContent,
    Session,
)
from lactflow.simulation import simulate

CAFFEINE = Analyte("caffeine", "mg", (ExchangedWithPlasma(4.0, 150.0, 300.0),), fat_partition=1.0)
"""Equilibrium: half of the 4 mg/L in plasma, in fat as in skim."""


EXTRAS = (
    CAFFEINE,
    Analyte("siga", "g", (CarriedThroughCells(0.3),)),
    Analyte("marker", "u", (RidesPackets("golgi", synthesised=False, per_l_eq=1.0),)),
    Analyte("lipophilic", "mg", (ExchangedWithPlasma("prolactin", 20.0, 20.0),), fat_partition=100.0),
    Analyte("vitamin", "ug", (RidesPackets("droplet_growth", per_l_eq=500.0),), fat_partition=1e6),
    Analyte("albumin", "g", (CrossesJunctions(40.0, both_ways=False),), resorption=0.5),
)


def simulated(*extras, **keys):
    """Facts of two days of feeds every three hours, in a gland of two lobes."""
    config = RunConfig.model_validate({
        "format": 1, "days": 2.0, "schedule": ({"kind": "every", "hours": 3},), "resolution": {"packet_ml": 0.5},
        "gland": {"lobes_per_breast": 2}, **keys,
    })  # fmt: skip
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder, additions=Additions(analytes=tuple(extras)))
    return recorder.facts


def of(facts, kind):
    """Facts of one kind."""
    return [fact for fact in facts if type(fact) is kind]


@pytest.fixture(scope="module")
def without():
    """A run that adds nothing."""
    return simulated()


@pytest.fixture(scope="module")
def with_extras():
    """The same run with all that can be added."""
    return simulated(*EXTRAS)


def test_what_is_added_changes_no_bit_of_anything_else(without, with_extras):
    """Inert or exchanged: every other fact is the same; a run that adds nothing has no rows of contents."""
    names = {analyte.name for analyte in EXTRAS}
    others = [
        fact
        for fact in with_extras
        if type(fact) not in (RemovalContent, InfantDose, BottleMade)
        and not (type(fact) is Balance and fact.quantity in names)
    ]
    assert others == without
    assert not of(without, RemovalContent)


def test_the_balance_of_what_is_added_closes(with_extras):
    """To 1e-9, with what came and what left beside each other."""
    rows = {row.quantity: row for row in of(with_extras, Balance)}
    for analyte in EXTRAS:
        row = rows[analyte.name]
        assert abs(row.residual) <= 1e-9
        assert row.unit == analyte.unit
        assert row.removed > 0.0
    assert list(rows)[-7:] == [*(analyte.name for analyte in EXTRAS), "membrane"]
    assert rows["caffeine"].lost > rows["caffeine"].removed
    assert rows["siga"].made == rows["marker"].made == 0.0
    assert rows["marker"].gained > 0.0
    assert rows["vitamin"].made > 0.0


def test_removal_contents_has_a_row_for_each_removal_and_extra(with_extras):
    """In the order of removals; amounts over volumes are the means."""
    removals, contents = of(with_extras, Removal), of(with_extras, RemovalContent)
    assert len(contents) == len(EXTRAS) * len(removals)
    for number, row in enumerate(contents):
        removal, analyte = removals[number // len(EXTRAS)], EXTRAS[number % len(EXTRAS)]
        assert (row.session, row.breast) == (removal.session, removal.breast)
        assert (row.analyte, row.unit) == (analyte.name, analyte.unit)
        if removal.removed_ml > 0.0:
            assert row.mean_per_l == pytest.approx(row.amount / removal.removed_ml * 1000.0, rel=1e-12)
        else:
            assert (row.amount, row.mean_per_l, row.first_per_l, row.last_per_l) == (0.0, None, None, None)
    removed = sum(row.amount for row in contents if row.analyte == "siga")
    assert removed == pytest.approx({row.quantity: row for row in of(with_extras, Balance)}["siga"].removed, rel=1e-9)


def test_milk_over_plasma_is_that_of_two_clearances_and_the_flow(with_extras):
    """R X / (X + Q): fresh milk dilutes what is exchanged."""
    volume_ml = sum(row.removed_ml for row in of(with_extras, Removal))
    amount_mg = sum(row.amount for row in of(with_extras, RemovalContent) if row.analyte == "caffeine")
    cells = [row.active_cells + row.quiescent_cells for row in of(with_extras, LobeSample)]
    out_ml_per_h = 2.0 * 300.0 * sum(cells) / len(cells)
    by_hand = 0.5 * out_ml_per_h / (out_ml_per_h + volume_ml / 48.0)
    assert amount_mg / volume_ml * 1000.0 / 4.0 == pytest.approx(by_hand, rel=0.03)


def test_pregnancy_begins_with_what_it_settles_to():
    """Two days of pregnancy: what is there of each extra changes by less than 15 %, as the milk does."""
    rows = {row.quantity: row for row in of(simulated(*EXTRAS, start_day=-20.0, schedule=({"kind": "none"},)), Balance)}
    for analyte in EXTRAS:
        row = rows[analyte.name]
        assert row.initial > 0.0
        assert row.stored + row.in_transit == pytest.approx(row.initial, rel=0.15), analyte.name


def test_fat_soluble_is_richer_in_hind_milk_and_water_soluble_is_not(with_extras):
    """What is in fat rises as fat does; what is in skim does not rise. Albumin is not there yet in the first feeds."""
    rows = of(with_extras, RemovalContent)
    fat = [row.fat_end_g_per_l / row.fat_start_g_per_l for row in of(with_extras, Removal) if row.removed_ml > 20.0]
    ratios = {}
    for analyte in EXTRAS[:-1]:
        ratios[analyte.name] = [
            row.last_per_l / row.first_per_l
            for row, removal in zip(
                (row for row in rows if row.analyte == analyte.name), of(with_extras, Removal), strict=True
            )
            if removal.removed_ml > 20.0
        ]
    mean = {name: sum(values) / len(values) for name, values in ratios.items()}
    assert sum(fat) / len(fat) > 1.5
    assert mean["vitamin"] == pytest.approx(sum(fat) / len(fat), rel=0.02)
    assert 1.3 < mean["lipophilic"] < mean["vitamin"]
    assert mean["caffeine"] == pytest.approx(1.0, abs=0.03)
    assert 0.9 < mean["siga"] < 1.0
    assert 0.9 < mean["marker"] < 1.0


def test_the_infant_swallows_what_was_taken(monkeypatch):
    """What it keeps is what removals held; expressed milk is what pumps took, and none of what it drank."""
    kept = {}
    from lactflow import simulation

    sessions_of = simulation.Sessions

    def keep(*args, **told):
        kept.update(sessions=sessions_of(*args, **told), infants=told["infants"])
        return kept["sessions"]

    monkeypatch.setattr(simulation, "Sessions", keep)
    pumping = {"kind": "pump", "times": ("01:30",), "minutes": 15}
    facts = simulated(*EXTRAS[:2], days=0.5, schedule=({"kind": "every", "hours": 3}, pumping))
    kinds = {row.session: row.kind for row in of(facts, Session)}
    contents = [row for row in of(facts, RemovalContent) if kinds[row.session] == "feed"]
    swallowed, sessions = kept["infants"][0].body.swallowed, kept["sessions"]
    for index, analyte in enumerate(EXTRAS[:2], start=ALWAYS_THERE):
        amount = sum(row.amount for row in contents if row.analyte == analyte.name)
        assert amount > 0.0
        assert swallowed.amounts[index] == pytest.approx(amount, rel=1e-9)
    pumped = [row for row in of(facts, Removal) if row.kind == "pump"]
    expressed_ml = sum(row.removed_ml for row in pumped)
    assert expressed_ml > 10.0
    assert sessions.bottles.expressed.volume_ml == pytest.approx(expressed_ml, rel=1e-9)
    assert [(bottle.time_min, bottle.breast) for bottle in sessions.bottles.stored] == [
        (row.end_min, row.breast) for row in pumped
    ]
    fed_ml = sum(row.removed_ml for row in of(facts, Removal) if row.kind == "feed")
    assert swallowed.volume_ml == pytest.approx(fed_ml, rel=1e-9)


# -- declarations that cannot work -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("analyte", "message"),
    [
        (Analyte("x", "g"), "analyte 'x': it declares no route"),
        (Analyte("x", "g", ("plasma",)), "'plasma' is no route (routes are RidesPackets, CrossesJunctions"),
        (Analyte("x", "g", (RidesPackets("plasma", per_l_eq=1.0),)), "packets take nothing up at 'plasma'; nearest is"),
        (Analyte("x", "g", (RidesPackets("golgi"),)), "RidesPackets: per_l_eq is missing"),
        (Analyte("x", "g", (RidesPackets("rer", per_l_eq=1.0, immature_per_l_eq=2.0),)), "rer do not follow maturity"),
        (Analyte("x", "g", (CrossesJunctions("cafeine"),)), "no signal 'cafeine'; nearest is 'caffeine'"),
        (Analyte("x", "g", (ExchangedWithPlasma("a", 1.0, 1.0),)), "ExchangedWithPlasma: there is no signal 'a'"),
        (Analyte("x", "g", (CarriedThroughCells(1.0, level="a"),)), "CarriedThroughCells: there is no signal 'a'"),
        (Analyte("x", "g", (ExchangedWithPlasma(1.0, -1.0, 1.0),)), "into_ml_per_h is -1.0 (0 or more, finite)"),
        (Analyte("x", "g", (CrossesJunctions(1.0), CrossesJunctions(2.0))), "2 routes are CrossesJunctions (at most"),
        (Analyte("x", "g", (CrossesJunctions(1.0),), fat_partition=inf), "fat_partition is inf"),
        (Analyte("x", "g", (CrossesJunctions(1.0),), resorption=-1.0), "resorption is -1.0"),
        (Analyte("fat", "g", (CrossesJunctions(1.0),)), "analyte 'fat': this name is taken"),
        (Analyte("two words", "g", (CrossesJunctions(1.0),)), "analyte 'two words': its name is not made of letters"),
        (Analyte("membrane", "m2", (CrossesJunctions(1.0),)), "analyte 'membrane': this name is taken"),
    ],
)
def test_a_declaration_that_cannot_work_is_an_error_by_name(analyte, message):
    """When the contents are built, and so before a run begins; never a `KeyError`."""
    with pytest.raises(ConfigError) as caught:
        Contents(Gland(), (analyte,), {"caffeine": Steps(1.0)})
    assert message in str(caught.value)


def test_all_problems_are_reported_when_a_run_is_built():
    """Of every declaration, and nothing has been simulated."""
    recorder = MemoryRecorder()
    config = RunConfig.model_validate({"format": 1, "days": 1.0})
    wrong = (Analyte("a", "g"), Analyte("b", "g", (CrossesJunctions("nothing"),)), CAFFEINE, CAFFEINE)
    with pytest.raises(ConfigError) as caught:
        simulate(config, recorder, additions=Additions(analytes=tuple(wrong)))
    assert [str(problem).split(":")[0] for problem in caught.value.problems] == [
        "analyte 'a'", "analyte 'b'", "analyte 'caffeine'"
    ]  # fmt: skip
    assert not recorder.facts


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"routes": CrossesJunctions(40.0)}, "routes are CrossesJunctions(level=40.0, factor=1.0, both_ways=True) (a"),
        ({"routes": (CarriedThroughCells("0.3"),)}, "CarriedThroughCells: per_day is '0.3' (0 or more, finite)"),
        ({"routes": (CarriedThroughCells(None),)}, "CarriedThroughCells: per_day is None (0 or more, finite)"),
        ({"routes": (CrossesJunctions(None),)}, "level is None (0 or more, finite, or the name of a signal)"),
        ({"routes": (CrossesJunctions(4.0, both_ways="no"),)}, "both_ways is 'no' (true or false)"),
        ({"routes": (RidesPackets(5, per_l_eq=1.0),)}, "RidesPackets: stage is 5 (one of rer, golgi"),
        ({"routes": (RidesPackets("rer", per_l_eq="1"),)}, "RidesPackets: per_l_eq is '1' (0 or more, finite)"),
        ({"unit": 5}, "unit is 5 (a text, such as 'mg')"),
        ({"resorption": "1"}, "resorption is '1' (0 or more, finite)"),
        ({"fat_partition": None}, "fat_partition is None (0 or more, finite)"),
    ],
)  # fmt: skip
def test_a_field_of_the_wrong_type_is_an_error_by_name(changed, message):
    """Nothing is left for the run to stumble over."""
    with pytest.raises(ConfigError) as caught:
        Contents(Gland(), (CAFFEINE._replace(**changed),))
    (problem,) = caught.value.problems
    assert str(problem).startswith("analyte 'caffeine': ")
    assert message in str(problem)


def test_a_name_is_a_text():
    """Also one that could be no key."""
    with pytest.raises(ConfigError, match=r"analyte \[\]: its name is not made of letters"):
        Contents(Gland(), (CAFFEINE._replace(name=[]),))
