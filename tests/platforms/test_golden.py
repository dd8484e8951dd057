"""Tables of three short runs are those that were kept: to the bit where arithmetic is the same, else within 1e-9."""

from __future__ import annotations

import json
import math
import sys

import golden
import pandas as pd
import pytest
from golden import Column
from other_pythons import tables_by

from lactflow.version import MODEL

ABOUT = json.loads(golden.ABOUT.read_text(encoding="utf-8"))
SAME = sys.platform == ABOUT["platform"] and golden.arithmetic() == ABOUT["arithmetic"]


@pytest.mark.parametrize("scenario", golden.RUNS)
def test_tables_are_those_that_were_kept(scenario):
    """After a change of results: `python tests/platforms/golden.py --write`."""
    assert golden.RUNS[scenario] == ABOUT["days"][scenario]
    kept = golden.read(scenario)
    assert len(kept) > 100
    assert golden.differences(kept, golden.tables_of(scenario), exact=SAME) == []


def test_kept_tables_are_those_of_the_model():
    """Tables that were moved without a higher `MODEL`: caches would give results of the old model for the new one."""
    kept = golden.models()
    assert max(map(int, kept)) == MODEL, "tests/platforms/golden.py --write keeps the tables of a new model"
    assert kept[str(MODEL)] == golden.digest_of_kept(), "the golden tables moved: raise MODEL in lactflow/version.py"


def test_moved_tables_are_refused_by_name_without_a_new_model():
    """What moved is named; of a new model, everything may."""
    before = golden.read("every-three-hours")
    name, column = next(iter(before.items()))
    now = {"every-three-hours": {**before, name: column._replace(digest="other")}}
    with pytest.raises(SystemExit, match=f"(?s)above {MODEL}.*every-three-hours: {name}"):
        golden.refuse_to_move(now, MODEL)
    golden.refuse_to_move(now, MODEL + 1)
    golden.refuse_to_move({"every-three-hours": {**before, "removals.new": column}}, MODEL)


@pytest.mark.slow
def test_other_arithmetic_moves_the_last_bits_only():
    """The plainest BLAS and C library on this machine: tables within 1e-9 of those that were kept."""
    plain = {"OPENBLAS_CORETYPE": "Prescott", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"}
    found = tables_by(sys.executable, **plain)
    if found["arithmetic"] == golden.arithmetic():
        pytest.skip("this machine has one arithmetic")
    changed = []
    for scenario, now in found["runs"].items():
        kept = golden.read(scenario)
        assert golden.differences(kept, now, exact=False) == []
        changed += golden.differences(kept, now, exact=True)
    assert changed, "nothing that this test could have found"


def test_a_column_is_boiled_down_by_hand():
    """Nulls are counted and left out of the mean; words have a digest only; types of columns do not matter."""
    numbers = golden.column_of(pd.Series([1.0, None, 4.0, None]))
    assert numbers[1:] == (4, 2, 2.5, 4.0)
    assert golden.column_of(pd.Series([1, None, 4, None], dtype="Int64")) == numbers
    words = golden.column_of(pd.Series(["left", None]))
    assert words[1:3] == (2, 1)
    assert math.isnan(words.mean)
    assert golden.column_of(pd.Series(["left", None], dtype="category")).digest == words.digest
    assert golden.column_of(pd.Series(["left", "left"])).digest != words.digest


@pytest.mark.parametrize(
    ("now", "exactly", "nearly"),
    [
        (Column("a", 3, 0, 2.0, 3.0), True, True),
        (Column("b", 3, 0, 2.0 + 1e-9, 3.0 - 1e-9), False, True),
        (Column("b", 3, 0, 2.0 + 5e-9, 3.0), False, False),
        (Column("b", 3, 0, 2.0, 3.0 + 5e-9), False, False),
        (Column("b", 3, 1, 2.0, 3.0), False, False),
        (Column("b", 4, 0, 2.0, 3.0), False, False),
        (Column("b", 3, 0, math.nan, 3.0), False, False),
    ],
)
def test_what_counts_as_a_difference(now, exactly, nearly):
    """Digests where bits count, else mean, last value and rows."""
    kept = {"x": Column("a", 3, 0, 2.0, 3.0)}
    assert (golden.differences(kept, {"x": now}, exact=True) == []) is exactly
    assert (golden.differences(kept, {"x": now}, exact=False) == []) is nearly


def test_words_are_compared_by_digest_and_columns_may_be_new():
    """Words have no tolerance; a column that is gone is a difference, a new one is none; empty columns are alike."""
    kept = {"word": Column("a", 2, 0, math.nan, math.nan), "empty": Column("b", 0, 0, math.nan, math.nan)}
    assert golden.differences(kept, {**kept, "new": kept["word"]}, exact=False) == []
    assert golden.differences(kept, {**kept, "word": kept["word"]._replace(digest="c")}, exact=False) == ["word"]
    assert golden.differences(kept, {**kept, "empty": kept["empty"]._replace(digest="c")}, exact=False) == []
    assert golden.differences(kept, {"word": kept["word"]}, exact=True) == ["empty"]
