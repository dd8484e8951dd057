"""Configs of `format: 1` as they were before version 0.2 load, and mean what they meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from lactflow.config.scenario import load_scenario
from lactflow.config.tissue import tissue_of
from lactflow.config.yaml_source import parse_yaml
from lactflow.errors import ConfigError
from lactflow.gland.resolution import lobe_shares

EARLIER = sorted(Path(__file__).with_name("earlier").glob("*.yaml"))
RENAMED = {
    "birth.fluids_ml": "birth.fluids",
    **{f"breasts.{side}.size": f"breasts.{side}.gland_size" for side in ("left", "right")},
    **{f"breasts.{side}.nerve_share": f"breasts.{side}.let_down_share" for side in ("left", "right")},
}
OTHERWISE = ("breasts.left.ducts_cut", "breasts.right.storage_size", "resolution")
"""Keys whose values are others now, and the level of resolution, which stands for several."""


def leaves(data, before=""):
    """Dotted paths of everything that has a value."""
    if isinstance(data, dict | list | tuple) and data:
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        for key, value in pairs:
            yield from leaves(value, f"{before}.{key}" if before else str(key))
    else:
        yield before, data


@pytest.mark.parametrize("file", EARLIER, ids=lambda path: path.stem)
def test_what_was_written_is_what_is_simulated(file):
    """Each value stands where it stood, or where its key went."""
    written = dict(leaves(parse_yaml(file.read_bytes(), file.name).data))
    scenario = load_scenario(file)
    loaded = dict(leaves(scenario.config.model_dump(by_alias=True)))
    for key, value in written.items():
        if key in OTHERWISE or value == {}:
            continue
        if key.startswith("mother.conditions."):  # a list of names
            assert loaded[f"{key}.kind"] == value
            continue
        meant = "alternate" if value == "block" else value
        found = loaded[RENAMED.get(key, key)]
        assert found == meant or (meant in ([], ()) and found in ([], ())), key
    renamed = [line for line in scenario.warnings if line.endswith(" now")]
    earlier = [key for key, value in written.items() if key in RENAMED or key in OTHERWISE[:2] or value == "block"]
    assert len(renamed) == len(earlier)
    assert load_scenario(file).text == scenario.text


def test_breasts_of_earlier_configs():
    """A factor on storage is a volume, a share of cut tissue the smallest lobes that come nearest to it."""
    config = load_scenario(Path(__file__).with_name("earlier") / "surgery.yaml").config
    left, right = tissue_of(config, "left"), tissue_of(config, "right")
    assert (left.size, left.nerve_share) == (pytest.approx(0.8 * 0.7), 0.5)
    assert right.storage_size == pytest.approx(0.9 * 1.5)
    shares = lobe_shares(config.gland.lobes_per_breast, config.gland.lobe_spread)
    cut = sum(shares[lobe] for lobe in left.cut)
    assert left.cut == tuple(range(len(left.cut)))
    assert abs(cut - 0.3) <= max(shares)


@pytest.mark.parametrize(
    "text",
    [
        "birth: {fluids_ml: 100, fluids: 100}",
        "breasts: {left: {size: 1, gland_size: 1}}",
        "breasts: {left: {ducts_cut: 0.1, severed_lobes: 2}}",
        "breasts: {left: {storage_size: 1, storage_ml: 100}}",
        "breasts: {left: {storage_size: big}}",
        "birth: [fluids_ml]",
        "schedule: [{kind: every, hours: 3, side: block}, 3]",
    ],
)
def test_what_is_wrong_stays_wrong(tmp_path, text):
    """Both names of a key, and what was refused under the earlier one."""
    file = tmp_path / "a.yaml"
    file.write_text(f"format: 1\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_scenario(file)
