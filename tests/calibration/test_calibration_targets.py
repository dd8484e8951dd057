"""The table of targets: its grammar, and every way in which a line can be wrong."""

from __future__ import annotations

import pytest

from lactflow.calibration.targets import read_targets
from lactflow.config.model import RunConfig
from lactflow.errors import ConfigError

CONFIG = RunConfig(format=1, start_day=1.0, days=10.0)
COHORT = RunConfig.model_validate({"format": 1, "start_day": 1.0, "days": 10.0, "mother": {"cohort": 5}})


def read(text, config=CONFIG, ids=(), held_out=()):
    """A table of this text."""
    return read_targets(text.encode(), "t.csv", config, ids, held_out)


def test_a_table_is_read():
    """Columns in any order; days, statistics, weights; blank lines; what is only checked comes last."""
    first, second, third = read(
        "observable,id,value,sd,day,statistic,weight,use,source\n"
        "fat_g_per_l,fat,41,4,,,,check,Kent 2006\n"
        "removed_ml_per_day,milk-5,620,45,5,,2,,\n"
        "\n"
        "removed_ml_per_day,spread,0.2,0.04,3:7,cv,,fit,\n",
        COHORT,
    )
    assert (first.id, first.first_day, first.last_day, first.weight) == ("milk-5", 5, 5, 2.0)
    assert first.observable == "removed_ml_per_day on day 5"
    assert (second.statistic, second.first_day, second.last_day, second.weight) == ("cv", 3, 7, 1.0)
    assert second.observable == "CV between mothers of removed_ml_per_day on days 3 to 7"
    assert (third.id, third.fitted, third.source, third.first_day) == ("fat", False, "Kent 2006", None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a,stored,1,1,,", "t.csv:2: observable: there is no measure 'stored' (nearest: stored_ml)"),
        ("a b,stored_ml,1,1,,", "t.csv:2: id: 'a b' is no id"),
        ("loss,stored_ml,1,1,,", "t.csv:2: id: 'loss' is taken"),
        ("a,stored_ml,much,1,,", "t.csv:2: value: 'much' is no number"),
        ("a,stored_ml,1,inf,,", "t.csv:2: sd: 'inf' is no number"),
        ("a,stored_ml,1,0,,", "t.csv:2: sd: 0 (allowed: above 0)"),
        ("a,stored_ml,1,1,11,", "t.csv:2: day: 11 is not within the run, which begins on day 1 and lasts 10 days"),
        ("a,stored_ml,1,1,7:3,", "t.csv:2: day: '7:3' is no day"),
        ("a,onset_h,1,1,3,", "t.csv:2: day: onset_h belongs to a run, not to a day"),
        ("a,stored_ml,1,1,,median", "t.csv:2: statistic: 'median' is unknown (allowed: mean, sd, cv)"),
        ("a,stored_ml,1,1,,cv", "t.csv:2: statistic: cv of how many mothers? (needed: --mothers 3 or more)"),
        ("a,stored_ml,1,1", "t.csv:2: 4 cells for 6 columns"),
        ("a,stored_ml,1e300,1,,", "t.csv:2: value: 1e300 is outside -1e+12 to 1e+12"),
        ("a,stored_ml,1,1e-200,,", "t.csv:2: sd: 1e-200 (allowed: 1e-09 to 1e+12)"),
        ("a,stored_ml,1,1e300,,", "t.csv:2: sd: 1e300 (allowed: 1e-09 to 1e+12)"),
    ],
)
def test_a_wrong_cell_is_named(line, words):
    """File, line, column, what is allowed."""
    with pytest.raises(ConfigError) as raised:
        read(f"id,observable,value,sd,day,statistic\n{line}\n")
    (problem,) = raised.value.problems
    assert str(problem).startswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the column id is missing"),
        ("id,observable,value,sd\n", "there are no targets"),
        ("id,observabel,value,sd\n", "there is no column 'observabel' (nearest: observable)"),
        ("id,id,observable,value,sd\n", "the column id is there twice"),
        ("id,observable,value,sd\na,stored_ml,1,1\na,stored_ml,2,1\n", "t.csv:3: id: 'a' is given twice"),
        ("id,observable,value,sd,use\na,stored_ml,1,1,check\n", "no target is left to fit to"),
        ("id,observable,value,sd,weight\na,stored_ml,1,1,0\n", "weight: 0 (allowed: above 0; use: check"),
        ("id,observable,value,sd,weight\na,stored_ml,1,1,1e300\n", "weight: 1e300 (allowed: 1e-06 to 1e+06)"),
        (
            "id,observable,value,sd,weight\na,stored_ml,1,1,1e-300\n",
            "weight: 1e-300 (allowed: 1e-06 to 1e+06; use: check",
        ),
        ('id,observable,value,sd\n\n"a\nb",stored_ml,1,1\n\nc,stored_ml,x,1\n', "t.csv:6: value: 'x' is no number"),
        ("\n \nid,observable,value,sdd\n", "t.csv:3: there is no column 'sdd' (nearest: sd)"),
        ("id,observable,value,sd,use\na,stored_ml,1,1,tune\n", "use: 'tune' is unknown (allowed: fit, check)"),
    ],
)
def test_a_wrong_table_is_an_error(text, words):
    """As a whole."""
    with pytest.raises(ConfigError) as raised:
        read(text)
    assert words in str(raised.value)


def test_all_problems_come_at_once():
    """Two lines, three problems."""
    with pytest.raises(ConfigError) as raised:
        read("id,observable,value,sd\na,nothing,x,1\nb,stored_ml,1,-1\n")
    assert len(raised.value.problems) == 3


TABLE = "id,observable,value,sd,use\nmilk,stored_ml,1,1,\nfat,fat_g_per_l,1,1,\nlactose,lactose_g_per_l,1,1,check\n"


def test_targets_are_chosen_and_held_out_by_id():
    """What is not asked for is left out; what is for checking is reported in any case."""
    assert [(each.id, each.fitted) for each in read(TABLE, ids=["fat"])] == [("fat", True), ("lactose", False)]
    found = read(TABLE, held_out=["milk"])
    assert [(each.id, each.fitted) for each in found] == [("fat", True), ("milk", False), ("lactose", False)]


@pytest.mark.parametrize(
    ("ids", "held_out", "words"),
    [
        (["lactose"], [], "--target: lactose is for checking only (use: check)"),
        (["milkk"], [], "--target: there is no target 'milkk' (nearest: milk)"),
        ([], ["fatt"], "--held-out: there is no target 'fatt' (nearest: fat)"),
        (["fat"], ["fat"], "--held-out: fat is also given by --target"),
        ([], ["fat", "milk"], "--targets: no target is left to fit to"),
    ],
)
def test_what_may_not_be_fitted_to_is_refused_by_name(ids, held_out, words):
    """With the option that reports it instead."""
    with pytest.raises(ConfigError) as raised:
        read(TABLE, ids=ids, held_out=held_out)
    assert str(raised.value).startswith(words)


def test_a_target_that_was_not_seen_at_its_source_is_refused():
    """Whether it is fitted to or not."""
    for use in ("fit", "check"):
        with pytest.raises(ConfigError, match="source_seen: a was not seen at its source"):
            read(f"id,observable,value,sd,use,source_seen\na,stored_ml,1,1,{use},no\nb,stored_ml,1,1,,yes\n")


@pytest.mark.parametrize(("separator", "name"), [(";", "a semicolon"), ("\t", "a tab")])
def test_a_table_with_another_separator_is_one_line(separator, name):
    """And not a missing column for each that is in it."""
    with pytest.raises(ConfigError) as raised:
        read(TABLE.replace(",", separator))
    assert str(raised.value) == f"t.csv:1: columns are separated by {name} (allowed: a comma)"


def test_tables_of_other_programs_are_read():
    """A byte order mark, line ends of Windows, empty lines before the names of the columns."""
    assert read("\ufeff\r\n" + TABLE.replace("\n", "\r\n") + "\r\n") == read(TABLE)


def test_a_long_list_of_problems_is_cut():
    """The first fifty, and how many more there are."""
    with pytest.raises(ConfigError) as raised:
        read("id,observable,value,sd\n" + "".join(f"a{number},stored_ml,x,1\n" for number in range(60)))
    lines = str(raised.value).splitlines()
    assert len(lines) == 51
    assert lines[49].startswith("t.csv:51: ")
    assert lines[50] == "t.csv: ... and 10 more problems"


def test_a_table_that_is_too_large_is_refused(monkeypatch):
    """It is not read as far as it goes."""
    monkeypatch.setattr("lactflow.calibration.targets.LARGEST_BYTES", len(TABLE) - 1)
    with pytest.raises(ConfigError, match=r"t\.csv: larger than 0 MB"):
        read(TABLE)


def test_days_that_the_run_touches_are_within_it():
    """Of a run from the middle of day 2 to the middle of day 4; day 1 has ended before, and day 5 not begun."""
    config = RunConfig(format=1, start_day=2.5, days=2.0)
    for day, allowed in (("1", False), ("2", True), ("2:4", True), ("4", True), ("5", False), ("1:3", False)):
        text = f"id,observable,value,sd,day\na,stored_ml,1,1,{day}\n"
        if allowed:
            assert len(read(text, config)) == 1
        else:
            with pytest.raises(ConfigError, match="is not within the run"):
                read(text, config)
    with pytest.raises(ConfigError, match="is not within the run"):
        read("id,observable,value,sd,day\na,stored_ml,1,1,1\n", RunConfig(format=1, start_day=2.0, days=2.0))


def test_a_spread_needs_three_mothers():
    """Of two it is one difference."""
    text = "id,observable,value,sd,statistic\na,stored_ml,1,1,sd\n"
    few, enough = (RunConfig.model_validate({"format": 1, "days": 10.0, "mother": {"cohort": many}}) for many in (2, 3))
    with pytest.raises(ConfigError, match="needed: --mothers 3 or more"):
        read(text, few)
    assert len(read(text, enough)) == 1
