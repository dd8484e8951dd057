"""Damage to files that lactflow has written: found, refused, or without effect on what is read; never silent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.trust.commands import attempt, called
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.material import Material

_BLOCK = 64
"""Bytes that are zeroed, or appended, at most."""


def flip(content: bytes, rng: Random) -> bytes:
    """One bit."""
    changed = bytearray(content)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(content: bytes, rng: Random) -> bytes:
    """Its end is gone."""
    return content[: rng.randrange(len(content))]


def zeros(content: bytes, rng: Random) -> bytes:
    """A block of zeros."""
    begin, length = rng.randrange(len(content)), rng.randint(1, _BLOCK)
    return content[:begin] + bytes(len(content[begin : begin + length])) + content[begin + length :]


def garbage(content: bytes, rng: Random) -> bytes:
    """A block of random bytes."""
    begin, length = rng.randrange(len(content)), rng.randint(1, _BLOCK)
    return content[:begin] + rng.randbytes(len(content[begin : begin + length])) + content[begin + length :]


def longer(content: bytes, rng: Random) -> bytes:
    """Bytes behind its end."""
    return content + rng.randbytes(rng.randint(1, _BLOCK))


_CHANGES: dict[str, Callable[[bytes, Random], bytes]] = {
    "bit flipped": flip,
    "cut": cut,
    "block of zeros": zeros,
    "block of garbage": garbage,
    "bytes appended": longer,
}
KINDS = (*_CHANGES, "swapped", "deleted")


@contextmanager
def damaged(file: Path, kind: str, rng: Random, others: list[Path]) -> Iterator[list[str]]:
    """
    Damage a file, and put it right afterwards; gives the names of what is damaged: two files where they are swapped.

    Parameters
    ----------
    file
        Which one.
    kind
        One of `KINDS`.
    rng
        Where and how much.
    others
        Files that it may be swapped with, one of them with another content.
    """
    content = file.read_bytes()
    sound = {file: content}
    if kind == "deleted":
        file.unlink()
    elif kind == "swapped":
        other = rng.choice([each for each in others if each != file and each.read_bytes() != content])
        sound[other] = other.read_bytes()
        file.write_bytes(sound[other])
        other.write_bytes(content)
    else:
        changed = content
        while changed == content:
            changed = _CHANGES[kind](content, rng)
        file.write_bytes(changed)
    try:
        yield [each.name for each in sound]
    finally:
        for each, what in sound.items():
            # In place: what is read afterwards must not depend on the order of a folder.
            each.write_bytes(what)


# -- parts of a run -----------------------------------------------------------------------------------------


def parts(bench: Bench) -> Iterator[Try]:
    """Damage one part of a run after the other; `verify` names it, and its table is refused or the same."""
    import lactflow

    run = Material(bench.memory / "material").run
    whole = lactflow.open_run(run)
    tables = {table: whole[table] for table in whole.tables}
    files = sorted(run.glob("*/part-*.parquet"))
    for number in range(bench.size):
        rng, kind = bench.random(number), KINDS[number % len(KINDS)]
        file = rng.choice(files)
        shown, table = f"{file.parent.name}/{file.name}", file.parent.name
        with damaged(file, kind, rng, files) as names:
            verified = called("verify", str(run))
            ended, lost = _read_again(run, table, names, tables[table])
        if verified.traceback or verified.exit_code != 1 or file.name not in verified.text:
            lost = f"verify gives exit code {verified.exit_code} {verified.traceback}"
        yield Try(kind, ended, lost and f"try {number}, {shown}: {lost}")


def _read_again(run: Path, table: str, names: list[str], rows: Any) -> tuple[str, str]:
    """How reading one table ends, and what is wrong with that: it names the first damaged part that it meets."""
    import lactflow

    read = attempt(lambda: lactflow.open_run(run)[table])
    if read.traceback:
        return "named, and a traceback", read.traceback
    if read.refused:
        named = any(name in read.refused for name in names)
        return "named, and its table refused", "" if named else f"refused without its name: {read.refused}"
    same = rows.equals(read.value)
    return "named, and the rows are the same (it holds none)", "" if same else "other rows, without an error"


# -- other files --------------------------------------------------------------------------------------------


def files(bench: Bench) -> Iterator[Try]:
    """Damage what is no part: manifests, configs, logs, journals, and the tables of results."""
    material = Material(bench.memory / "material")
    sound: dict[str, dict[str, Any]] = {}
    verifies: dict[str, bool] = {}
    for number in range(bench.size):
        rng = bench.random(number)
        of, name = _FILES[number % len(_FILES)]
        # As many of each kind for each file, in whatever number they are tried.
        kind = KINDS[number // len(_FILES) % len(KINDS)]
        folder: Path = getattr(material, of)
        if of not in sound:
            sound[of] = _SNAPSHOTS[of](folder)
            verifies[of] = called("verify", str(folder)).exit_code == 0
        choice = sorted(folder.glob(name))
        with damaged(rng.choice(choice), kind, rng, [each for _, each in _swappable(folder, of)]):
            ended, lost = _noticed(folder, _SNAPSHOTS[of], sound[of], verifies=verifies[of])
            if not lost and number % 5 == 0:
                lost = _shown_without_traceback(folder, bench.memory)
        yield Try(f"{of}, {name}", ended, lost and f"try {number}, {kind}: {lost}")


def _swappable(folder: Path, of: str) -> list[tuple[str, Path]]:
    """All files of a folder that are damaged here."""
    return [(name, file) for kind, name in _FILES if kind == of for file in folder.glob(name)]


def _noticed(
    folder: Path, snapshot: Callable[[Path], dict[str, Any]], sound: dict[str, Any], *, verifies: bool
) -> tuple[str, str]:
    """
    How a try ended, and what was lost: `verify` finds it, or what is read is what was written.

    A `verify` that does not call the sound folder sound finds nothing.
    """
    verified, read = called("verify", str(folder)), attempt(snapshot, folder)
    if verified.traceback:
        return "traceback", f"verify: {verified.traceback}"
    if read.traceback:
        return "traceback", f"reading: {read.traceback}"
    if verified.exit_code and verifies:
        return "found by verify", ""
    if read.value is None:
        return "refused, and not found by verify", f"not found by verify; reading: {read.refused}"
    seen = read.value
    changed = [name for name, value in sound.items() if not _equal(value, seen[name])]
    if changed:
        return "silently different", f"without an error another {', '.join(changed)}"
    return "what is read is unchanged", ""


def _equal(one: Any, other: Any) -> bool:
    import pandas as pd

    if isinstance(one, pd.DataFrame):
        return isinstance(other, pd.DataFrame) and one.equals(other)
    return repr(one) == repr(other)


def _shown_without_traceback(folder: Path, place: Path) -> str:
    """Pages and citations of a damaged folder: made or refused, with no traceback."""
    for command in (("report", "--out", str(place / "page.html")), ("cite",)):
        ended = called(command[0], str(folder), *command[1:])
        if ended.traceback:
            return f"{command[0]}: {ended.traceback}"
    return ""


def _run(folder: Path) -> dict[str, Any]:
    import lactflow

    run = lactflow.open_run(folder)
    repeated = _scenario(folder / "config.yaml")
    tables = {table: run[table] for table in ("removals", "sessions", "balance")}
    made = {"daily": run.daily(), "summary": run.summary(), "log": repeated.logs, "config": repeated.config}
    return {"manifest": run.manifest, "status": run.status, "config text": run.config_text, **made, **tables}


def _comparison(folder: Path) -> dict[str, Any]:
    import lactflow

    comparison, figure = lactflow.open_comparison(folder), folder / "differences.svg"
    tables = {"differences": comparison.differences, "subjects": comparison.subjects}
    about = {"manifest": comparison.manifest, "status": comparison.status, "scenarios": comparison.scenarios}
    return {**about, **tables, "figure": figure.read_bytes() if figure.is_file() else b""}


def _fit(folder: Path) -> dict[str, Any]:
    import lactflow

    fit = lactflow.open_fit(folder)
    mother = _scenario(fit.config)
    about = {"manifest": fit.manifest, "status": fit.status, "traits": fit.traits}
    return {**about, "config": mother.config, "log": mother.logs, "config text": fit.config.read_bytes()}


def _validation(folder: Path) -> dict[str, Any]:
    """Its page: there is nothing else that reads one."""
    from lactflow.report.page import write_report

    page = folder.parent / f"{os.getpid()}.html"
    return {"page": write_report(folder, page).read_text(encoding="utf-8")}


def _scenario(config: Path) -> Any:
    from lactflow.config.scenario import load_scenario

    return load_scenario(config)


_SNAPSHOTS = {"run": _run, "comparison": _comparison, "fit": _fit, "validation": _validation}
_NAMES = {
    "run": ("manifest.json", "config.yaml", "log.csv", "journal/*.jsonl"),
    "comparison": ("manifest.json", "differences.parquet", "subjects.parquet", "differences.svg"),
    "validation": ("manifest.json", "results.parquet"),
    "fit": ("manifest.json", "traits.parquet", "mother.yaml", "log.csv"),
}
_FILES = tuple((of, name) for of, names in _NAMES.items() for name in names)
"""What is damaged, in turns."""

EXPERIMENTS = (
    Experiment(
        name="parts",
        title="damaged parts of a run",
        size=320,
        how="One Parquet part of a run at a time: a bit flipped, its end cut, a block of zeros or of garbage, bytes "
        "appended, swapped with another part, deleted",
        lost="`lactflow verify` does not name the file; or its table is read with other rows, or refused without "
        "the name of the file.",
        tries=parts,
    ),
    Experiment(
        name="files",
        title="other damaged files of runs, comparisons, fits and validations",
        size=300,
        how="The same damage to manifests, configs, logs and journals, and to the tables of results",
        lost="`lactflow verify` calls the folder sound although something that is read of it has changed or is "
        "refused; or a traceback, of `verify`, of reading, or of `report` and `cite`, which every fifth try calls.",
        tries=files,
    ),
)
