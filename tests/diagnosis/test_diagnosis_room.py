"""The size of the cache of virtual mothers: what is removed, what stays, and two processes at once."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from made_up import made_up_cohorts
from records import read

from lactflow.diagnosis import room, virtual
from lactflow.diagnosis.files import chosen
from lactflow.diagnosis.her import her
from lactflow.diagnosis.room import make_room, mark_used
from lactflow.diagnosis.virtual import Simulated, key_of, read_cohort, write_cohort

OLD_S = 2.0 * 24.0 * 3600.0


def kept(cache, number, *, days_ago=0.0, size=1_000_000):
    """Virtual mothers of so many bytes, used so long ago."""
    folder = cache / f"small_gland-{number:020x}"
    folder.mkdir(parents=True)
    (folder / "breasts.parquet").write_bytes(b"x" * size)
    then = time.time() - days_ago * 24.0 * 3600.0
    os.utime(folder, (then, then))
    return folder


def names(cache):
    """What is in it."""
    return sorted(path.name for path in cache.iterdir())


def test_those_used_longest_ago_make_room(tmp_path):
    """As many as are needed, and no more."""
    folders = [kept(tmp_path, number, days_ago=number) for number in range(5)]
    make_room(tmp_path, (), most_mb=3.5)
    assert names(tmp_path) == sorted(folder.name for folder in folders[:3])
    make_room(tmp_path, (), most_mb=3.0)
    assert len(names(tmp_path)) == 3


def test_what_is_used_is_new_again(tmp_path):
    """Not when it was made counts."""
    old, young = kept(tmp_path, 1, days_ago=9), kept(tmp_path, 2, days_ago=1)
    mark_used(old)
    make_room(tmp_path, (), most_mb=1.5)
    assert names(tmp_path) == [old.name]
    mark_used(young)  # is gone: nothing happens


def test_what_is_needed_now_stays(tmp_path):
    """However large and old it is."""
    mine, other = kept(tmp_path, 1, days_ago=9, size=5_000_000), kept(tmp_path, 2)
    make_room(tmp_path, {mine.name}, most_mb=1.0)
    assert names(tmp_path) == [mine.name]
    assert not other.exists()


def test_nothing_else_in_the_folder_is_touched(tmp_path):
    """A user may name any folder: files and folders with other names stay, whatever they hold."""
    for name in ("photos", "small_gland", "small_gland-2031", ".config", "small_gland-" + "0" * 19 + "x"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "much").write_bytes(b"x" * 2_000_000)
    (tmp_path / ("small_gland-" + "1" * 20)).write_bytes(b"no folder")
    before = names(tmp_path)
    make_room(tmp_path, (), most_mb=0.0)
    assert names(tmp_path) == before


def test_what_a_killed_process_left_is_removed_after_a_day(tmp_path):
    """That of one at work is not."""
    for name, old_s in ((".abcdefgh", OLD_S), (".ijklmnop", 0.0)):
        (tmp_path / name / "whole").mkdir(parents=True)
        os.utime(tmp_path / name, (time.time() - old_s,) * 2)
    make_room(tmp_path, ())
    assert names(tmp_path) == [".ijklmnop"]


def test_a_cache_that_is_not_there_is_no_error(tmp_path):
    """Nothing was kept in it."""
    make_room(tmp_path / "gone", (), most_mb=0.0)


def test_several_at_once_are_in_nobodys_way(tmp_path):
    """Two processes find the same to remove: nothing is left half, and nobody fails."""
    for number in range(40):
        kept(tmp_path, number, days_ago=number, size=1000)
    failed = []

    def remove():
        try:
            make_room(tmp_path, (), most_mb=0.005)
        except Exception as error:  # noqa: BLE001 - any failure of a thread is one
            failed.append(error)

    threads = [threading.Thread(target=remove) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(names(tmp_path)) <= 5
    assert all((tmp_path / name / "breasts.parquet").exists() for name in names(tmp_path))


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Her, two mechanisms, and mothers that were never simulated, counted."""
    hers, rivals = her(read(tmp_path, "2031-05-03 20:00,weight,,3300,g,")), chosen(["small_gland"])
    how, made = Simulated(1, range(2), 1, tmp_path / "cache"), []

    class Done:
        failures = ()

        def __init__(self, units):
            made.extend(units)
            self.tables = {unit: unit for unit in units}

    monkeypatch.setattr(virtual, "simulated_side_by_side", lambda units, *_: Done(units))
    monkeypatch.setattr(virtual, "_cohort", lambda rival, how, _: made_up_cohorts(hers, [rival], how)[0])
    return hers, rivals, how, made


def test_new_ones_make_room_and_her_own_stay(two, monkeypatch):
    """What is older is gone; the second time nothing is simulated."""
    hers, rivals, how, made = two
    older = kept(how.cache, 7, days_ago=3)
    monkeypatch.setattr(virtual, "make_room", lambda cache, present: make_room(cache, present, most_mb=0.01))
    virtual.cohorts(hers, rivals, how)
    assert not older.exists()
    assert names(how.cache) == sorted(key_of(hers, rival, how) for rival in rivals)
    number = len(made)
    stale = {path: path.stat().st_mtime for path in how.cache.iterdir()}
    for path in stale:
        os.utime(path, (1.0, 1.0))
    virtual.cohorts(hers, rivals, how)
    assert len(made) == number
    assert all(path.stat().st_mtime > 1.0 for path in stale)


def test_what_is_removed_while_it_is_read_is_simulated_again(two, monkeypatch):
    """Another process removes it between two of its tables."""
    hers, rivals, how, _ = two
    (cohort, _) = virtual.cohorts(hers, rivals, how)
    folder = how.cache / key_of(hers, rivals[0], how)
    read_one, left = virtual._read_table, iter([False, False, True])

    def reading(file):
        if next(left, False):
            room._remove(folder)
        return read_one(file)

    monkeypatch.setattr(virtual, "_read_table", reading)
    assert read_cohort(folder, hers, rivals[0], how) is None
    assert not folder.exists()
    write_cohort(folder, cohort)
    assert read_cohort(folder, hers, rivals[0], how) is not None


def test_the_size_is_that_of_the_docs():
    """One gigabyte, as `--help` and the guide say."""
    assert room.MOST_MB == 1000.0
    guide = Path(__file__).parents[2] / "docs" / "guides" / "diagnose.md"
    assert "Beyond 1 GB" in guide.read_text(encoding="utf-8")
