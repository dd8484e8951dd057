"""
Files whose hashes stand in the manifest of their folder: configs, feeding logs, results, figures.

A file is replaced in three steps, each durable before the next: the manifest names the hash that comes, the file is
replaced, the manifest has the new hash alone. Whatever a crash leaves between them, what is there has a known hash.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from lactflow.errors import DamagedRunError
from lactflow.recording.files import one_line_errors, read_regular, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILES = "files"
"""Key of a manifest: sha256 of each file, by name."""
REPLACING = "replacing"
"""Key of a manifest: sha256 of files that are being written, by name; there only meanwhile, or after a crash."""


def sha256_of(content: bytes) -> str:
    """SHA-256 of some bytes, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def hashes(contents: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file, by name."""
    return {name: sha256_of(content) for name, content in contents.items()}


def replace_kept(
    directory: Path, manifest: dict[str, Any], name: str, content: bytes, save: Callable[[], None]
) -> None:
    """
    Write a file of a folder, or replace it, so that its hash in the manifest is never wrong.

    Parameters
    ----------
    directory
        The folder.
    manifest
        Its manifest, which is changed.
    name
        Of the file.
    content
        What it shall hold.
    save
        Writes the manifest.

    Raises
    ------
    ArchiveError
        If the disk refuses; the file is then the old one or the new one, and the manifest knows both.
    """
    digest = sha256_of(content)
    manifest.setdefault(FILES, {})
    manifest.setdefault(REPLACING, {})[name] = digest
    save()
    replace_file(directory / name, content)
    manifest[FILES][name] = digest
    del manifest[REPLACING][name]
    if not manifest[REPLACING]:
        del manifest[REPLACING]
    save()


def read_kept(directory: Path, manifest: Mapping[str, Any], name: str) -> bytes:
    """
    Content of a file, if it is what was written; of one without a hash (in folders of older versions), as it is.

    Raises
    ------
    DamagedRunError
        If it is missing, or its hash is not the one in the manifest; the message names the file.
    ArchiveError
        If the disk refuses.
    """
    path = directory / name
    with one_line_errors("read", path):
        try:
            content = read_regular(path)
        except FileNotFoundError as error:
            raise DamagedRunError(f"{path} is missing") from error
    known = {hashed[name] for hashed in (_hashed(manifest, key) for key in (FILES, REPLACING)) if name in hashed}
    if known and sha256_of(content) not in known:
        raise DamagedRunError(f"{path} is damaged: its hash is not the one in the manifest")
    return content


def kept_problems(directory: Path, manifest: Mapping[str, Any]) -> list[str]:
    """One line for each file of the manifest that is missing, or not what was written."""
    problems = []
    for name in _hashed(manifest, FILES):
        try:
            read_kept(directory, manifest, name)
        except DamagedRunError as error:
            problems.append(str(error))
    return problems


def _hashed(manifest: Mapping[str, Any], key: str) -> dict[str, str]:
    """Hashes by name, where the manifest has some; names that lead out of the folder left out."""
    found = manifest.get(key)
    hashed = found if isinstance(found, dict) else {}
    return {str(name): str(digest) for name, digest in hashed.items() if "/" not in name}
