"""The page of a run goes by stages, as the printed summary does."""

from __future__ import annotations

import pytest

import lactflow
from lactflow.report.blocks import Table
from lactflow.report.run_page import run_page

SETTINGS = ("gland.lobes_per_breast=1", "resolution.packet_ml=0.5", "record.visits=false", "mother.cohort=2")


def by_stage(page):
    """The table of stages; None where there is none."""
    blocks = [block for section in page.sections if section.name == "measures" for block in section.blocks]
    return next((block for block in blocks if isinstance(block, Table) and block.title == "By stage"), None)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Eight and a half days: pregnancy, onset, one and a half days of established lactation."""
    folder = tmp_path_factory.mktemp("stages")
    return run_page(lactflow.run("first-week", days=8.5, settings=SETTINGS, workers=1, out=folder))


def test_women_and_days_are_counted(page):
    """In the line below the title."""
    assert page.subtitle == "first-week, 2 women \N{MULTIPLICATION SIGN} 8.5 days"


def test_tiles_are_of_one_stage(page):
    """Of established lactation, and they say so; the onset is the run's."""
    units = {tile.label: tile.unit for tile in page.tiles}
    assert units["milk removed"] == "mL/day, established"
    assert units["onset of copious milk"] == "h after birth"
    table = by_stage(page)
    assert table is not None
    established = next(row for row in table.rows if row[0] == "milk removed")[3]
    assert {tile.label: tile.value for tile in page.tiles}["milk removed"] == established


def test_each_stage_has_a_column(page):
    """With its days."""
    columns = ["measure", "pregnancy, days -1 to 0", "onset, days 1 to 5", "established, days 6 to 7", "unit"]
    assert list(by_stage(page).columns) == columns


def test_a_run_of_one_stage_has_no_table_of_stages(tmp_path):
    """And tiles without the name of one."""
    run = lactflow.run("every-three-hours", days=1.0, settings=[*SETTINGS[:3]], workers=1, out=tmp_path)
    page = run_page(run)
    assert by_stage(page) is None
    assert {tile.label: tile.unit for tile in page.tiles}["milk removed"] == "mL/day"
    assert page.subtitle == "every-three-hours, 24 h"
