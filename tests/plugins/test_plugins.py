"""What packages and scripts add: found by name, refused by name."""

from __future__ import annotations

import sys

import pytest

import lactflow
from lactflow import plugins
from lactflow.config.scenario import load_scenario
from lactflow.config.shipped import find_shipped, find_source, scenario_names
from lactflow.errors import ConfigError, PluginError


def offer(monkeypatch, folder, package: str, version: str, points: str) -> None:
    """A distribution with entry points, as pip would install it."""
    info = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(folder)
    plugins._installed.cache_clear()


class Section:
    """Something that is added."""


def test_what_is_added_is_found_and_can_be_taken_away():
    """By its name; a second one of that name replaces it."""
    plugins.add("report_sections", "ours", Section)
    (plugin,) = plugins.found("report_sections")
    assert plugin.label == f"report section 'ours' of {__name__}"
    assert plugins.load(plugin) is Section
    assert plugins.found("stations") == []
    plugins.remove("report_sections", "ours")
    assert plugins.found("report_sections") == []
    with pytest.raises(PluginError, match="no report section 'ours' was added"):
        plugins.remove("report_sections", "ours")


@pytest.mark.parametrize(
    ("group", "name", "thing", "message"),
    [
        ("analyte", "caffeine", Section, "'analyte' is no group of additions"),
        ("analytes", "two words", Section, "'two words' is no name of an addition"),
        ("analytes", "caffeine", "no_such_module_here:X", "cannot be loaded: ModuleNotFoundError"),
        ("analytes", "caffeine", "lactflow.plugins:nothing", "cannot be loaded: AttributeError"),
    ],
)
def test_what_cannot_be_added_is_refused_at_once(group, name, thing, message):
    """With what is allowed."""
    with pytest.raises(PluginError, match=message):
        plugins.add(group, name, thing)
    assert plugins._added == {}


def test_entry_points_are_found_with_package_and_version(monkeypatch, tmp_path):
    """They are loaded when they are needed, not before; a failure names the package."""
    offer(monkeypatch, tmp_path, "our-lab", "1.2", "[lactflow.signals]\ninsulin = no_such_module_here:INSULIN\n")
    (plugin,) = plugins.found("signals")
    assert plugin == plugins.Plugin("signals", "insulin", "no_such_module_here:INSULIN", "our-lab", "1.2")
    assert plugins.plugin_named("signals", "insulin") == plugin
    with pytest.raises(PluginError, match=r"signal 'insulin' of our-lab 1.2 cannot be loaded: ModuleNotFoundError"):
        plugins.load(plugin)
    with pytest.raises(ConfigError, match=r"no package adds the signal 'insuline' \(nearest: insulin;"):
        plugins.plugin_named("signals", "insuline")
    with pytest.raises(PluginError, match=r"the name is taken by signal 'insulin' of our-lab 1\.2"):
        plugins.add("signals", "insulin", Section)
    offer(monkeypatch, tmp_path / "other", "their-lab", "3", "[lactflow.signals]\ninsulin = theirs:INSULIN\n")
    with pytest.raises(PluginError, match=r"'insulin' of .*-lab [0-9.]+ and signal 'insulin' of .* have the same name"):
        plugins.found("signals")


def test_worker_processes_can_import_what_was_added(monkeypatch):
    """Classes and functions of modules, and data by reference; a class of a script cannot be imported."""
    plugins.add("signals", "one", Section)
    plugins.add("stations", "two", "lactflow.plugins:GROUPS")
    named = [("signals", "one"), ("stations", "two"), ("analytes", "of_a_package"), ("signals", "one")]
    found = plugins.added_references(named)
    assert found == [
        ("signals", "one", f"{__name__}:Section"),
        ("stations", "two", "lactflow.plugins:GROUPS"),
    ]
    monkeypatch.setattr(plugins, "_added", {})
    plugins.add_references(found)
    assert [plugins.load(plugin) for plugin in plugins.found("stations")] == [plugins.GROUPS]
    assert plugins.load(plugins.plugin_named("signals", "one")) is sys.modules[__name__].Section


def test_only_what_is_named_must_be_importable_by_workers():
    """A class of a notebook stops parallel runs of the configs that name it, and no other."""
    plugins.add("signals", "one", Section)
    plugins.add("analytes", "four", Section())
    assert [name for _, name, _ in plugins.added_references([("signals", "one")])] == ["one"]
    with pytest.raises(PluginError, match="analyte 'four' cannot be imported by worker processes"):
        plugins.added_references([("signals", "one"), ("analytes", "four")])


def test_scenarios_of_packages_run_by_name(tmp_path, monkeypatch):
    """A path, or a function that returns one; a shipped one of the same name goes first."""
    path = tmp_path / "ward.yaml"
    path.write_text("format: 1\ntitle: Our ward\ndays: 0.25\n")
    plugins.add("scenarios", "our-ward", path)
    plugins.add("scenarios", "twins", path)
    monkeypatch.chdir(tmp_path)
    assert scenario_names().count("twins") == 1
    assert find_shipped("twins") != path
    assert find_shipped("our-ward") == path
    assert load_scenario("our-ward").config.title == "Our ward"
    with pytest.raises(ConfigError, match="nearest: our-ward"):
        load_scenario("our-wart")
    plugins.add("scenarios", "our-ward", lambda: tmp_path / "none.yaml")
    with pytest.raises(PluginError, match="is no file"):
        find_shipped("our-ward")


def test_shipped_scenarios_are_found_without_a_look_at_packages(monkeypatch):
    """To look through all that is installed takes longer than to load most scenarios."""
    monkeypatch.setattr("lactflow.config.shipped.found", None)
    assert find_source("twins") == find_shipped("twins")


def test_what_is_shipped_is_found_as_that_of_any_package():
    """With the version of lactflow; nobody can take its name, and every reference leads somewhere."""
    for group, named in plugins.SHIPPED.items():
        shipped = {each.name: each for each in plugins.found(group) if each.package == "lactflow"}
        assert set(shipped) == set(named)
        for plugin in shipped.values():
            assert plugin.version == lactflow.__version__
            assert plugins.load(plugin) is not None
    assert (
        plugins.plugin_named("analytes", "melatonin").label == f"analyte 'melatonin' of lactflow {lactflow.__version__}"
    )
    with pytest.raises(PluginError, match="the name is taken by analyte 'cortisol' of lactflow"):
        plugins.add("analytes", "cortisol", Section)
