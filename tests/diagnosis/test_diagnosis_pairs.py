"""Two mechanisms at once: as one declaration, as virtual mothers, and as one more rival with a table of its own."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
from made_up import made_up_cohorts
from records import BIRTH, HEADER, config_of, read

from lactflow.diagnosis import diagnose as module
from lactflow.diagnosis.diagnose import diagnose
from lactflow.diagnosis.files import JUDGED_FIRST, NONE, shipped
from lactflow.diagnosis.her import her
from lactflow.diagnosis.observing import Readings, observations_of
from lactflow.diagnosis.pair import apart, both, leading
from lactflow.diagnosis.rival import Draw, Rival
from lactflow.diagnosis.together import answer_of_both, found_together, not_together, prior_with_both, side_by_side
from lactflow.diagnosis.virtual import Simulated, checked, cohorts, config_with, key_of
from lactflow.errors import ConfigError

NAMED = ["late_onset", "small_gland"]
PAIR = "late_onset+small_gland"
ROWS = (
    *(f"2031-05-0{day} 09:00,weight,,{grams},g," for day, grams in ((5, 3250), (7, 3300), (9, 3350))),
    *(f"2031-05-0{day} 09:00,sodium,left,{value},mmol/L," for day, value in ((5, 50), (6, 30), (7, 15))),
)


def own(name, **changes):
    """A mechanism of a user's own."""
    draws = {"a": Draw(what="a", low=0.2, high=0.6)}
    return Rival(format=1, mechanism=name, title=name, meaning=name, draws=draws, **changes)


@pytest.mark.parametrize("names", list(combinations(JUDGED_FIRST[1:], 2)), ids="+".join)
def test_a_pair_is_one_mechanism_laid_over_the_other(names):
    """In either order, with the severities that the same mother has of each alone; and its ends are in bounds."""
    base, two = config_of(days=12), [shipped(name) for name in names]
    pair = both(*two)
    checked(base, pair)
    for mother in (0, 7):
        alone = [each.drawn(1, mother) for each in two]
        together = pair.drawn(1, mother)
        assert list(together.values()) == [value for each in alone for value in each.values()]
        assert set(together) == set(pair.draws)
        laid_over = config_with(config_with(base, two[0], alone[0]), two[1], alone[1])
        assert config_with(base, pair, together) == laid_over
    assert apart(base, *two) is None


def test_names_of_a_pair_are_those_of_no_mechanism():
    """Draws of two mechanisms do not mix, whatever their names are together; the title may be long."""
    first, second = own("a", factors={"mother.gland_size": "a"}), own("a_a", factors={"infants.*.latch": "a"})
    pair = both(first, second)
    assert pair.mechanism == "a+a_a"
    assert set(pair.draws) == {"a.a", "a_a.a"}
    assert pair.factors == {"mother.gland_size": "a.a", "infants.*.latch": "a_a.a"}
    with pytest.raises(ValueError, match="letters, digits and underscores"):
        own(pair.mechanism, factors={"mother.gland_size": "a"})
    long = both(*(own("x" * 39 + each, factors={"mother.gland_size": "a"}) for each in "ab"))
    assert len(long.mechanism) == 81


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (own("a", feeds=({"kind": "every", "hours": {"draw": "a"}},)), shipped("infrequent_removal"), "say when feeds"),
        (own("a", factors={"mother.gland_size": "a"}), shipped("small_gland"), "both set mother.gland_size"),
        (own("a", acting={"onset_h": "a"}), shipped("late_onset"), "both set gland.genes.mrna_h"),
        (own("a", factors={"infants.1.latch": "a"}), shipped("weak_transfer"), "both set infants.1.latch"),
        (
            own("a", interventions=({"kind": "mastitis", "side": "left", "severity": {"draw": "a"}, "start_day": 3},)),
            shipped("mastitis"),
            "both are an intervention mastitis",
        ),
    ],
)
def test_two_that_set_the_same_cannot_act_together(first, second, why):
    """Whichever comes first; of twins the latch of one of them is enough."""
    base = config_of(infants=[{}, {"latch": 0.8}])
    assert why in (apart(base, first, second) or "")
    assert why in (apart(base, second, first) or "")


def test_a_pair_acts_on_both_twins():
    """Relative to the latch of each, beside a small gland."""
    base = config_of(infants=[{}, {"latch": 0.8}])
    pair = both(shipped("small_gland"), shipped("weak_transfer"))
    twins = config_with(base, pair, {"small_gland.size": 0.5, "weak_transfer.latch": 0.25})
    assert [each.latch for each in twins.infants] == [pytest.approx(0.25), pytest.approx(0.2)]
    assert twins.mother.gland_size == pytest.approx(0.5 * base.mother.gland_size)


def test_leaders_are_the_two_that_change_something():
    """`none` is passed over, and the pair has one name, whoever leads."""
    rivals = [shipped(name) for name in (NONE, "late_onset", "small_gland", "mastitis")]
    for order in ([NONE, "small_gland", "late_onset", "mastitis"], ["late_onset", NONE, "small_gland", "mastitis"]):
        assert [each.mechanism for each in leading(order, rivals)] == NAMED
    assert leading([NONE, "late_onset"], rivals[:2]) is None


def test_the_prior_of_both_is_the_product():
    """Of the two, times what is given; all add up to 1, and the others keep their odds."""
    found = prior_with_both([0.5, 0.3, 0.2], (1, 2))
    assert found == pytest.approx([each / 1.06 for each in (0.5, 0.3, 0.2, 0.06)])
    assert prior_with_both([0.5, 0.3, 0.2], (1, 2), 10.0)[3] == pytest.approx(0.6 / 1.6)


@pytest.mark.parametrize(
    ("probabilities", "answer"),
    [((0.8, 0.2), "both"), ((0.79, 0.2), "cannot tell"), ((0.1, 0.39), "cannot tell"), ((0.1, 0.4), "one")],
)
def test_four_times_is_enough(probabilities, answer):
    """As between single mechanisms."""
    assert answer_of_both(*probabilities) == answer


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a record; mothers that were never simulated."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "cohorts", made_up_cohorts)
    (tmp_path / "record.csv").write_text("\n".join([HEADER, BIRTH, *ROWS, ""]), encoding="utf-8")
    return tmp_path


def test_a_pair_has_a_table_of_its_own_and_changes_nothing_else(here):
    """With all mechanisms in it; without a pair the other tables are the same, byte for byte."""
    found = diagnose("record.csv", mechanisms=NAMED, mothers=40)
    alone = diagnose("record.csv", mechanisms=NAMED, mothers=40, pairs=False)
    for name in ("diagnoses", "observations", "confusion", "next", "courses"):
        assert (found.path / f"{name}.parquet").read_bytes() == (alone.path / f"{name}.parquet").read_bytes()
    assert set(found.pairs["mechanism"]) == {NONE, *NAMED, PAIR}
    assert found.pairs["probability"].sum() == pytest.approx(1.0)
    assert found.pairs["of_both"].sum() == pytest.approx(1.0)
    rows = found.pairs.set_index("mechanism")
    assert rows.loc[PAIR, "right"] == rows.loc[PAIR, "of_both"]
    assert rows.loc[PAIR, "prior"] == pytest.approx((1 / 9) / (1 + 1 / 9))
    assert found.manifest["pair"]["of"] == NAMED
    assert found.manifest["leaders"] == alone.manifest["leaders"]
    assert len(alone.pairs) == 0
    assert list(alone.pairs.columns) == list(found.pairs.columns)
    assert (alone.manifest["pair"], alone.pair_in_words()) == (None, "")
    more = diagnose("record.csv", mechanisms=NAMED, mothers=40, pair_prior=8.0)
    assert more.pairs.set_index("mechanism").loc[PAIR, "probability"] > rows.loc[PAIR, "probability"]


def test_a_pair_is_printed(invoke, here):
    """Beside each alone and all others; in the JSON with its table."""
    options = ("--mothers", "40", "--mechanism", NAMED[0], "--mechanism", NAMED[1], "--quiet")
    text = " ".join(invoke("diagnose", "record.csv", *options).stdout.split())
    for words in (
        "late onset of copious milk and small gland at once",
        "both at once?",
        "small gland alone",
        "if both",
    ):
        assert words.lower() in text.lower()
    found = json.loads(invoke("diagnose", "record.csv", *options, "--json").stdout)
    assert {row["mechanism"] for row in found["pairs"]} == {NONE, *NAMED, PAIR}
    assert found["pair"]["answer"] in ("both", "cannot tell", "one")
    assert found["pair_in_words"]
    without = invoke("diagnose", "record.csv", *options, "--no-pairs").stdout
    assert "at once" not in without


def test_where_there_is_no_pair_it_says_why(invoke, here):
    """One mechanism beside `none`; two that set the same key."""
    found = diagnose("record.csv", mechanisms=["small_gland"], mothers=40)
    assert found.manifest["pair"] == {"why_not": "there is only one mechanism that changes something"}
    assert found.pair_in_words().startswith("Both at once: not simulated, there is only one")
    text = "format: 1\nmechanism: less\ntitle: less gland\nmeaning: x\ndraws: {a: {what: a, low: 0.2, high: 0.4}}\n"
    (here / "less.yaml").write_text(text + "factors: {mother.gland_size: a}\n", encoding="utf-8")
    result = invoke(
        "diagnose", "record.csv", "--mechanism", "small_gland", "--mechanism", "less.yaml", "--mothers", "40"
    )
    said = " ".join(result.stdout.split())
    assert "not simulated, small gland and less gland cannot act together (both set mother.gland_size)." in said


@pytest.mark.parametrize("times", ["0", "-1", "nan", "1e9"])
def test_a_prior_of_both_that_is_none_is_refused(invoke, here, times):
    """Before anything is written."""
    result = invoke("diagnose", "record.csv", "--mothers", "40", "--pair-prior", times)
    assert result.exit_code == 2
    assert "prior of both at once" in result.stderr
    assert not (here / "outputs").exists()


def test_a_pair_whose_config_is_none_is_no_pair(here, monkeypatch):
    """The answer about single mechanisms is kept."""

    def refused(base, rival):
        checked(base, rival)
        if "+" in rival.mechanism:
            raise ConfigError(f"mechanism {rival.mechanism}: x", "y")

    monkeypatch.setattr(module, "checked", refused)
    found = diagnose("record.csv", mechanisms=NAMED, mothers=40)
    assert found.status == "complete"
    assert found.manifest["pair"]["why_not"].endswith("(mechanism late_onset+small_gland: x)")


def test_progress_of_both_parts_is_one(here):
    """Three mechanisms, then the pair: a quarter."""
    shares = []
    diagnose("record.csv", mechanisms=NAMED, mothers=40, progress=lambda share, _: shares.append(share))
    assert shares == [0.75, 1.0]


def mean_of_both(folder, make, mothers, names=NAMED):
    """Mean probability of the pair that virtual mothers get who taught nothing: with both, and with each alone."""
    hers = her(read(folder, *ROWS))
    rivals = [shipped(NONE), *(shipped(name) for name in names)]
    pair = both(*rivals[1:])
    everyone = [*make(hers, rivals, mothers), *make(hers, [pair], mothers)]
    observations, _ = observations_of(hers.record)
    found = found_together(hers, observations, everyone, prior_with_both([1 / 3] * 3, (1, 2), 3.0), 1)
    return found, pair, Readings(observations, 3.41)


def test_mothers_with_both_get_more_for_both(tmp_path):
    """On average, than for either alone; made up, with a late onset of half the milk."""

    def make(hers, rivals, mothers):
        return made_up_cohorts(hers, rivals, Simulated(1, range(mothers), 1, None))

    found, pair, _ = mean_of_both(tmp_path, make, 80)
    rows = found.table.set_index("mechanism")
    assert rows["of_both"].idxmax() == pair.mechanism
    assert rows.loc[pair.mechanism, "right"] > 0.5
    shown = side_by_side(found.table, found.about)
    assert list(shown["title"][:3]) == [pair.title, "late onset of copious milk alone", "small gland alone"]
    assert shown["title"].iloc[3] == "any other"
    assert np.isnan(shown["low"].iloc[3])
    assert shown["probability"].sum() == pytest.approx(1.0)


def test_no_pair_is_an_empty_table():
    """With the same columns."""
    assert not_together(None).about is None
    assert list(not_together("why").table.columns)[:2] == ["mechanism", "title"]


@pytest.mark.slow
@pytest.mark.fast_build
def test_simulated_mothers_with_both_get_more_for_both(tmp_path):
    """A small gland and a weak transfer, six days; the pair is in the cache, and its newborns are those of others."""
    how = Simulated(1, range(40), 2, tmp_path / "cache")

    def make(hers, rivals, _):
        return cohorts(hers, rivals, how)

    found, pair, _ = mean_of_both(tmp_path, make, 40, ["small_gland", "weak_transfer"])
    rows = found.table.set_index("mechanism")
    alone = [rows.loc[name, "of_both"] for name in ("small_gland", "weak_transfer")]
    assert rows.loc[pair.mechanism, "of_both"] > max(alone)
    hers = her(read(tmp_path, *ROWS))
    assert (tmp_path / "cache" / key_of(hers, pair, how)).is_dir()
