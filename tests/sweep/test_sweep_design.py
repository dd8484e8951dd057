"""The points that are asked for."""

from __future__ import annotations

from math import log2

import pandas as pd
import pytest

from lactflow.config.yaml_source import parse_yaml
from lactflow.errors import ConfigError
from lactflow.experiments.sweep import design
from lactflow.experiments.sweep.design import make_design


def problems(*args, **named):
    """What is wrong, one line each."""
    with pytest.raises(ConfigError) as caught:
        make_design(*args, **named)
    return [str(each) for each in caught.value.problems]


def test_a_grid_has_every_combination_the_last_key_fastest():
    """Two keys of two values: four points."""
    found = make_design(["a.b=1,2.5", "c=[x, y],z"])
    assert found.keys == ("a.b", "c")
    assert list(found.points) == [(1, ("x", "y")), (1, "z"), (2.5, ("x", "y")), (2.5, "z")]
    assert found.options == {"a.b": "--vary", "c": "--vary"}


def test_python_takes_values_as_they_are():
    """Lists become tuples, numbers of NumPy become Python's."""
    found = make_design({"a": pd.Series([1, 2]).to_numpy(), "b": [["x"]]})
    assert list(found.points) == [(1, ("x",)), (2, ("x",))]
    assert type(found.points[0][0]) is int


@pytest.mark.parametrize("kind", ["lhs", "sobol", "random"])
def test_samples_lie_within_their_ranges_and_are_reproducible(kind):
    """Each value is used once; the same seed gives the same points, another one gives others."""
    asked = ["gland.lumen.capacity_ml=100:200", "gland.inhibitor.half_effect=0.01:1:log"]
    found = make_design((), asked, n=8, design=kind, seed=3)
    capacities, effects = zip(*found.points, strict=True)
    assert all(100 <= each <= 200 for each in capacities)
    assert all(0.01 <= each <= 1 for each in effects)
    assert len(set(capacities)) == 8
    assert list(make_design((), asked, n=8, design=kind, seed=3).points) == list(found.points)
    assert list(make_design((), asked, n=8, design=kind, seed=4).points) != list(found.points)


def test_a_latin_hypercube_has_one_point_in_each_stratum():
    """Ten points: one in each tenth, of the range and of its logarithm."""
    found = make_design((), ["a=0:10", "b=1:1024:log"], n=10, seed=1)
    first, second = zip(*found.points, strict=True)
    assert sorted(int(each) for each in first) == list(range(10))
    assert sorted(int(log2(each)) for each in second) == list(range(10))


def test_whole_numbers_are_drawn_equally_often():
    """A key that takes whole numbers gets them, both ends among them."""
    found = make_design((), ["gland.lobes_per_breast=3:6"], n=400, seed=1)
    values = [point[0] for point in found.points]
    assert {type(each) for each in values} == {int}
    assert {each: values.count(each) for each in set(values)} == {3: 100, 4: 100, 5: 100, 6: 100}


def test_sobol_says_where_it_is_uneven():
    """Powers of two are even."""
    assert make_design((), ["a=0:1"], n=8, design="sobol").notes == ()
    assert make_design((), ["a=0:1"], n=6, design="sobol").notes == (
        "--design sobol spreads evenly for powers of two; --n is 6",
    )


def test_a_file_of_points(tmp_path):
    """Columns are keys, cells are read as `--set` reads them; spaces around them and empty lines do not matter."""
    file = tmp_path / "points.csv"
    file.write_text('\ufeffa.b, c ,d\n1,2.50,"[1, 2]"\n\n-3, 1e-3 ,"10:30"\n', encoding="utf-8")
    found = make_design(points=file)
    assert found.keys == ("a.b", "c", "d")
    assert list(found.points) == [(1, 2.5, (1, 2)), (-3, 1e-3, "10:30")]


def test_a_frame_of_points():
    """As a file of them."""
    found = make_design(points=pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]}))
    assert list(found.points) == [(1, 0.5), (2, 1.5)]


def test_combinations_are_products_the_drawn_points_fastest(tmp_path):
    """Each row of the file with each point of the grid with each drawn point, the drawn ones the same for all."""
    file = tmp_path / "points.csv"
    file.write_text("f\n1\n2\n", encoding="utf-8")
    found = make_design(["v=a,b"], ["s=0:1"], file, n=3)
    drawn = [point[2] for point in found.points[:3]]
    assert list(found.points) == [(f, v, s) for f in (1, 2) for v in ("a", "b") for s in drawn]


def test_without_anything_there_is_one_point():
    """The scenario as it is: for cohorts and replicates."""
    assert list(make_design().points) == [()]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"vary": ["a"]}, "--vary: 'a' varies nothing (allowed: key.sub=A,B,C)"),
        ({"vary": ["a="]}, "--vary: 'a=' varies nothing (allowed: key.sub=A,B,C)"),
        ({"vary": ["a=1,1"]}, "--vary: a: a value is given twice (allowed: once)"),
        ({"vary": ["a=1", "a=2"]}, "--vary: a: given twice, by --vary (allowed: once)"),
        (
            {"vary": ["a=1"], "sample": ["a=1:2"], "n": 2},
            "--sample: a: given twice, by --vary and --sample (allowed: once)",
        ),
        ({"sample": ["a=1"], "n": 2}, "--sample: 'a=1' is no range (allowed: key.sub=low:high or low:high:log)"),
        (
            {"sample": ["a=1:2:lg"], "n": 2},
            "--sample: 'a=1:2:lg' is no range (allowed: key.sub=low:high or low:high:log)",
        ),
        ({"sample": ["a=2:1"], "n": 2}, "--sample: a: 2:1 is empty (allowed: low below high)"),
        ({"sample": ["a=0:1:log"], "n": 2}, "--sample: a: 0:1:log has no logarithm (allowed: low above 0)"),
        ({"sample": ["a=0:1"]}, "--n: how many points to sample? (needed: --n 1 or more)"),
        ({"n": 2}, "--n: there is nothing to sample (needed: --sample with --n)"),
        ({"design": "lhs"}, "--design: there is nothing to sample (needed: --sample with --design)"),
        (
            {"sample": ["a=0:1"], "n": 2, "design": "lsh"},
            "--design: 'lsh' is unknown (allowed: lhs, sobol, random; nearest: lhs)",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(args, message):
    """With the option, and what is allowed."""
    assert problems(**args) == [message]


def test_all_that_is_wrong_is_said_at_once():
    """Not only the first."""
    assert len(problems(["a", "b=1,1"], ["c=2:1", "d"], n=0)) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "points.csv:1: the first line has no keys (needed: a dotted key above each column)"),
        ("a,\n1,2\n", "points.csv:1: the first line has no keys (needed: a dotted key above each column)"),
        ("a\n", "points.csv: there are no points (needed: a line below the keys)"),
        ("a,b\n1\n", "points.csv:2: 1 value for 2 keys (needed: one each)"),
        ("a,b\n1,2\n1,\n", "points.csv:3: 1 value for 2 keys (needed: one each)"),
    ],
)
def test_a_bad_file_is_reported_by_its_line(text, message, tmp_path, monkeypatch):
    """File and line stand before it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")
    assert problems(points="points.csv") == [message]


def test_many_bad_lines_are_counted(tmp_path, monkeypatch):
    """Five are listed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.csv").write_text("a,b\n" + "1\n" * 9, encoding="utf-8")
    assert problems(points="points.csv")[-1] == "points.csv: ... and 4 more lines like these"


@pytest.mark.parametrize(
    "text", ["1", "-7", "+3", "0", "1.5", "-0.25", "1.0e3", "2.5e-07", "12345678901234567.5", "0.1"]
)
def test_numbers_of_a_file_are_read_as_settings_are(text):
    """The short way gives what the YAML reader gives, type and value."""
    known = {}
    value = design._cell(text, known)
    assert known == {}
    parsed = parse_yaml(text.encode()).data
    assert (type(value), value) == (type(parsed), parsed)
