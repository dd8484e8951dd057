"""The guide to additions: its package works, its blocks print what it shows, its tables are complete."""

from __future__ import annotations

import re
import tomllib

import pytest
from examples import assert_alike
from guide import GUIDE, GUIDES, all_blocks, blocks_of, installed, typed

from lactflow import plugins
from lactflow.config.additions import Additions
from lactflow.dyad.schedule import BreastView, InfantView, View
from lactflow.endocrine.influences import TARGETS
from lactflow.gland.routes import Route
from lactflow.parameters.gland import Gland
from lactflow.report.blocks import Block as ReportBlock

TEXTS = {page.stem: page.read_text(encoding="utf-8") for page in GUIDES}
BLOCKS = all_blocks()


@pytest.fixture
def our_lab(tmp_path):
    """The package of the guide, installed, in an empty folder."""
    with installed(BLOCKS, tmp_path) as project:
        yield project


@pytest.mark.parametrize("page", TEXTS)
def test_every_block_runs_in_order_and_prints_what_it_shows(our_lab, page):
    """Files are those of a package; Python and shell of a page are typed in one session, without the other pages."""
    assert our_lab["name"] == "our-lab"
    blocks = blocks_of(TEXTS[page])
    shown = [block.shown for block in blocks if block.file is None and block.language in ("python", "sh")]
    for expected, output in zip(shown, typed(blocks), strict=True):
        if expected is not None:
            assert_alike(expected, output)


def test_outputs_are_shown():
    """As many as there were before a page was parted."""
    assert sum(block.shown is not None for block in BLOCKS) == 8


def test_the_section_of_the_package_is_on_a_page(our_lab, tmp_path):
    """With what it says, and no error in its place."""
    typed(blocks_of(TEXTS["additions-pages"]))
    (page,) = (tmp_path / "outputs").glob("our-ward-*/report.html")
    page = page.read_text(encoding="utf-8")
    assert "Caffeine in the milk that was taken." in page
    assert "This cannot be shown" not in page


def test_the_package_offers_one_of_each_group_and_all_of_it_can_be_loaded(our_lab):
    """A group that is added to lactflow needs an example here."""
    groups = {group.removeprefix("lactflow."): names for group, names in our_lab["entry-points"].items()}
    assert set(groups) == set(plugins.GROUPS)
    for group in groups:
        for plugin in plugins.found(group):
            assert plugins.load(plugin) is not None, plugin.label


def test_nothing_is_left_out_of_its_tables():
    """Groups, targets, routes, blocks, what a view shows, what can be passed from Python."""
    prose = re.sub(r"^```.*?^```$", "", "\n".join(TEXTS.values()), flags=re.DOTALL | re.MULTILINE)
    words = set(re.findall(r"[\w.]+", " ".join(re.findall(r"`([^`]+)`", prose))))
    seen = [name for kind in (View, BreastView, InfantView) for name in vars(kind) if not name.startswith("_")]
    kinds = [kind.__name__ for kind in Route.__args__]
    groups = [f"lactflow.{group}" for group in plugins.GROUPS]
    fields = [name for name in Additions._fields if name != "cell_mechanisms"]
    assert not [name for name in (*groups, *TARGETS, *kinds, *seen, *fields) if name not in words]
    for name in re.findall(r"`Note`.*?\.", prose, flags=re.DOTALL)[0].split("`")[1::2]:
        assert name in {kind.__name__ for kind in ReportBlock.__args__}
    assert hasattr(Gland(), "checkpoint_min")


def test_the_page_is_readable():
    """Blocks fit the page; what prints shows it; the README leads here."""
    for block in BLOCKS:
        assert all(len(line) <= 120 for line in block.code.splitlines())
        assert block.shown or "print(" not in block.code
    assert tomllib.loads(next(block.code for block in BLOCKS if block.language == "toml"))
    assert all(len(text.splitlines()) < 200 for text in TEXTS.values())
    assert set(GUIDE.parent.glob("additions*.md")) == set(GUIDES)
    assert "docs/guides/additions.md" in (GUIDE.parents[2] / "README.md").read_text(encoding="utf-8")
