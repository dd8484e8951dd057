"""Hashes and checksums: whatever is damaged in a folder of any kind is found, or makes no difference."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from sealing import make_old, read, reseal

import lactflow
from lactflow.analysis.run import open_run
from lactflow.cli.validate import _as_parquet
from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.recording.folder import ResultFolder, kind_of, table_of
from lactflow.recording.verify import verify
from lactflow.validation.judge import Result

BASE = "format: 1\ndays: 0.3\ngland: {lobes_per_breast: 1}\nresolution: {packet_ml: 0.5}\n"
LOG = "start,kind,left_min,right_min,volume_ml\n2001-01-01 01:00,pump,10,10,60\n2001-01-01 05:00,pump,10,10,55\n"


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    """A folder of each kind, small and complete."""
    out = tmp_path_factory.mktemp("sound")
    (out / "log.csv").write_text(LOG, encoding="utf-8")
    (out / "kept.yaml").write_text(f"{BASE}infants: []\nschedule: [{{kind: log, file: log.csv}}]\n", encoding="utf-8")
    for name, hours in (("often", 2), ("seldom", 4)):
        text = f"{BASE}schedule: [{{kind: every, hours: {hours}}}]\n"
        (out / f"{name}.yaml").write_text(text, encoding="utf-8")
    run = lactflow.run(out / "kept.yaml", out=out / "run", workers=1, replicates=2)
    comparison = lactflow.compare(
        [out / "often.yaml", out / "seldom.yaml"], replicates=2, out=out / "comparison", workers=1
    )
    comparison.write_figure()
    validation = ResultFolder.create(out / "validation", "validation", "validation", {"command": ["lactflow"]})
    result = Result(
        id="C05",
        kind="claim",
        use=None,
        title="Copious milk starts",
        required="48 to 72 h",
        found="59 h",
        verdict="met",
        reason=None,
        known_gap=None,
        source=None,
        value=None,
        low=None,
        high=None,
    )
    validation.write("results.parquet", _as_parquet([result, result]))
    validation.finish("complete")
    return {"run": run.path, "comparison": comparison.path, "validation": validation.path}


def seen(folder: Path) -> str:
    """All that readers get out of a folder, as text."""
    kind = kind_of(folder)
    if kind == "run":
        run = open_run(folder)
        tables = {table: run[table].to_json() for table in run.tables}
        logs = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
        return json.dumps([run.manifest, run.status, run.config_text, tables, logs], sort_keys=True)
    if kind == "comparison":
        comparison = lactflow.open_comparison(folder)
        runs = {name: seen(run.path) for name, run in comparison.runs.items()}
        tables = [comparison.differences.to_json(), comparison.subjects.to_json()]
        figure = (folder / "differences.svg").read_text(encoding="utf-8")
        return json.dumps([comparison.manifest, comparison.status, runs, tables, figure], sort_keys=True)
    manifest = read(folder)
    return json.dumps([manifest, table_of(folder, manifest, "results.parquet").to_json()], sort_keys=True)


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Another content: one of the ways in which disks and people damage files."""
    at = rng.randrange(len(content))
    block = slice(at, at + rng.randint(1, 64))
    length = len(content[block])
    ways = (
        lambda: content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :],
        lambda: content[:at] + str(rng.randrange(10)).encode() + content[at + 1 :],
        lambda: content[: block.start] + bytes(length) + content[block.stop :],
        lambda: content[: block.start] + rng.randbytes(length) + content[block.stop :],
        lambda: content[: block.start] + content[block.stop :],
        lambda: content[:at],
        lambda: content + rng.randbytes(length),
        lambda: content[: content.rfind(b"\n", 0, at) + 1] + content[content.find(b"\n", at) + 1 :],
    )
    return rng.choice(ways)()


@pytest.mark.parametrize("kind", ["run", pytest.param("comparison", marks=pytest.mark.slow), "validation"])
def test_damage_is_named_or_makes_no_difference(sound, tmp_path, kind):
    """Every file several times: verify names it, and readers say so in one line; or everything reads the same."""
    rng = random.Random(11)
    folder = Path(shutil.copytree(sound[kind], tmp_path / "copy"))
    assert verify(folder) == ("complete", [])
    before = seen(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    within = [path for path in files if "runs" in path.parts]
    found = 0
    for file in [*(path for path in files if path not in within), *rng.sample(within, min(len(within), 12))]:
        content = file.read_bytes()
        table = file.suffix == ".parquet" and file.parent != folder
        for _ in range(1 if table or file in within else 25):
            file.write_bytes(damaged(content, rng))
            if file.read_bytes() == content:
                continue
            try:
                problems = verify(folder).problems
            except ArchiveError as error:
                problems = [str(error)]
            if problems:
                found += 1
                name = "journal" if file.suffix == ".jsonl" else file.name
                assert any(name in problem for problem in problems), (file, problems)
                assert all(len(problem.splitlines()) == 1 for problem in problems)
            else:
                assert seen(folder) == before, file
        file.unlink()
        assert verify(folder).problems, file
        file.write_bytes(content)
    assert verify(folder) == ("complete", [])
    assert found > 20


@pytest.mark.parametrize(
    "file", ["manifest.json", "config.yaml", "log.csv", "journal/tables.jsonl", "journal/0-1.jsonl"]
)
def test_a_changed_digit_is_found(sound, tmp_path, file):
    """In every file of a run that people can read, wherever there is one; readers of the file refuse it."""
    folder = Path(shutil.copytree(sound["run"], tmp_path / "copy"))
    content = (folder / file).read_bytes()
    digits = [at for at, byte in enumerate(content) if chr(byte).isdecimal()]
    for at in random.Random(3).sample(digits, min(40, len(digits))):
        other = (content[at] - ord("0") + 1) % 10
        (folder / file).write_bytes(content[:at] + str(other).encode() + content[at + 1 :])
        status, problems = verify(folder)
        assert status in ("complete", "damaged")
        assert any(file in problem for problem in problems)
        if file in ("manifest.json", "journal/tables.jsonl", "journal/0-1.jsonl"):
            with pytest.raises(DamagedRunError, match=Path(file).name):
                open_run(folder)
        else:
            with pytest.raises(DamagedRunError, match=file):
                _ = open_run(folder).config_file


def test_a_config_that_was_changed_is_shown_to_nobody(sound, tmp_path, monkeypatch):
    """Neither by the report, nor as what can be cited; a run without its config is no sound run."""
    from lactflow.report.page import write_report

    folder = Path(shutil.copytree(sound["run"], tmp_path / "copy"))
    config = folder / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("seed: 1", "seed: 2"), encoding="utf-8")
    page = write_report(folder).read_text(encoding="utf-8")
    assert "seed: 2" not in page
    assert "config.yaml is damaged: its hash is not the one in the manifest" in page
    config.unlink()
    assert verify(folder).problems == [f"{config} is missing"]


def test_whole_lines_of_a_journal_are_missed(sound, tmp_path):
    """A flush less, or a replicate less: each line that is left is right."""
    folder = Path(shutil.copytree(sound["run"], tmp_path / "copy"))
    journal = folder / "journal" / "0-1.jsonl"
    reseal(folder, status="interrupted")
    assert verify(folder) == ("interrupted", [])
    lines = journal.read_bytes().splitlines(keepends=True)
    for rest in (lines[:0], [line for line in lines if json.loads(line)["flush"] == 0], None):
        journal.write_bytes(b"".join(lines)) if rest is None else journal.write_bytes(b"".join(rest))
        if rest is None:
            journal.unlink()
        assert f"{folder / 'journal'} is damaged: its hash is not the one in the manifest" in verify(folder).problems
        with pytest.raises(DamagedRunError, match="journal is damaged"):
            open_run(folder)


def test_a_journal_line_without_its_checksum_is_no_line(sound, tmp_path):
    """Nor is one taken from another run; in folders of older versions no line has one."""
    folder = Path(shutil.copytree(sound["run"], tmp_path / "copy"))
    reseal(folder, status="running")
    journal = folder / "journal" / "0-0.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    bare = json.dumps({key: value for key, value in json.loads(lines[1]).items() if key != "check"}) + "\n"
    journal.write_text("".join([lines[0], bare, *lines[2:]]), encoding="utf-8")
    with pytest.raises(DamagedRunError, match=r"0-0\.jsonl:2: not what was written: its checksum is another"):
        open_run(folder)
    make_old(folder)
    assert verify(folder) == ("crashed", [])


@pytest.mark.parametrize("kind", ["run", "comparison", "validation"])
def test_folders_of_older_versions_are_opened(sound, tmp_path, kind):
    """Without hashes: they read as they did, and verify reports nothing about what they do not have."""
    folder = Path(shutil.copytree(sound[kind], tmp_path / "copy"))
    tables = seen(folder)
    make_old(folder)
    assert verify(folder) == ("complete", [])
    manifest = read(folder)
    assert not {"files", "manifest_sha256"} & set(manifest)
    assert len(seen(folder)) < len(tables)
    if kind == "run":
        part = next(folder.glob("removals/part-*-000001.parquet"))
        part.write_bytes(part.read_bytes()[:-1])
        assert part.name in verify(folder).problems[0]


def test_a_manifest_that_lost_its_checksum_is_damaged(sound, tmp_path):
    """It has hashes of files, so it had one."""
    folder = Path(shutil.copytree(sound["run"], tmp_path / "copy"))
    manifest = folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"manifest_sha256", b"manifest_sha257"))
    assert verify(folder).problems == [f"{manifest} is damaged: it does not match its checksum"]


@pytest.mark.parametrize("kind", ["run", "comparison", "validation"])
@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a":' * 100_000, b'{"format": 1, "status": [[[]]]}'])
def test_deep_json_is_damage(sound, tmp_path, kind, content):
    """One line, and no traceback; in a journal too."""
    folder = Path(shutil.copytree(sound[kind], tmp_path / "copy"))
    (folder / "manifest.json").write_bytes(content)
    status, (problem,) = verify(folder)
    assert status == "damaged"
    assert "manifest.json" in problem
    if kind == "run":
        reseal_from = sound["run"] / "manifest.json"
        shutil.copy(reseal_from, folder / "manifest.json")
        (folder / "journal" / "0-0.jsonl").write_bytes(content + b"\n")
        with pytest.raises(DamagedRunError, match=r"0-0\.jsonl:1: not a journal line"):
            open_run(folder)


@pytest.mark.parametrize("file", ["differences.parquet", "subjects.parquet"])
def test_damaged_tables_of_old_comparisons_are_one_line(sound, tmp_path, file):
    """Without a hash a flipped bit may go unnoticed; what is noticed is reported as damage, whatever noticed it."""
    folder = Path(shutil.copytree(sound["comparison"], tmp_path / "copy"))
    make_old(folder)
    content, messages = (folder / file).read_bytes(), []
    rng = random.Random(5)
    for _ in range(60):
        (folder / file).write_bytes(damaged(content, rng))
        try:
            comparison = lactflow.open_comparison(folder)
            _ = comparison.differences, comparison.subjects
        except DamagedRunError as error:
            messages.append(str(error))
    assert len(messages) > 20
    assert all(file in line and "\n" not in line for line in messages)


def test_a_comparison_is_checked_with_its_runs(sound, tmp_path):
    """Its own files, those of its runs, and runs that are gone or did not end."""
    folder = Path(shutil.copytree(sound["comparison"], tmp_path / "copy"))
    first, second = sorted((folder / "runs").iterdir())
    (first / "config.yaml").write_bytes(b"format: 1\n")
    (folder / "differences.svg").write_bytes(b"<svg/>")
    reseal(second, status="interrupted")
    assert verify(folder).problems == [
        f"{folder / 'differences.svg'} is damaged: its hash is not the one in the manifest",
        f"runs/{first.name}: {first / 'config.yaml'} is damaged: its hash is not the one in the manifest",
        f"runs/{second.name}: its status is interrupted, and the comparison is called complete",
    ]
    shutil.rmtree(second)
    assert f"runs/{second.name} is missing" in verify(folder).problems
    reseal(folder, scenarios={"often": f"../{sound['run'].name}", "seldom": 7})
    assert f"../{sound['run'].name} is missing" in verify(folder).problems


def test_a_fit_is_checked_with_its_runs(sound, tmp_path):
    """Whatever lies in its folder of runs; one that never got a name does not count."""
    folder = ResultFolder.create(tmp_path, "fit", "fit", {})
    folder.write("mother.yaml", b"format: 1\n")
    run = Path(shutil.copytree(sound["run"], folder.path / "runs" / "mine"))
    (folder.path / "runs" / ".half-made").mkdir()
    assert verify(folder.path) == ("running", [])
    folder.finish("complete")
    assert verify(folder.path) == ("complete", [])
    (run / "log.csv").write_text(LOG.replace("60", "61"), encoding="utf-8")
    (folder.path / "mother.yaml").write_bytes(b"format: 2\n")
    problems = verify(folder.path).problems
    assert [problem.rpartition("/")[2].split()[0] for problem in problems] == ["mother.yaml", "log.csv"]


def test_a_folder_that_lost_its_manifest_is_damaged(sound, tmp_path):
    """Of any kind; a folder that lactflow has not made is no folder of ours."""
    for kind, path in sound.items():
        folder = Path(shutil.copytree(path, tmp_path / kind))
        (folder / "manifest.json").unlink()
        assert verify(folder) == ("damaged", [f"{folder} has lost its manifest.json"])
    (tmp_path / "mine").mkdir()
    with pytest.raises(ArchiveError, match="is not a run directory"):
        verify(tmp_path / "mine")
