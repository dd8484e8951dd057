"""Markers of clinics: rows by hand at the edges of every limit, and what the page says of them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import lactflow
from lactflow import analysis, sources
from lactflow.analysis.markers import FLAGS
from lactflow.recording.archive import Archive
from lactflow.records import Removal

FED = {
    "format": 1,
    "start_day": 90,
    "days": 0.5,
    "gland": {"lobes_per_breast": 1},
    "resolution": {"packet_ml": 0.5},
    "schedule": [{"kind": "every", "hours": 3}],
}


def _removal(session, breast, start_min, sodium, potassium, *, removed_ml=50.0):
    """A removal as far as its ions."""
    return Removal(
        **{
            **dict.fromkeys(Removal._fields),
            "session": session,
            "kind": "feed",
            "breast": breast,
            "start_min": start_min,
            "end_min": start_min + 10.0,
            "available_ml": 80.0,
            "removed_ml": removed_ml,
            "fullness_start": 0.5,
            "fullness_end": 0.2,
            "let_downs": 2,
            "sodium_mmol_per_l": sodium,
            "potassium_mmol_per_l": potassium,
        }
    )


def _recorded(folder, *facts):
    """A run of these removals."""
    archive = Archive.create(folder, "day", "format: 1\n", {}, {})
    recorder = archive.writer(2, 1)
    for fact in facts:
        recorder.record(fact)
    recorder.close(4000.0)
    archive.finish("complete")
    return lactflow.open_run(archive.path)


@pytest.fixture
def run(tmp_path):
    """Removals at each limit, just beyond it, without milk, and of milk without potassium; written out of order."""
    return _recorded(
        tmp_path,
        _removal(1, "right", 1440.0, 16.1, 20.0),
        _removal(0, "left", 100.0, 16.0, 20.0),
        _removal(2, "left", 1500.0, 12.0, 20.0),
        _removal(2, "right", 1500.0, 12.1, 20.0),
        _removal(3, "left", 3000.0, None, None, removed_ml=0.0),
        _removal(4, "left", 3100.0, 12.0, 0.0),
    )


def test_every_column_by_hand(run):
    """No more than 16 and 0.8 include the limit, above 0.6 does not; what was not measured is null."""
    table = run.markers()
    null = pd.NA
    assert [*table] == [
        "mother",
        "replicate",
        "session",
        "breast",
        "kind",
        "day",
        "start_min",
        "removed_ml",
        "sodium_mmol_per_l",
        "potassium_mmol_per_l",
        "na_k_ratio",
        "na_at_most_16",
        "na_k_at_most_0_8",
        "na_k_above_0_6",
    ]
    assert (set(table["mother"]), set(table["replicate"])) == ({2}, {1})
    assert table["session"].tolist() == [0, 1, 2, 2, 3, 4]
    assert table["breast"].tolist() == ["left", "right", "left", "right", "left", "left"]
    assert table["day"].tolist() == [1, 2, 2, 2, 3, 3]
    assert table["na_k_ratio"].tolist() == pytest.approx([0.8, 0.805, 0.6, 0.605, math.nan, math.nan], nan_ok=True)
    for name, values in {
        "na_at_most_16": [True, False, True, True, null, True],
        "na_k_at_most_0_8": [True, False, True, True, null, null],
        "na_k_above_0_6": [True, True, False, True, null, null],
    }.items():
        pd.testing.assert_series_equal(table[name], pd.Series(values, dtype="boolean", name=name))


def test_a_run_of_the_model(tmp_path):
    """A row for each removal; mature milk is on the healthy side of all limits."""
    fed = lactflow.run(FED, workers=1, out=tmp_path)
    table = analysis.markers(fed)
    assert len(table) == len(fed["removals"]) > 3
    assert table[["na_at_most_16", "na_k_at_most_0_8"]].all(axis=None)
    assert not table["na_k_above_0_6"].any()


def test_a_run_without_removals(run, tmp_path):
    """The same columns of the same types, and no row."""
    empty = _recorded(tmp_path).markers()
    assert empty.empty
    assert {name: str(empty[name].dtype) for name in empty} == {
        name: str(column.dtype) for name, column in run.markers().items()
    }


def test_every_limit_has_its_source_and_its_worth():
    """A paper of the bibliography, when its milk was taken, a number of what it is worth; named as it is computed."""
    papers = [value for value in vars(sources).values() if isinstance(value, sources.Citation)]
    for flag in FLAGS:
        assert flag.source in papers
        assert flag.sampled
        assert "%" in flag.worth
        assert flag.name.endswith(f"{flag.limit:g}".replace(".", "_"))
        assert f"`{flag.name}`" in analysis.markers.__doc__
        assert flag.source.authors[0].split()[0] in analysis.markers.__doc__
    assert "No medical advice" in analysis.markers.__doc__
