"""Named levels of resolution: what they stand for, what they exclude, and where a run says which it had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import lactflow
from lactflow.cli import main
from lactflow.config.cohort import drawn
from lactflow.config.model import RunConfig
from lactflow.config.resolution import in_words, level_name, named_lobe, recut, stated, with_level
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.parameters.resolution import LEVEL_NAMES, LEVELS, level_of
from lactflow.report.render import render
from lactflow.report.run_page import run_page


def loaded(tmp_path, text, *settings):
    """A config of these lines."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"format: 1\n{text}", encoding="utf-8")
    return load_scenario(file, settings)


def wrong(tmp_path, text, *settings):
    """What is wrong with it, a line each."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text, *settings)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("name", "lobes", "packet_ml"), [("coarsest", 1, 1.0), ("coarse", 3, 0.3), ("default", 9, 0.1), ("fine", 9, 0.05)]
)
def test_a_level_is_lobes_and_a_packet(tmp_path, name, lobes, packet_ml):
    """From the file, from `--set` and from Python; written out, the same two numbers are the same level."""
    found = [
        loaded(tmp_path, f"resolution: {name}\n"),
        loaded(tmp_path, "resolution: {packet_ml: 0.07}\n", f"resolution={name}"),
        load_scenario("every-three-hours", resolution=name),
        loaded(tmp_path, f"resolution: {{packet_ml: {packet_ml}}}\ngland: {{lobes_per_breast: {lobes}}}\n"),
    ]
    for each in found:
        assert each.config.gland.lobes_per_breast == lobes
        assert each.config.resolution.packet_ml == packet_ml
        assert level_name(each.config) == level_of(lobes, packet_ml) == name


def test_the_default_is_a_level():
    """A config that says nothing has the level of that name; other numbers have no name."""
    assert stated(RunConfig(format=1)) == {"level": "default", "lobes_per_breast": 9, "packet_ml": 0.1}
    assert level_of(5, 0.2) is None
    assert LEVEL_NAMES == tuple(LEVELS) == ("coarsest", "coarse", "default", "fine")


def test_other_keys_of_the_gland_stay(tmp_path):
    """Only lobes are the level's; the resolved config loads to the same one."""
    found = loaded(tmp_path, "resolution: coarse\ngland: {lumen: {capacity_ml: 150}}\n")
    assert (found.config.gland.lumen.capacity_ml, found.config.gland.lobes_per_breast) == (150.0, 3)
    (tmp_path / "again.yaml").write_text(found.text, encoding="utf-8")
    assert load_scenario(tmp_path / "again.yaml").config == found.config


LOBES = (
    "gland.lobes_per_breast: resolution {} has {} lobes itself (allowed: one of them; `resolution: {{packet_ml: {}}}`"
)
ALLOWED = "(allowed: coarsest, coarse, default, fine, or a mapping of packet_ml"


@pytest.mark.parametrize(
    ("text", "settings", "line"),
    [
        ("resolution: coarsy\n", (), f":2:13: resolution: 'coarsy' is unknown {ALLOWED}; nearest: coarse)"),
        ("resolution: 3\n", (), f":2:13: resolution: found 3 {ALLOWED})"),
        ("resolution: coarse\ngland: {lobes_per_breast: 9}\n", (), f":3:27: {LOBES.format('coarse', 3, 0.3)}"),
        ("gland: {lobes_per_breast: 5}\n", ("resolution=fine",), f":2:27: {LOBES.format('fine', 9, 0.05)}"),
        (
            "resolution: coarse\n",
            ("resolution.packet_ml=0.1",),
            "--set: resolution.packet_ml: resolution is text 'coarse', not a mapping of keys",
        ),
        (
            "resolution: coarse\ninterventions: [{kind: duct_obstruction, side: left, lobe: 5, start_day: 31}]\n",
            (),
            ":3:60: interventions.0.lobe: there is no lobe 5 (allowed: 0 to 2)",
        ),
        (
            "resolution: coarse\ngland: {lobe_spread: 1.4}\n",
            (),
            ":2:13: resolution.packet_ml: 0.3 mL is too coarse for the smallest of 3 lobes",
        ),
    ],
)
def test_what_a_level_excludes(tmp_path, text, settings, line):
    """One line, at the place of the key that has to change."""
    (found,) = wrong(tmp_path, text, *settings)
    assert line in found


def test_other_mistakes_are_found_beside_a_wrong_level(tmp_path):
    """All at once, as everywhere."""
    found = wrong(tmp_path, "resolution: coarsy\ndays: -1\ngland: {lobe_spread: 7}\n")
    assert len(found) == 3
    assert len(wrong(tmp_path, "resolution: coarse\ngland: 3\n")) == 1


def test_data_that_name_no_level_stay():
    """The very same object, so that nothing is copied for nothing."""
    data = {"format": 1, "resolution": {"packet_ml": 0.2}}
    assert with_level(data) == (data, [])
    assert with_level(data)[0] is data


def test_a_config_that_names_a_lobe(tmp_path):
    """Its lobes are others where there are fewer of them."""
    obstructed = (
        "interventions: [{kind: stress, start_day: 31}, {kind: duct_obstruction, side: left, lobe: 1, start_day: 31}]\n"
    )
    assert named_lobe(loaded(tmp_path, obstructed).config) == "interventions.1.lobe"
    assert named_lobe(load_scenario("every-three-hours").config) is None


def test_a_config_is_cut_anew():
    """Nothing but the two numbers changes."""
    config = load_scenario("every-three-hours").config
    coarse = recut(config, "coarse")
    assert stated(coarse) == {"level": "coarse", "lobes_per_breast": 3, "packet_ml": 0.3}
    assert recut(coarse, "default") == config


def test_small_glands_of_a_coarse_cohort_get_finer_packets():
    """As at every resolution: the lobes stay, and the packet that she has is one of her traits."""
    settings = ["resolution=coarse", "mother.cohort=60", "mother.variation.gland_size=0.9"]
    config = load_scenario("every-three-hours", settings).config
    women = [drawn(config, number) for number in range(60)]
    finer = [(woman, traits[-1].value) for woman, traits in women if traits[-1].trait == "resolution"]
    assert 0 < len(finer) < 60
    assert all(woman.resolution.packet_ml == packet_ml < 0.3 for woman, packet_ml in finer)
    assert {woman.gland.lobes_per_breast for woman, _ in women} == {3}


def test_words_for_people():
    """With the name where there is one; nothing where a manifest does not say."""
    assert in_words(stated(RunConfig(format=1))) == "default (9 lobes a breast, packets of 0.1 mL)"
    assert in_words({"level": None, "lobes_per_breast": 1, "packet_ml": 0.25}) == "1 lobe a breast, packets of 0.25 mL"
    assert in_words({}) == in_words({"lobes_per_breast": "9"}) == ""


def test_a_run_says_its_resolution(tmp_path, monkeypatch):
    """In the manifest, the summary, the JSON and the page."""
    monkeypatch.chdir(tmp_path)
    words = "coarsest (1 lobe a breast, packets of 1 mL)"
    typed = ["run", "every-three-hours", "--set", "resolution=coarsest", "--days", "0.25", "--no-visits", "--quiet"]
    lines = CliRunner().invoke(main, typed).stdout
    run = lactflow.open_run(lines.splitlines()[0])
    about = {"level": "coarsest", "lobes_per_breast": 1, "packet_ml": 1.0}
    assert words in " ".join(lines.split())
    assert run.manifest["resolution"] == about
    assert json.loads(CliRunner().invoke(main, [*typed, "--json"]).stdout)["resolution"] == about
    assert words.encode() in render(run_page(run))
    assert Path(run.path).is_dir()
