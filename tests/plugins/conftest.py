"""Packages with entry points, found as if pip had installed them."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from lactflow import plugins

LAB = Path(__file__).with_name("lab")


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    """What a test adds is gone after it; packages are looked up anew."""
    monkeypatch.setattr(plugins, "_added", {})
    plugins._installed.cache_clear()
    yield
    plugins._installed.cache_clear()


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """The package of a laboratory, installed."""
    project = tomllib.loads((LAB / "pyproject.toml").read_text())["project"]
    groups = project["entry-points"].items()
    points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {to}\n" for name, to in each.items()) for group, each in groups
    )
    info = tmp_path / "site" / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    (info / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.syspath_prepend(LAB)
    monkeypatch.chdir(tmp_path)
    plugins._installed.cache_clear()
    yield project
    for name in [name for name in sys.modules if name.startswith("lactflow_lab")]:
        del sys.modules[name]
