"""What settings and mappings lay over drugs that stand in files, in any form of the library."""

from __future__ import annotations

import pytest

from lactflow.config.drugs.files import drug_of
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.experiments.sweep.design import make_design
from lactflow.experiments.sweep.points import resolve

BASE = "format: 1\nstart_day: 30\ndays: 1\nschedule: [{kind: every, hours: 3}]\n"
DOSES = """
drugs:
  - {drug: mine, dose_mg: 5, times: ["08:00"]}
  - {drug: caffeine, dose_mg: 5, times: ["08:00"]}
"""
MINE = """\
format: 1
drug: mine
kinetics: {clearance_l_per_h: 3, volume_l: 4}
passage: {class: neutral, unbound_plasma: 0.5}
sources: {kinetics: {cite: abc}}
"""
RATIO = "drug_library.mine.passage.active_ratio=2.5"
SLOW = "drug_library.caffeine.kinetics.clearance_l_per_h=3"
LIBRARIES = {
    "a file": "drug_library: mine.yaml",
    "files": "drug_library: [mine.yaml, other.yaml]",
    "a folder": "drug_library: lib",
    "files and a mapping": "drug_library: [mine.yaml, {caffeine: {kinetics: {lag_h: 0.5}}}]",
    "a mapping": "drug_library: {mine: {kinetics: {clearance_l_per_h: 3, volume_l: 4}, "
    "passage: {class: neutral, unbound_plasma: 0.5}, sources: {kinetics: {cite: abc}}}}",
}


@pytest.fixture
def loaded(tmp_path):
    """Loads a config of this text, with files of drugs beside it."""
    (tmp_path / "lib").mkdir()
    for path in ("mine.yaml", "lib/mine.yaml"):
        (tmp_path / path).write_text(MINE)
    (tmp_path / "other.yaml").write_text(MINE.replace("drug: mine", "drug: other"))

    def load(text, *settings):
        (tmp_path / "x.yaml").write_text(BASE + text)
        return load_scenario(tmp_path / "x.yaml", settings)

    return load


def problems(load, text, *settings):
    """What is wrong with it, one line each, files without their folder."""
    with pytest.raises(ConfigError) as error:
        load(text, *settings)
    return [str(each).replace(str(each.file), str(each.file).rsplit("/", 1)[-1]) for each in error.value.problems]


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_settings_reach_every_drug_however_it_is_declared(loaded, library):
    """One of a file and one that is shipped: the number is the setting's, all others stay, and it rests on nothing."""
    before = loaded(library + DOSES).config.drug_library
    after = loaded(library + DOSES, RATIO, SLOW).config.drug_library
    assert after["mine"].passage.active_ratio == 2.5
    assert after["caffeine"].kinetics.clearance_l_per_h == 3.0
    for name, part, key in (("mine", "passage", "active_ratio"), ("caffeine", "kinetics", "clearance_l_per_h")):
        was, now = getattr(before[name], part), getattr(after[name], part)
        assert now == was.model_copy(update={key: getattr(now, key)})
        assert after[name].sources == before[name].sources
    assert after["caffeine"].uses == {**before["caffeine"].uses, "kinetics.clearance_l_per_h": "own"}
    if library != LIBRARIES["a mapping"]:
        assert after["mine"].uses == {"passage.active_ratio": "own"}


def test_a_list_has_files_and_mappings(loaded):
    """A mapping is over all files, wherever it stands among them; of two mappings the later one."""
    mapping = "{mine: {kinetics: {volume_l: 7}}, caffeine: {kinetics: {lag_h: 0.5}}}"
    for entries in (f"[{mapping}, mine.yaml]", f"[mine.yaml, {{mine: {{kinetics: {{volume_l: 6}}}}}}, {mapping}]"):
        library = loaded(f"drug_library: {entries}{DOSES}").config.drug_library
        assert (library["mine"].kinetics.volume_l, library["mine"].kinetics.clearance_l_per_h) == (7.0, 3.0)
        assert library["caffeine"].kinetics.clearance_l_per_h == drug_of("caffeine").kinetics.clearance_l_per_h
        assert library["caffeine"].kinetics.lag_h == 0.5


def test_another_way_takes_the_place_of_that_of_a_file(loaded):
    """As over a shipped drug: two compartments exclude one clearance and its volume."""
    two = "kinetics: {compartments: [{clearance_l_per_h: 1, volume_l: 2}, {exchange_l_per_h: 1, volume_l: 2}]}"
    drug = loaded(f"drug_library: [mine.yaml, {{mine: {{{two}}}}}]{DOSES}").config.drug_library["mine"]
    assert (drug.kinetics.clearance_l_per_h, len(drug.kinetics.compartments)) == (None, 2)


def test_a_sweep_varies_a_drug_of_a_file(loaded, tmp_path):
    """Each point has its own."""
    loaded(LIBRARIES["a file"] + DOSES)
    design = make_design(["drug_library.mine.passage.active_ratio=1,2"])
    configs = resolve(tmp_path / "x.yaml", (), {}, design).configs(design)
    assert [config.drug_library["mine"].passage.active_ratio for config in configs] == [1.0, 2.0]


def test_mistakes_of_settings_over_files(loaded):
    """At the option; a name that nothing declares has its nearest, and nothing is demanded of it."""
    assert problems(loaded, LIBRARIES["a file"] + DOSES, RATIO.replace("2.5", "-2")) == [
        "--set: drug_library.mine.passage.active_ratio: -2 is outside 0.001 to 1000"
    ]
    for setting, name, near in ((RATIO, "mnie", "mine"), (SLOW, "cafeine", "caffeine")):
        assert problems(loaded, LIBRARIES["files"] + DOSES, setting.replace(near, name)) == [
            f"--set: drug_library.{name}: there is no drug {name!r} (nearest: {near})"
        ]
    assert problems(loaded, "drug_library: [{mine: 3}, {mine: {kinetics: {lag_h: 1}}}]" + DOSES)


def test_mistakes_in_a_mapping_of_a_list_are_at_their_line(loaded):
    """Not at that of the list."""
    text = "drug_library:\n  - mine.yaml\n  - caffeine:\n      kinetics:\n        lag_h: 100\n"
    assert problems(loaded, text + DOSES) == [
        "x.yaml:9:16: drug_library.caffeine.kinetics.lag_h: 100 h is outside 0 to 72 h"
    ]
    assert problems(loaded, "drug_library: [mine.yaml, {cafeine: {kinetic: {lag_h: 1}}}]" + DOSES)[0] == (
        "x.yaml:5:37: drug_library.cafeine: there is no drug 'cafeine' (nearest: caffeine)"
    )
