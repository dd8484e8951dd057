"""What is wrong with drugs is said at its own line, with the nearest name that fits there, and all of it at once."""

from __future__ import annotations

import pytest

from lactflow.config.overrides import Overrides
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError

BASE = "format: 1\nstart_day: 30\ndays: 1\nschedule: [{kind: every, hours: 3}]\n"
MINE = """\
format: 1
drug: mine
kinetics: {clearance_l_per_h: 3, volume_l: 4}
passage: {class: neutral, unbound_plasma: 0.5}
sources:
  kinetics: {cite: abc}
uses:
  passage: assumed
"""
MADE = "{drug: made, formed_share: 0.5, clearance_l_per_h: 1, volume_l: 1}"
DOSE = "{drug: mine, dose_mg: 5, times: ['08:00']}"
TAKEN = f"drug_library: mine.yaml\ndrugs: [{DOSE}]\n"


@pytest.fixture
def problems(tmp_path):
    """What is wrong with a config that names this file of a drug, one line each."""

    def found(content=MINE, text=TAKEN):
        (tmp_path / "mine.yaml").write_text(content)
        (tmp_path / "x.yaml").write_text(BASE + text)
        with pytest.raises(ConfigError) as error:
            load_scenario(tmp_path / "x.yaml")
        return [str(each).replace(str(each.file), str(each.file).rsplit("/", 1)[-1]) for each in error.value.problems]

    return found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            MINE.replace("  kinetics: {cite", "  kinetic: {cite"),
            "mine.yaml:6:3: sources.kinetic: the drug has no 'kinetic' (allowed: keys of this drug; nearest: kinetics)",
        ),
        (
            MINE.replace("passage: assumed", "passag: assumed"),
            "mine.yaml:8:3: uses.passag: the drug has no 'passag' (allowed: keys of this drug; nearest: passage)",
        ),
        (
            MINE.replace("  kinetics: {cite", "  volume: {cite"),
            "mine.yaml:6:3: sources.volume: the drug has no 'volume' (allowed: keys of this drug; nearest: volume_l)",
        ),
        (
            MINE + f"metabolites:\n  - {MADE}\n  - {MADE}\n",
            "mine.yaml:11:6: metabolites.1.drug: 'made' is named twice",
        ),
        (
            MINE + f"metabolites: [{MADE.replace('made', 'mine')}]\n",
            "mine.yaml:9:16: metabolites.0.drug: 'mine' is named twice",
        ),
        (
            MINE.replace("passage: assumed", "passage: guessed"),
            "mine.yaml:8:12: uses.passage: 'guessed' is not allowed (allowed: one of measured, fitted, class, assumed,",
        ),
        (
            MINE.replace("drug: mine", "drug: other_protein"),
            "mine.yaml:2:7: drug_library.other_protein.drug: the name other_protein is taken by what every run has",
        ),
    ],
)
def test_mistakes_of_a_file_are_at_their_own_line(problems, content, message):
    """Not at its first one."""
    name = "other_protein" if "other_protein" in content else "mine"
    (found,) = problems(content, TAKEN.replace("drug: mine", f"drug: {name}"))
    assert found.startswith(message)


def test_what_is_wrong_within_a_config_is_at_its_line(problems):
    """A check of the whole drug points at the key as well."""
    text = "drug_library:\n  own:\n    kinetics: daily_steps\n    sources: {kinetic: {cite: abc}}\n"
    (found,) = problems(text=text)
    assert found.startswith(
        "x.yaml:8:15: drug_library.own.sources.kinetic: the drug has no 'kinetic' (allowed: keys of"
    )


def test_the_nearest_key_is_one_that_drugs_have():
    """Not one of the rest of a config, though that has just this name."""
    for key, near in (("kinetics.clearance", "clearance_l_per_h"), ("infant.hil", "hill"), ("kinetic", "kinetics")):
        (problem,) = Overrides([f"drug_library.caffeine.{key}=3"], {}).problems
        assert problem.message == f"unknown key (nearest: {near})"


def test_the_nearest_key_in_a_config_is_one_that_drugs_have(problems):
    """As of settings."""
    (found,) = problems(text="drug_library: {caffeine: {kinetics: {clearance: 3}}}\n")
    assert found == "x.yaml:5:38: drug_library.caffeine.kinetics.clearance: unknown key (nearest: clearance_l_per_h)"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("mien.yaml", "'mien.yaml' is not beside the config; nearest: mine.yaml (allowed: a file or a folder below"),
        ("gone/mine.yaml", "'gone/mine.yaml' is not beside the config (allowed: a file or a folder below"),
        (".", "'.' is the folder of the config itself, whose other files are no drugs (allowed: a file or a folder"),
        ("./", "'./' is the folder of the config itself, whose other files are no drugs (allowed: a file or a folder"),
    ],
)
def test_paths_that_lead_to_no_drugs(problems, path, message):
    """With the nearest name; and the config is no drug."""
    (found,) = problems(text=f"drug_library: {path}\n")
    assert found.startswith(f"x.yaml:5:15: drug_library: {message}")


def test_faults_of_doses_are_reported_together(problems):
    """A misspelt drug beside a time that is none, in one entry or in two."""
    odd = "{drug: cafeine, dose_mg: 5, times: ['08:00']}"
    time = "{drug: caffeine, dose_mg: 5, times: ['25:00']}"
    for doses in ([time, odd], [odd.replace("08:00", "25:00")]):
        found = problems(text=f"drugs: [{', '.join(doses)}]\n")
        assert len(found) == 2
        assert sum("there is no drug 'cafeine' (nearest: caffeine" in each for each in found) == 1
        assert sum("'25:00'" in each for each in found) == 1
