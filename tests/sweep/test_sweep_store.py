"""Ledgers: what counts, what is ignored, what is refused."""

from __future__ import annotations

import pytest

from lactflow.errors import DamagedRunError
from lactflow.experiments.sweep import store
from lactflow.experiments.sweep.store import LedgerFile, Ledgers, Line


def line(folder, name, *keys, failed=(), there=True):
    """A line whose part is there."""
    file = f"rows/part-{name}.parquet"
    if there:
        store.write_part(folder, file, b"x")
    return Line({"rows": file}, {"rows": "0"}, list(keys), list(failed), 1.5, {"model": 1})


def read(folder):
    """Ledgers, read."""
    ledgers = Ledgers(folder)
    ledgers.refresh()
    return ledgers


def test_the_first_line_wins_by_ledger_and_line(tmp_path):
    """Ledgers by name, lines in order."""
    for writer, name, keys in (("b", "b0", "xy"), ("a", "a0", "y"), ("a", "a1", "yz")):
        ledger = LedgerFile(tmp_path, writer)
        ledger._length = (tmp_path / "ledger" / f"{writer}.jsonl").stat().st_size if name.endswith("1") else 0
        ledger.append(line(tmp_path, name, *keys))
    claimed = read(tmp_path).claimed()
    assert {key: each.files["rows"] for key, each in claimed.items()} == {
        "y": "rows/part-a0.parquet",
        "z": "rows/part-a1.parquet",
        "x": "rows/part-b0.parquet",
    }


def test_a_line_whose_part_is_gone_does_not_count(tmp_path):
    """The next one does."""
    LedgerFile(tmp_path, "a").append(line(tmp_path, "a0", "x", there=False))
    LedgerFile(tmp_path, "b").append(line(tmp_path, "b0", "x"))
    assert read(tmp_path).claimed()["x"].files["rows"] == "rows/part-b0.parquet"


def test_a_torn_last_line_is_ignored_and_read_when_it_is_whole(tmp_path):
    """At every length."""
    ledger = LedgerFile(tmp_path, "a")
    ledger.append(line(tmp_path, "a0", "x"))
    whole = ledger.path.read_bytes()
    ledger.append(line(tmp_path, "a1", "y"))
    both = ledger.path.read_bytes()
    for length in range(len(whole), len(both), 7):
        ledger.path.write_bytes(both[:length])
        ledgers = read(tmp_path)
        assert set(ledgers.claimed()) == {"x"}
        ledger.path.write_bytes(both)
        assert [each.keys for each in ledgers.refresh()] == [["y"]]
        assert set(ledgers.claimed()) == {"x", "y"}
        assert ledgers.refresh() == []


def test_what_a_failed_append_left_is_cut_off(tmp_path):
    """By the next one."""
    ledger = LedgerFile(tmp_path, "a")
    ledger.append(line(tmp_path, "a0", "x"))
    with ledger.path.open("ab") as stream:
        stream.write(b'{"torn":')
    ledger.append(line(tmp_path, "a1", "y"))
    assert set(read(tmp_path).claimed()) == {"x", "y"}


@pytest.mark.parametrize("place", [0, 3, 40, 100, -3])
def test_a_changed_line_is_refused_by_file_and_line(tmp_path, place):
    """One letter is enough."""
    ledger = LedgerFile(tmp_path, "a")
    ledger.append(line(tmp_path, "a0", "x"))
    ledger.append(line(tmp_path, "a1", "y"))
    content = bytearray(ledger.path.read_bytes())
    start = content.index(b"\n") + 1 if place >= 0 else 0
    content[start + place] ^= 1
    ledger.path.write_bytes(bytes(content))
    with pytest.raises(DamagedRunError, match=r"a\.jsonl:[12]: not "):
        read(tmp_path)


def test_a_line_may_not_lead_out_of_the_folder(tmp_path):
    """Files lie in the folders of their tables."""
    bad = Line({"rows": "rows/part-../../x"}, {"rows": "0"}, ["x"], [], 0.0, {})
    LedgerFile(tmp_path, "a").append(bad)
    with pytest.raises(DamagedRunError, match="not what was written"):
        read(tmp_path)


def test_a_ledger_that_was_taken_away_is_begun_anew(tmp_path, monkeypatch):
    """The line is in the new one too, so that it is not lost whatever was read of the old one."""
    ledger = LedgerFile(tmp_path, "a")
    ledger.append(line(tmp_path, "a0", "x"))
    real, taken = store.write_all, []

    def write_all(descriptor, content):
        real(descriptor, content)
        if not taken:
            taken.append(ledger.path.rename(tmp_path / "ledger" / ".closed-a.jsonl"))

    monkeypatch.setattr(store, "write_all", write_all)
    ledger.append(line(tmp_path, "a1", "y"))
    assert set(read(tmp_path).claimed()) == {"y"}
    ledger.append(line(tmp_path, "a2", "z"))
    assert set(read(tmp_path).claimed()) == {"y", "z"}


def test_failures_count_until_the_unit_is_done(tmp_path):
    """The last reason of each."""
    failures = [
        {"key": "x", "unit": 0, "message": "no", "exit_code": 1},
        {"key": "y", "unit": 1, "message": "no", "exit_code": 1},
    ]
    LedgerFile(tmp_path, "a").append(line(tmp_path, "a0", failed=failures))
    LedgerFile(tmp_path, "b").append(line(tmp_path, "b0", "x"))
    ledgers = read(tmp_path)
    assert set(ledgers.failures(ledgers.claimed())) == {"y"}


def test_a_cache_links_or_copies(tmp_path, monkeypatch):
    """The part is there under its name, once."""
    sweep, cache = tmp_path / "sweep", tmp_path / "cache"
    entry = line(sweep, "a0", "x")
    store.publish(sweep, entry, cache, LedgerFile(cache, "a"))
    assert (cache / "rows/part-a0.parquet").samefile(sweep / "rows/part-a0.parquet")
    store.publish(sweep, entry, cache, LedgerFile(cache, "b"))
    monkeypatch.setattr(store.Path, "hardlink_to", _refused)
    other = line(sweep, "a1", "y")
    store.publish(sweep, other, cache, LedgerFile(cache, "c"))
    assert (cache / "rows/part-a1.parquet").read_bytes() == b"x"
    assert set(read(cache).claimed()) == {"x", "y"}


def _refused(self, target):
    raise OSError(18, "Invalid cross-device link")
