"""Run directories filled with made-up facts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from made_up_facts import KEYS, record_made_up

from lactflow.recording.archive import Archive
from lactflow.records import OPTIONAL_TABLES

_MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path):
    """A folder in memory where the system has one: these tests make small files by the ten thousand."""
    if not os.access(_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        yield Path(folder)


def new_archive(out):
    """A new run directory with all tables, held by this process."""
    return Archive.create(
        out, "trial", "format: 1\n", {"log.csv": b"start\n"}, {"command": ["run"], "seed": 3}, tables=OPTIONAL_TABLES
    )


@pytest.fixture
def archive(tmp_path):
    """A new run directory with all tables, held by this process."""
    archive = new_archive(tmp_path / "out")
    yield archive
    archive._lock.release()


@pytest.fixture
def flushes(monkeypatch):
    """Every instant is a flush."""
    monkeypatch.setattr("lactflow.recording.recorder.FLUSH_ROWS", 1)


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """A complete run of two flushes, two replicates; nobody changes it."""
    archive = new_archive(tmp_path_factory.mktemp("written"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lactflow.recording.recorder.FLUSH_ROWS", 1)
        for replicate in range(2):
            recorder = archive.writer(0, replicate)
            recorder.stations(KEYS)
            for number in (10, 50):
                record_made_up(recorder, number)
                recorder.instant_over(number + 10.0)
            recorder.close(80.0)
        archive.finish("complete")
    return archive.path


@pytest.fixture
def complete(written, flushes, tmp_path):
    """A copy of that run."""
    return Path(shutil.copytree(written, tmp_path / "out" / written.name))


_ENDLESS_WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from made_up_facts import KEYS, record_made_up
from lactflow.recording import recorder as module
from lactflow.recording.archive import Archive
from lactflow.records import OPTIONAL_TABLES

module.FLUSH_ROWS = 1
archive = Archive.create(Path(sys.argv[1]), "endless", "format: 1\\n", {{}}, {{}}, tables=OPTIONAL_TABLES)
recorder = archive.writer()
recorder.stations(KEYS)
print(archive.path, flush=True)
number = 0
while True:
    record_made_up(recorder, number, visits=200, facts=5)
    number += 200
    # Said before the flush begins: so many flushes were under way or done when the kill came.
    print(number // 200, flush=True)
    recorder.instant_over(float(number))
    recorder.settle()
"""


@pytest.fixture
def endless_writer(tmp_path_factory):
    """Start a process that flushes for ever, to a real disk; gives the process and its run directory."""
    folder = tmp_path_factory.mktemp("endless")
    started = []

    def start(name: str) -> tuple[subprocess.Popen[str], Path]:
        script = _ENDLESS_WRITER.format(here=str(Path(__file__).parent))
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(folder / name)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in started:
        process.kill()
        process.stdout.close()
        process.wait()
