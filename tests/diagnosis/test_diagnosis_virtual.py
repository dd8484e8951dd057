"""Virtual mothers: what each mechanism changes in their config, and the cache in which they are kept."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest
from records import config_of, read

from lactflow.config.conditions import slowing, with_conditions
from lactflow.diagnosis import virtual
from lactflow.diagnosis.files import chosen, shipped
from lactflow.diagnosis.her import her
from lactflow.diagnosis.rival import Draw, Rival
from lactflow.diagnosis.virtual import COLUMNS, Simulated, cohorts, config_with, key_of, with_newborn
from lactflow.errors import ConfigError, InterruptedRunError, SomeUnitsFailedError
from lactflow.parameters.newborns import NEWBORNS

SEED, FEW = 1, range(2)
PAIR = ["small_gland"]


def changed(name, values, **keys):
    """Config of an ordinary mother, and the same with a mechanism."""
    base = config_of(start_day=1, days=12, **keys)
    return base, config_with(base, shipped(name), values)


def differences(first, second, path=""):
    """Keys of plain data that differ."""
    if isinstance(first, dict):
        return [key for name in first for key in differences(first[name], second[name], f"{path}.{name}".lstrip("."))]
    return [] if first == second else [path]


def only(pair):
    """Keys in which two configs differ."""
    return differences(*(each.model_dump(by_alias=True) for each in pair))


def test_none_changes_nothing():
    """An ordinary mother is one of the cohort."""
    base, other = changed("none", {})
    assert base == other


@pytest.mark.parametrize("hours", [18.0, 60.0])
def test_late_onset_slows_the_genes(hours):
    """As conditions of the mother that make copious milk late do."""
    pair = base, other = changed("late_onset", {"hours": hours})
    assert only(pair) == ["gland.genes.mrna_h"]
    assert other.gland.genes.mrna_h == pytest.approx(base.gland.genes.mrna_h * slowing(hours))


@pytest.mark.parametrize(
    ("keys", "later_h"),
    [
        ({"birth": {"mode": "caesarean"}}, 6.3),
        ({"birth": {"mode": "caesarean"}, "mother": {"parity": "first", "conditions": ["obesity"]}}, 20.5),
    ],
)
def test_hours_of_a_late_onset_add_up_with_those_of_conditions(keys, later_h):
    """When a mother is drawn, her genes are as slow as all hours together make them, not one factor times another."""
    base, other = changed("late_onset", {"hours": 30.0}, **keys)
    assert other.birth == base.birth
    usual_h, whole_h = (with_conditions(each)[0].gland.genes.mrna_h for each in (config_of(), other))
    assert whole_h == pytest.approx(usual_h * slowing(30.0 + later_h), rel=1e-12)
    assert whole_h < 0.9 * usual_h * slowing(30.0) * slowing(later_h)


def test_water_that_a_mechanism_takes_is_that_of_conditions_in_part():
    """The larger of the two counts, as among conditions."""
    draws = {"a": Draw(what="a", low=0.0, high=0.1)}
    about = {"format": 1, "mechanism": "own", "title": "own", "meaning": "own", "draws": draws}
    rival = Rival(acting={"newborn_weight_loss": "a"}, **about)
    base = config_of(birth={"mode": "caesarean"})
    usual = config_of().dyad.growth.newborn_weight_loss
    for size, whole in ((0.01, 0.015), (0.04, 0.04)):
        found = with_conditions(config_with(base, rival, {"a": size}))[0]
        assert found.dyad.growth.newborn_weight_loss == pytest.approx(usual + whole)


def test_a_small_gland_is_small():
    """Its size, as the condition sets it."""
    pair = changed("small_gland", {"size": 0.3})
    assert only(pair) == ["mother.gland_size"]
    assert pair[1].mother.gland_size == pytest.approx(0.3 * pair[0].mother.gland_size)


def test_low_prolactin_is_low_at_all_times():
    """Every term of it by the same factor."""
    base, other = changed("low_prolactin", {"share": 0.1})
    assert len(only((base, other))) == 4
    for name in ("nonlactating", "term", "suckled", "surge"):
        key = f"{name}_ng_per_ml"
        assert getattr(other.endocrine.prolactin, key) == pytest.approx(0.1 * getattr(base.endocrine.prolactin, key))


def test_weak_transfer_is_that_of_every_infant():
    """Relative to each one's own latch."""
    base, other = changed("weak_transfer", {"latch": 0.25}, infants=[{}, {"latch": 0.8}])
    assert only((base, other)) == ["infants"]
    assert [each.latch for each in other.infants] == [pytest.approx(0.25), pytest.approx(0.2)]


def test_infrequent_removal_replaces_feeds_and_keeps_the_rest():
    """Pumping and single sessions take place as they did."""
    once = {"kind": "once", "sessions": [{"day": 3, "what": "pump", "side": "both", "minutes": 15}]}
    pump = {"kind": "pump", "times": ["10:00"]}
    phases = [{"kind": "on_demand"}, pump, {"kind": "every", "hours": 2, "from_day": 5}, once]
    pair = base, other = changed("infrequent_removal", {"hours": 6.5}, schedule=phases)
    assert only(pair) == ["schedule"]
    assert [phase.kind for phase in other.schedule] == ["every", "pump", "once"]
    assert other.schedule[0].hours == 6.5
    assert other.schedule[1:] == (base.schedule[1], base.schedule[3])


def test_a_retained_fragment_is_an_intervention_beside_hers():
    """It is out on its day."""
    hers = {"kind": "mastitis", "side": "left", "start_day": 4, "end_day": 6}
    pair = base, other = changed("retained_fragment", {"share": 0.4, "end_day": 9.5}, interventions=[hers])
    assert only(pair) == ["interventions"]
    assert other.interventions[0] == base.interventions[0]
    added = other.interventions[1]
    assert (added.kind, added.share, added.end_day) == ("retained_placenta", 0.4, 9.5)


def test_mastitis_begins_on_its_day_and_lasts_its_days():
    """In one breast."""
    _, other = changed("mastitis", {"side": "right", "severity": 0.7, "from_day": 4.0, "days": 5.5})
    (added,) = other.interventions
    assert (added.kind, added.side, added.severity) == ("mastitis", "right", 0.7)
    assert (added.start_day, added.end_day) == (4.0, 9.5)


def test_the_combined_pill():
    """With its dose from its day on."""
    _, other = changed("combined_pill", {"dose_ug": 30.0, "from_day": 3.0})
    (added,) = other.interventions
    assert (added.kind, added.dose_ug, added.start_day) == ("combined_pill", 30.0, 3.0)


@pytest.fixture
def hers(tmp_path):
    """A record of twelve hours: virtual mothers of two days."""
    return her(read(tmp_path, "2031-05-03 20:00,weight,,3300,g,"))


@pytest.fixture
def counted(monkeypatch):
    """Names of the units that are simulated, all of them so far."""
    names = []

    def spy(units, *rest):
        names.extend(unit.named for unit in units)
        return real(units, *rest)

    real = virtual.simulated_side_by_side
    monkeypatch.setattr(virtual, "simulated_side_by_side", spy)
    return names


def how(cache=None, seed=SEED, numbers=FEW, workers=1):
    """A way to simulate them."""
    return Simulated(seed, numbers, workers, cache)


def assert_same(first, second):
    """Cohorts with the same mothers and tables."""
    assert (first.numbers, first.drawn) == (second.numbers, second.drawn)
    assert set(first.tables) == set(second.tables)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table, second.tables[name])


def test_virtual_mothers_have_the_columns_that_are_read(hers, counted):
    """Of each table, with their number; those of one mechanism differ from those of another in it alone."""
    plain, small = cohorts(hers, chosen(PAIR), how())
    assert counted == [f"{name}, mother {number}" for name in ("none", "small_gland") for number in FEW]
    assert set(plain.tables) == set(COLUMNS) - {"removal_contents"}
    for name, table in plain.tables.items():
        assert list(table.columns) == [*COLUMNS[name], "mother"]
        assert set(table["mother"]) == set(FEW)
    assert plain.drawn == ({}, {})
    assert small.drawn == tuple(shipped("small_gland").drawn(SEED, number) for number in FEW)
    last = [each.tables["infants"].groupby("mother")["weight_kg"].first() for each in (plain, small)]
    assert list(last[0]) == list(last[1]) == [3.41, 3.41]
    assert not plain.tables["removals"].equals(small.tables["removals"])


def test_the_second_time_nothing_is_simulated(hers, counted, tmp_path):
    """The tables from the cache are those that were simulated."""
    first = cohorts(hers, chosen(PAIR), how(tmp_path / "cache"))
    assert len(counted) == 4
    for one, other in zip(first, cohorts(hers, chosen(PAIR), how(tmp_path / "cache")), strict=True):
        assert_same(one, other)
    assert len(counted) == 4
    assert not [path for path in (tmp_path / "cache").iterdir() if path.name.startswith(".")]


def test_only_what_is_new_is_simulated(hers, counted, tmp_path):
    """Mechanisms have cohorts of their own: their tables do not depend on which others are asked for."""
    alone = cohorts(hers, chosen(PAIR), how(tmp_path / "cache"))
    counted.clear()
    more = cohorts(hers, chosen([*PAIR, "late_onset"]), how(tmp_path / "cache"))
    assert counted == ["late_onset, mother 0", "late_onset, mother 1"]
    assert [each.rival.mechanism for each in more] == ["none", "late_onset", "small_gland"]
    without = cohorts(hers, chosen([*PAIR, "late_onset"]), how())
    for one, other in zip(more, without, strict=True):
        assert_same(one, other)
    assert_same(alone[1], more[2])


def test_mothers_do_not_depend_on_how_many_there_are(hers):
    """Number 1 of three is number 1 of two."""
    few, more = (cohorts(hers, chosen(PAIR), how(numbers=range(number)))[1] for number in (2, 3))
    for name, table in few.tables.items():
        other = more.tables[name]
        pd.testing.assert_frame_equal(table, other[other["mother"] < 2].reset_index(drop=True))


def test_the_key_is_of_all_that_decides_the_tables(hers, tmp_path):
    """Seed, number of mothers, schedule, facts that are single sessions, what is measured, and the mechanism itself."""
    rival = shipped("small_gland")
    wider = rival.model_copy(update={"draws": {"size": Draw(what="size", low=0.2, high=0.7, scale="log")}})
    pumped = her(read(tmp_path, "2031-05-03 20:00,weight,,3300,g,", "2031-05-03 19:00,pump,,2,mL,"))
    weighed = her(read(tmp_path, "2031-05-03 20:00,weight,,3300,g,", "2031-05-03 19:00,weight,,3300,g,"))
    keys = [
        key_of(hers, rival, how()),
        key_of(hers, rival, how(seed=2)),
        key_of(hers, rival, how(numbers=range(3))),
        key_of(hers, wider, how()),
        key_of(hers, shipped("none"), how()),
        key_of(pumped, rival, how()),
        key_of(her(hers.record, settings=["mother.gland_size=0.9"]), rival, how()),
        key_of(her(hers.record, config={"schedule": [{"kind": "every", "hours": 3}]}), rival, how()),
    ]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("small_gland-") for key in keys if not key.startswith("none-"))
    # What is only observed decides nothing: the cohort serves another record of the same days.
    assert key_of(weighed, rival, how(workers=2)) == keys[0]


@pytest.mark.parametrize("damage", ["cut", "gone", "columns", "mothers", "folder"])
def test_a_damaged_cohort_is_simulated_again_and_replaced(hers, counted, tmp_path, damage):
    """Once: the next time it is there."""
    cache = tmp_path / "cache"
    first = cohorts(hers, chosen(PAIR), how(cache))
    folder = next(path for path in cache.iterdir() if path.name.startswith("small_gland"))
    table = folder / "breasts.parquet"
    if damage == "cut":
        table.write_bytes(table.read_bytes()[:100])
    elif damage == "gone":
        table.unlink()
    elif damage == "columns":
        pd.read_parquet(table).drop(columns="breast").to_parquet(table)
    elif damage == "mothers":
        pd.read_parquet(table).query("mother == 0").to_parquet(table)
    else:
        shutil.rmtree(folder)
        folder.write_text("no folder", encoding="utf-8")
    counted.clear()
    for _ in range(2):
        for one, other in zip(first, cohorts(hers, chosen(PAIR), how(cache)), strict=True):
            assert_same(one, other)
    assert counted == ["small_gland, mother 0", "small_gland, mother 1"]


def test_contents_of_removals_are_kept_where_they_are_asked_for(tmp_path, counted):
    """A cohort without them is not whole then."""
    asked = her(read(tmp_path, "2031-05-03 20:00,glucose,,1,mmol/L,"))
    cache = tmp_path / "cache"
    found = cohorts(asked, chosen(PAIR), how(cache))[0]
    assert set(found.tables["removal_contents"]["analyte"]) == {"glucose"}
    for path in cache.glob("*/removal_contents.parquet"):
        path.unlink()
    counted.clear()
    assert_same(found, cohorts(asked, chosen(PAIR), how(cache))[0])
    assert len(counted) == 4


@pytest.mark.slow
@pytest.mark.fast_build
def test_tables_do_not_depend_on_the_number_of_workers(hers):
    """Two processes give what one gives."""
    for one, other in zip(*(cohorts(hers, chosen(PAIR), how(workers=n)) for n in (1, 2)), strict=True):
        assert_same(one, other)


def test_a_mother_who_fails_is_named(hers, monkeypatch, tmp_path):
    """With her mechanism, and nothing of the others is kept."""

    def broken(order, *rest):
        if order["mother"] == 1:
            raise RuntimeError("a bug")
        return real(order, *rest)

    from lactflow.experiments import in_memory

    real = in_memory.simulated_tables
    monkeypatch.setattr(in_memory, "simulated_tables", broken)
    with pytest.raises(SomeUnitsFailedError) as error:
        cohorts(hers, chosen(PAIR), how(tmp_path / "cache"))
    first, *lines = str(error.value).splitlines()
    assert first.startswith("2 of 4 runs failed")
    assert [line.partition(":")[0] for line in lines] == ["none, mother 1", "small_gland, mother 1"]
    assert not (tmp_path / "cache").exists()


def test_work_that_is_stopped_leaves_no_cohort(hers, tmp_path):
    """A signal stops it between two mothers."""

    def stop(share, _):
        if share > 0.6:
            raise InterruptedRunError(2)

    with pytest.raises(InterruptedRunError):
        cohorts(hers, chosen(PAIR), how(tmp_path / "cache"), stop)
    assert not (tmp_path / "cache").exists()


def test_a_mother_whose_config_is_none_is_named(hers, monkeypatch):
    """A draw that is in bounds at its ends alone cannot end as a traceback."""
    draws = {"a": Draw(what="a", low=0.0, high=0.6), "b": Draw(what="b", low=0.4, high=1.0)}
    mastitis = {"kind": "mastitis", "side": "left", "severity": {"draw": ("a", "b")}, "start_day": 1, "end_day": 2}
    about = {"format": 1, "mechanism": "both", "title": "both", "meaning": "both"}
    rival = Rival(draws=draws, interventions=(mastitis,), **about)
    monkeypatch.setattr(Rival, "drawn", lambda *_: {"a": 0.6, "b": 1.0})
    with pytest.raises(ConfigError, match=r"^mechanism both, mother 0: interventions\.0"):
        cohorts(hers, [shipped("none"), rival], how())


def test_newborns_lose_fluid_by_different_amounts():
    """By the declared spread; the newborn of a mother is the same whatever mechanism she has."""
    base = config_of(start_day=1, days=12)
    usual = base.dyad.growth.newborn_weight_loss
    lost = np.array([with_newborn(base, number).dyad.growth.newborn_weight_loss for number in range(400)])
    assert np.log(lost / usual).std() == pytest.approx(NEWBORNS.fluid_lost_log_sd, rel=0.1)
    assert np.median(lost) == pytest.approx(usual, rel=0.05)
    assert with_newborn(base, 7).dyad.growth.newborn_weight_loss == lost[7]
    assert with_newborn(base, 7).model_copy(update={"dyad": base.dyad}) == base
