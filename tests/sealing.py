"""Folders with other contents than lactflow wrote: sealed anew, or as versions without checksums wrote them."""

from __future__ import annotations

import json
from pathlib import Path

from lactflow.recording.journal import journals_sha256
from lactflow.recording.kept import FILES, sha256_of
from lactflow.recording.manifest import JOURNALS, SEAL, as_json


def read(folder: Path) -> dict:
    """What stands in the manifest."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def reseal(folder: Path, **changes) -> None:
    """Change what a manifest states, and give it the hashes of the files as they are."""
    manifest = {**read(folder), **changes}
    manifest[FILES] = {name: sha256_of((folder / name).read_bytes()) for name in manifest.get(FILES, {})}
    if manifest["status"] == "running":
        manifest.pop(JOURNALS, None)  # set at the end
    if JOURNALS in manifest:
        manifest[JOURNALS] = journals_sha256(folder)
    (folder / "manifest.json").write_bytes(as_json(manifest))


def make_old(folder: Path) -> None:
    """Take away every hash and checksum that older versions did not write; in the runs within as well."""
    manifest = {key: value for key, value in read(folder).items() if key not in (SEAL, FILES, JOURNALS)}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    for journal in folder.glob("journal/*.jsonl"):
        lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
        old = [{key: value for key, value in line.items() if key != "check"} for line in lines]
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in old)
        journal.write_text(text, encoding="utf-8")
    for run in folder.glob("runs/*"):
        make_old(run)
