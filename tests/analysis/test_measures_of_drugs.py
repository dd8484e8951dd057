"""Measures of drugs: those of `run.drugs()`, by day, of one drug and of several, in runs, comparisons and sweeps."""

from __future__ import annotations

import json
import math
import re

import pytest

import lactflow
from lactflow.analysis.at_days import parsed
from lactflow.analysis.daily import MEASURES, by_replicate, measures_in
from lactflow.analysis.drug_names import DRUG_MEASURES, drug_measures_in, is_of_drug, of_drug, split
from lactflow.analysis.in_words import measure
from lactflow.analysis.paired import says_something
from lactflow.cli.compare import _cells, _lines
from lactflow.cli.summary import _cell, _Row
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.experiments.sweep.close import close

CONFIG = {
    "start_day": 40,
    "days": 2.0,
    "gland": {"lobes_per_breast": 1},
    "resolution": {"packet_ml": 1.0},
    "record": {"visits": False},
    "schedule": [{"kind": "every", "hours": 3}],
}
PARACETAMOL = {"drug": "paracetamol", "dose_mg": 1000, "times": ["08:00", "20:00"]}
CAFFEINE = {"drug": "caffeine", "dose_mg": 100, "times": ["08:00"]}
NOTHING_IN_MILK = """
format: 1
drug: stays
kinetics: {clearance_l_per_h: 58, volume_l: 290, absorption_per_h: 1.5}
sources: {kinetics: {cite: "made up", seen: true}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Simulates a small gland with keys of its own."""

    def simulated(**keys):
        return lactflow.run({**CONFIG, **keys}, out=tmp_path_factory.mktemp("run"), workers=1)

    return simulated


@pytest.fixture(scope="module")
def one(run):
    """A mother who takes paracetamol."""
    return run(drugs=[PARACETAMOL])


@pytest.fixture(scope="module")
def both(run):
    """The same who drinks coffee."""
    return run(drugs=[PARACETAMOL, CAFFEINE])


def test_they_are_those_of_the_drugs_of_a_run(one):
    """Whole days and one infant: sums over days are what `run.drugs()` has, under plain names."""
    (row,) = one.drugs().to_dict("records")
    found = one.summary()
    assert list(found) == [*MEASURES, *DRUG_MEASURES]
    for name in DRUG_MEASURES:
        assert found[name] == pytest.approx(row[name], rel=1e-9), name
    assert 1.0 < found["rid_percent"] < 4.0


def test_a_day_has_its_own_doses_and_feeds(one):
    """By hand for the second day: what was swallowed and taken on it, and its largest feed."""
    second = one.daily().iloc[1]
    swallowed = one["infant_doses"].merge(one["sessions"][["session", "start_min"]], on="session")
    swallowed = swallowed[swallowed["start_min"] >= 40.0 * 1440.0]
    taken = one["doses"].query("time_min >= 40 * 1440")["mg_per_kg"].sum()
    assert taken == pytest.approx(2000.0 / 70.0)
    assert second["rid_percent"] == pytest.approx(100.0 * swallowed["amount_per_kg"].sum() / taken, rel=1e-9)
    share = swallowed["amount"].max() / swallowed["amount"].sum()
    assert second["worst_feed_share"] == pytest.approx(share, rel=1e-9)
    assert one.daily()["worst_feed_share"].mean() == pytest.approx(one.summary()["worst_feed_share"], rel=1e-9)


def test_of_several_drugs_each_has_its_name(one, both):
    """What each alone would have; by measure, then by drug, and no plain name that would be of none of them."""
    found = both.summary()
    names = [of_drug(name, drug) for name in DRUG_MEASURES for drug in ("caffeine", "paracetamol")]
    assert list(found) == [*MEASURES, *names]
    alone = one.summary()
    for name in DRUG_MEASURES:
        assert found[of_drug(name, "paracetamol")] == alone[name]
    (coffee,) = both.drugs().query("drug == 'caffeine'").to_dict("records")
    assert found["rid_percent[caffeine]"] == pytest.approx(coffee["rid_percent"], rel=1e-9)


def test_a_run_without_drugs_has_none(run):
    """The measures of every run, in tables as in words."""
    plain = run()
    assert list(plain.summary()) == list(MEASURES)
    assert not drug_measures_in(plain.daily())
    assert not drug_measures_in(plain.daily().attrs["units"])
    assert not drug_measures_in(plain.stages())


def test_they_are_unknown_not_0_where_there_is_nothing_to_know(run):
    """Nobody to swallow it, no dose in a day, no way into milk, no milk."""
    pumped = run(infants=[], schedule=[{"kind": "pump", "times": ["08:00", "20:00"]}], drugs=[PARACETAMOL]).summary()
    assert math.isnan(pumped["rid_percent"])
    assert math.isnan(pumped["worst_feed_share"])
    assert pumped["rid_conventional_percent"] > 0.0
    days = run(drugs=[{**PARACETAMOL, "from_day": 40, "to_day": 40}]).daily()
    assert days["rid_percent"].notna().tolist() == [True, False]
    assert days["milk_plasma_ratio"].notna().all()
    late = run(schedule=[{"kind": "every", "hours": 3, "from_day": 41}], drugs=[PARACETAMOL]).daily()
    assert late["rid_conventional_percent"].notna().tolist() == [False, True]


def test_what_does_not_get_into_milk_has_no_measure(tmp_path):
    """And leaves the plain names to the drug that does."""
    (tmp_path / "stays.yaml").write_text(NOTHING_IN_MILK)
    stays = {"drug": "stays", "dose_mg": 5, "times": ["08:00"]}
    config = tmp_path / "config.yaml"
    config.write_text(
        json.dumps({"format": 1, **CONFIG, "drug_library": ["stays.yaml"], "drugs": [PARACETAMOL, stays]})
    )
    found = lactflow.run(config, out=tmp_path, workers=1).summary()
    assert list(found) == [*MEASURES, *DRUG_MEASURES]


def test_twins_have_the_mean_of_both(run):
    """As their weight is: a mean over infants."""
    twins = run(infants=[{}, {}], drugs=[PARACETAMOL])
    rows = twins.drugs()
    assert len(rows) == 2
    for name in ("rid_percent", "worst_feed_share"):
        assert twins.summary()[name] == pytest.approx(rows[name].mean(), rel=1e-9)


def test_a_heavier_mother_has_another_relative_dose(run, one):
    """Two thirds of the dose for each kilogram, 1.5**0.75 of the clearance: 1.5**0.25 of the relative dose."""
    heavy = run(drugs=[PARACETAMOL], mother={"weight_kg": 105.0})
    assert heavy["doses"]["mg_per_kg"].tolist() == pytest.approx([1000.0 / 105.0] * 4)
    assert heavy.summary()["rid_percent"] / one.summary()["rid_percent"] == pytest.approx(1.5**0.25, rel=0.05)


def test_a_warm_up_leaves_out_doses_and_feeds(one):
    """The second day alone."""
    after, second = by_replicate(one, 1.0).iloc[0], one.daily().iloc[1]
    for name in DRUG_MEASURES:
        assert after[name] == pytest.approx(second[name], rel=1e-9), name


def test_doses_that_are_days_apart_are_spread_over_these_days(run):
    """However long the run is, and whether a dose falls into it or not: a seventh of a week's dose a day."""
    weekly = {"drug": "caffeine", "dose_mg": 700, "times": ["08:00"], "every_days": 7}
    forever = [run(days=days, drugs=[weekly]) for days in (1.0, 2.0)]
    forever.append(run(drugs=[{**weekly, "from_day": 36}]))  # the next dose is due on day 43, after the run
    for each in forever:
        (row,) = each.drugs().to_dict("records")
        assert row["dose_mg_per_day"] == pytest.approx(100.0, rel=1e-12)
        assert each.summary()["rid_percent"] == pytest.approx(row["rid_percent"], rel=1e-9)
        assert each.summary()["rid_conventional_percent"] == pytest.approx(row["rid_conventional_percent"], rel=1e-9)
        per_kg = each["infant_doses"]["amount_per_kg"].sum() / len(each.daily())
        assert row["rid_percent"] == pytest.approx(100.0 * per_kg / (100.0 / 70.0), rel=1e-9)
        assert each.daily()["rid_percent"].notna().all()
    assert forever[2]["doses"].empty
    assert forever[1]["doses"]["dose_mg"].tolist() == [700.0]


def test_doses_of_both_kinds_are_spread_each_over_its_days(run):
    """By hand: 50 mg a day, and 140 mg for four days, from the first of them on."""
    daily = {"drug": "caffeine", "dose_mg": 50, "times": ["08:00"]}
    rarely = {"drug": "caffeine", "dose_mg": 140, "times": ["12:00"], "every_days": 4, "from_day": 41}
    found = run(drugs=[daily, rarely])
    (row,) = found.drugs().to_dict("records")
    after_first = 1440.0 * 41 - found["doses"].query("dose_mg == 140")["time_min"].iloc[0]
    assert row["dose_mg_per_day"] == pytest.approx(50.0 + 35.0 * after_first / 1440.0 / 2.0, rel=1e-9)
    rates = found["drugs_taken"]["mg_per_kg_day"] * 70.0
    assert rates.tolist() == pytest.approx([50.0, 85.0])


def test_where_no_dose_counts_a_warning_says_so():
    """Once for a drug; nothing of one that counts, and nothing twice of one that begins after the run."""

    def odd(*entries):
        warnings = load_scenario({"format": 1, **CONFIG, "drugs": list(entries)}).warnings
        return [each for each in warnings if "drugs." in each]

    once = {**PARACETAMOL, "from_day": 38, "to_day": 38}
    line = "drugs.0 (paracetamol): no dose counts in the run, so that it has no relative infant dose"
    assert odd(once) == [line]
    assert odd(once, {**once, "times": ["10:00"]}) == [line]
    assert odd(once, PARACETAMOL) == odd({**once, "every_days": 7}) == []
    assert odd({**once, "from_day": 37, "to_day": 37, "every_days": 2}) == [line]
    assert odd({"drug": "cabergoline", "dose_mg": 1, "from_day": 38}) == []  # none of it gets into milk
    (late,) = odd({**PARACETAMOL, "from_day": 50})
    assert "the run is over" in late


def test_a_drug_and_what_the_body_makes_of_it_have_a_sum(run):
    """By hand, as milligrams of the drug: what milk has, what was swallowed; as a row and as measures of their own."""
    found = run(drugs=[{"drug": "fluoxetine", "dose_mg": 20, "times": ["08:00"]}])
    rows = found.drugs().set_index("drug")
    assert list(rows.index) == ["fluoxetine", "norfluoxetine", "fluoxetine+metabolites"]
    drug, made, both = (rows.loc[name] for name in rows.index)
    for name in ("milk_mg_per_l", "plasma_mg_per_l", "infant_mg_per_kg_day", "infant_mg_per_l", "rid_percent"):
        assert both[name] == pytest.approx(drug[name] + made[name] / 0.955, rel=1e-9), name
    assert both["dose_mg_per_day"] == 20.0
    assert both["milk_plasma_ratio"] == pytest.approx(both["milk_mg_per_l"] / both["plasma_mg_per_l"], rel=1e-12)
    measures = found.summary()
    for name in DRUG_MEASURES:
        assert measures[name] == pytest.approx(drug[name], rel=1e-9), name
        assert measures[of_drug(name, "fluoxetine+metabolites")] == pytest.approx(both[name], rel=1e-9), name


def test_a_drug_that_works_by_what_is_made_of_it_has_that_sum_alone(run):
    """None of it gets into milk by itself: half a milligram for each of the metabolite, which is twice as heavy."""
    made = {"drug": "made", "formed_share": 0.5, "molar_ratio": 2.0, "clearance_l_per_h": 4.0, "volume_l": 30.0}
    made["passage"] = {"class": "neutral", "unbound_plasma": 0.5}
    before = {"kinetics": {"clearance_l_per_h": 8.0, "volume_l": 60.0}, "metabolites": [made]}
    library = {"before": {**before, "sources": {name: {"cite": "made up"} for name in before}}}
    found = run(days=1.0, drug_library=library, drugs=[{"drug": "before", "dose_mg": 100, "times": ["08:00"]}])
    rows, measures = found.drugs().set_index("drug"), found.summary()
    assert list(rows.index) == ["before", "made", "before+metabolites"]
    assert math.isnan(rows.loc["before", "rid_percent"])
    assert rows.loc["before+metabolites", "rid_percent"] == pytest.approx(
        rows.loc["made", "rid_percent"] / 2.0, rel=1e-9
    )
    assert [name for name in measures if name not in MEASURES] == [
        of_drug(name, "before+metabolites") for name in DRUG_MEASURES
    ]
    for name in DRUG_MEASURES:
        measured = measures[of_drug(name, "before+metabolites")]
        assert measured == pytest.approx(rows.loc["before+metabolites", name], rel=1e-9), name


def test_names_are_read_as_they_are_written():
    """With a drug, with days; others are refused with the nearest."""
    assert split("rid_percent[a-b]") == ("rid_percent", "a-b")
    assert split("rid_percent") == ("rid_percent", "")
    assert split("rid_percent[]") == ("rid_percent[]", "")
    assert not is_of_drug("fat_g_per_l[caffeine]")
    assert str(parsed("rid_percent[caffeine]@40:41")) == "rid_percent[caffeine]@40:41"
    assert parsed("rid_percent@40")[:2] == ("rid_percent", 40)
    with pytest.raises(ConfigError, match=r"no measure 'rid_procent' \(nearest: rid_percent\)"):
        parsed("rid_procent")
    with pytest.raises(ConfigError, match=r"no measure 'fat_g_per_l\[caffeine\]'"):
        parsed("fat_g_per_l[caffeine]@4")
    assert measure("rid_percent[caffeine]@40") == ("relative infant dose as swallowed (caffeine), day 40", "%")
    assert measures_in(["worst_feed_share", "rid_percent[b]", "rid_percent[a]"]) == [
        *MEASURES,
        "rid_percent[a]",
        "rid_percent[b]",
        "worst_feed_share",
    ]


def test_a_comparison_has_them_where_an_arm_takes_a_drug(tmp_path):
    """A difference for what both take; none, and no error, where one takes nothing."""
    later = {"drugs": [{**PARACETAMOL, "times": ["10:00", "22:00"]}]}
    arms = [{**CONFIG, "days": 1.0, "name": "early", "drugs": [PARACETAMOL]}]
    arms += [{**CONFIG, "days": 1.0, "name": "late", **later}, {**CONFIG, "days": 1.0, "name": "without"}]
    found = lactflow.compare(arms, replicates=2, out=tmp_path, workers=1)
    rows = found.differences.set_index(["scenario", "measure"])
    assert list(dict.fromkeys(found.differences["measure"])) == [*MEASURES, *DRUG_MEASURES]
    assert rows.loc[("late", "rid_percent"), "replicates"] == 2
    assert rows.loc[("late", "rid_percent"), "baseline_mean"] == pytest.approx(
        found.runs["early"].drugs()["rid_percent"].mean(), rel=1e-9
    )
    assert rows.loc[("without", "rid_percent"), "replicates"] == 0
    assert math.isnan(rows.loc[("without", "rid_percent"), "difference"])
    assert math.isnan(rows.loc[("without", "rid_percent"), "mean"])
    alone = rows.loc[("without", "rid_percent"), "baseline_mean"]
    assert alone == rows.loc[("late", "rid_percent"), "baseline_mean"]
    shown = found.differences[says_something(found.differences)]
    assert "rid_percent" in set(shown.loc[shown["scenario"] == "without", "measure"])
    assert "worst_feed_share" in set(shown["measure"])
    assert set(shown["measure"]) <= {*found.differences.dropna(subset="difference")["measure"], *DRUG_MEASURES}
    printed = [line for line in _lines(found, None, []) if line.startswith("relative infant dose as swallowed")][-1]
    assert re.search(rf"{alone:.3f}|{alone:.2f}", printed)
    assert "nan" not in printed
    assert found.differences.attrs["units"]["rid_percent"] == "%"


def test_small_ratios_have_digits_that_count():
    """In a comparison and in a summary; other measures as ever."""
    row = {"baseline_mean": 0.00469, "mean": 0.00512, "difference": 0.00043, "low": 0.0004, "high": 0.0005}
    cells = _cells({"measure": "milk_plasma_ratio[infliximab]", **row})
    assert cells == ("0.00469", "0.00512", "+0.00043", "0.00040 to 0.00050", "*")
    assert _cells({"measure": "inhibitor", **row})[:2] == ("0.005", "0.005")
    assert _cell(0.00469, _Row("milk_plasma_ratio", 3)) == "0.00469"
    assert _cell(4.0224, _Row("rid_percent[a+metabolites]", 3)) == "4.02"
    assert _cell(math.nan, _Row("rid_percent", 3)) == "-"
    assert _cell(4.0224, _Row("fat_g_per_l", 1)) == "4.0"


def test_a_sweep_has_them_in_the_rows_that_know_them(tmp_path):
    """Points that take nothing, one drug, and two, each written by itself, and merged."""
    text = {"resolution": "coarse", "gland": {}, "days": 1.0}
    taken = [[], [PARACETAMOL], [PARACETAMOL, CAFFEINE]]
    sweep = lactflow.sweep({**CONFIG, **text}, vary={"drugs": taken}, out=tmp_path, workers=1)
    assert sweep.failures.empty
    known = sweep.results.set_index("point")[["rid_percent", "rid_percent[caffeine]", "rid_percent[paracetamol]"]]
    assert known.notna().to_numpy().tolist() == [[False] * 3, [True, False, False], [False, True, True]]
    assert known.iloc[1, 0] == known.iloc[2, 2]
    assert drug_measures_in(sweep.results) == list(sweep.results.columns[-13:-1])
    rows = sweep.dataset["rows"].to_table()
    assert rows.num_rows == 3
    assert rows["rid_percent"].null_count == 2
    results = sweep.results
    assert len(list((sweep.path / "rows").iterdir())) == 3
    close(sweep.path)
    assert len(list((sweep.path / "rows").iterdir())) == 1
    assert lactflow.open_sweep(sweep.path).results.equals(results)
