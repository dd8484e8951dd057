"""A key is what a result depends on, and nothing else."""

from __future__ import annotations

import sys

import pytest
from small_sweeps import BASE

from lactflow import plugins
from lactflow.config.scenario import load_scenario
from lactflow.experiments.sweep import keys
from lactflow.experiments.sweep.design import make_design
from lactflow.experiments.sweep.plan import planned
from lactflow.experiments.sweep.points import resolve

LOG = "start,kind,left_min,right_min,volume_ml\n2024-01-01 08:00,breast,10,10,\n2024-01-01 12:00,breast,10,{last},\n"


@pytest.fixture
def key_of(tmp_path):
    """Key of the first unit of the scenario with some settings."""

    def key(*settings, level="measures", text=BASE, **options):
        path = tmp_path / f"{options.pop('called', 'base')}.yaml"
        path.write_text(text, encoding="utf-8")
        design = make_design()
        plan = planned(resolve(path, settings, options, design), design, level)
        return plan.plan["key"].to_pylist()[0]

    return key


def test_a_name_a_title_and_numbers_of_units_change_nothing(key_of):
    """The same unit in another sweep."""
    assert len(key_of()) == 64
    assert key_of() == key_of("title=other", called="other") == key_of(replicates=5) == key_of(name="mine")
    assert key_of("mother.cohort=2") == key_of("mother.cohort=7")


@pytest.mark.parametrize(
    "setting",
    [
        "gland.lumen.capacity_ml=181",
        "seed=2",
        "days=0.26",
        "mother.cohort=2",
        "record.sample_min=30",
        "record.warm_up_days=0.1",
        "endocrine.prolactin.term_ng_per_ml=201",
    ],
)
def test_everything_else_in_a_config_counts(key_of, setting):
    """Whatever a result may depend on."""
    assert key_of(setting) != key_of()


def test_units_of_a_sweep_differ_by_point_mother_and_replicate(tmp_path):
    """Every unit has a key of its own; points that are equal have equal ones."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    design = make_design(["gland.lumen.capacity_ml=100,100.0,150", "mother.cohort=2"])
    plan = planned(resolve(tmp_path / "base.yaml", [], {"replicates": 3}, design), design, "measures")
    found = plan.plan["key"].to_pylist()
    assert len(found) == 18
    assert len(set(found)) == 12
    assert found[:6] == found[6:12]


def test_what_is_recorded_and_the_model_count(key_of, monkeypatch):
    """Visits count only where they are recorded."""
    assert len({key_of(), key_of(level="removals"), key_of(level="full")}) == 3
    assert key_of() == key_of("record.visits=false")
    assert key_of(level="full") != key_of("record.visits=false", level="full")
    before = key_of()
    monkeypatch.setattr(keys, "MODEL", keys.MODEL + 1)
    assert key_of() != before


def test_the_content_of_a_log_counts(key_of, tmp_path):
    """Not its name alone."""
    text = BASE.replace("{kind: every, hours: 2}", "{kind: log, file: log.csv}")
    found = []
    for last in (10, 10, 11):
        (tmp_path / "log.csv").write_text(LOG.format(last=last), encoding="utf-8")
        found.append(key_of(text=text))
    assert found[0] == found[1] != found[2]


def test_the_source_of_a_plugin_counts(tmp_path, monkeypatch):
    """A change in any Python file of its package gives another key."""
    monkeypatch.setattr(plugins, "_added", {})
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "our_lab_of_keys"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "other.py").write_text("X = 1\n")
    (package / "things.py").write_text(
        "from lactflow.gland.analytes import Analyte\nTHING = Analyte('caffeine', unit='mg', secreted_per_l=1.0)\n"
    )
    found = []
    for value in (1, 1, 2):
        (package / "other.py").write_text(f"X = {value}\n")
        keys._module_sha256.cache_clear()
        found.append(keys._module_sha256("our_lab_of_keys.things", "our_lab_of_keys.things:THING"))
    assert found[0] == found[1] != found[2]
    keys._module_sha256.cache_clear()
    assert keys._module_sha256("no_such_module_of_keys", "a:b") == keys._module_sha256("no_such_module_of_keys", "a:b")
    sys.modules.pop("our_lab_of_keys", None)


def test_levels_name_their_tables():
    """Measures alone keep none, full keeps all."""
    assert keys.tables_of_level("measures") == ()
    assert keys.tables_of_level("sessions,removals") == ("removals", "sessions")
    assert "visits" in keys.tables_of_level("full")
    assert load_scenario("every-three-hours").config.record.visits is True
