"""Messages about keys and values: what they propose is possible, and is not what was typed."""

from __future__ import annotations

import re

import pytest

from lactflow.config.model import RunConfig, contradictions
from lactflow.config.scenario import load_scenario
from lactflow.config.text import counted
from lactflow.config.tree import all_keys, nearest_key, nearest_path
from lactflow.errors import ConfigError


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("infants.1000000000.appetite=1", "infants has no entry 1000000000 (it has 1 entry; numbers count from 0)"),
        ("interventions.0.side=left", "interventions has no entry 0 (it has 0 entries; numbers count from 0)"),
        (f"infants.{'7' * 150}.appetite=1", "unknown key (nothing is allowed here)"),
        ("seed=1e3", "1000 is written with a point or an exponent (allowed: a whole number from 0 to"),
        ("seed=2.0", "2 is written with a point or an exponent"),
        ("seed=2.5", "found 2.5 (allowed: a whole number from 0 to"),
    ],
)
def test_a_setting_out_of_reach(setting, words):
    """It says what there is."""
    with pytest.raises(ConfigError) as caught:
        load_scenario("on-demand", [setting])
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("per_day=5", "schedule.0.per_day"),
        ("hours=3", "schedule.0.hours"),
        ("capacity_ml=200", "gland.lumen.capacity_ml"),
        ("dayz=3", "days"),
        ("star_day=3", "start_day"),
    ],
)
def test_a_key_that_stands_elsewhere_is_named_with_its_path(setting, key, tmp_path):
    """Before a key here that is a little like it; on the command line and in a file."""
    with pytest.raises(ConfigError, match=rf"unknown key \(nearest: {key}\)"):
        load_scenario("on-demand", [setting])
    config = tmp_path / "a.yaml"
    config.write_text(f"format: 1\n{setting.replace('=', ': ')}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"unknown key \(nearest: {key}\)"):
        load_scenario(config)


def test_the_nearest_key_is_another_one():
    """Whatever is typed: nobody is sent where he is."""
    for typed in (*all_keys(), "infants.9.birth_weight_kg", "schedule.3.hours", f"infants.{'7' * 150}.appetite"):
        path = tuple(typed.split("."))
        assert nearest_path(path) != typed
        assert nearest_key(path, []) != typed


def test_the_largest_packet_that_is_named_is_allowed():
    """Its digits are rounded down, for any number of lobes."""
    for lobes in range(1, 40):
        gland = {"lobes_per_breast": lobes, "lobe_spread": 0.9}
        (line,) = contradictions(
            RunConfig.model_validate({"format": 1, "gland": gland, "resolution": {"packet_ml": 9.9}})
        )
        largest = float(re.search(r"largest allowed: ([0-9.]+)", line[1])[1])
        fits = {"format": 1, "gland": gland, "resolution": {"packet_ml": largest}}
        assert list(contradictions(RunConfig.model_validate(fits))) == []


def test_limits_that_leave_nothing_between_them_are_reported_as_such():
    """A packet below the finest one is not proposed."""
    gland = {
        "lobes_per_breast": 40,
        "lobe_spread": 1.5,
        "protein_line": {"docking_sites_ml": 0.5},
        "plasticity": {"active_at_term": 0.5},
    }
    ((key, message),) = contradictions(RunConfig.model_validate({"format": 1, "start_day": 1.0, "gland": gland}))
    assert key == ("gland", "lobes_per_breast")
    assert message.startswith("the smallest of 40 lobes is too small for the finest packet of all, 0.0001 mL: its ")
    assert "allowed: fewer lobes" in message


def test_numbers_agree_with_their_nouns():
    """One and many."""
    assert [counted(number, "row") for number in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]
    assert [counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]
