"""
A Frictionless data package: tables as CSV or Parquet, and `datapackage.json`, which says what each column is.

References
----------
Data Package and Table Schema, version 1, https://specs.frictionlessdata.io
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lactflow.analysis.citations import software, version_of
from lactflow.exports.written import guarded
from lactflow.recording.files import one_line_errors
from lactflow.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lactflow.exports.tables import Field, Source

DESCRIPTOR = "datapackage.json"
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_CHUNK_BYTES = 1 << 20


class Packaged(NamedTuple):
    """
    What a descriptor states about the whole.

    Attributes
    ----------
    name, kind
        Name of the folder that was exported, and what it holds.
    license_url
        Licence of the data; None where none is given.
    """

    name: str
    kind: str
    license_url: str | None


def write_descriptor(folder: Path, files: Mapping[str, Source], manifest: Mapping[str, Any], about: Packaged) -> str:
    """
    Write the descriptor of tables that are in a folder already.

    Parameters
    ----------
    folder
        Where they are, and where it goes.
    files
        The table in each file.
    manifest
        Of what was exported.
    about
        What else it says.

    Returns
    -------
    Name of the file.
    """
    described = {
        "profile": "data-package",
        "name": slug(about.name),
        "title": f"{about.name}: a {about.kind} of lactflow",
        "created": manifest.get("created_utc"),
        "description": (
            f"Simulated by {software(version_of(manifest, __version__))}. Times are minutes since birth; day d is the "
            "time from 1440 (d - 1) to 1440 d. In CSV, a text that begins with = + - @, a tab, a line end or an "
            "apostrophe has one apostrophe put before it."
        ),
        "keywords": ["lactation", "discrete-event simulation"],
        "contributors": [{"title": "The lactflow developers", "role": "wrangler"}],
        **({"licenses": [{"path": about.license_url}]} if about.license_url else {}),
        "resources": [_resource(folder / file, source) for file, source in files.items()],
    }
    text = json.dumps({key: value for key, value in described.items() if value is not None}, indent=2)
    with one_line_errors("write", folder / DESCRIPTOR):
        (folder / DESCRIPTOR).write_text(text + "\n", encoding="utf-8", newline="\n")
    return DESCRIPTOR


def slug(name: str) -> str:
    """A name in the letters that a data package allows."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-") or "lactflow"


def _resource(path: Path, source: Source) -> dict[str, Any]:
    form = path.suffix.removeprefix(".")
    return {
        "profile": "tabular-data-resource",
        "name": slug(source.name),
        "path": path.name,
        **({"description": source.description} if source.description else {}),
        "format": form,
        "mediatype": _MEDIA[form],
        **(_of_csv(path) if form == "csv" else {}),
        "schema": {"fields": [_field(each, form) for each in source.fields], "missingValues": [""]},
    }


def _of_csv(path: Path) -> dict[str, Any]:
    """What frictionless checks of CSV alone: of Parquet it counts no bytes, and takes a count of them for an error."""
    size, digest = size_and_sha256(path)
    return {
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True, "lineTerminator": "\n"},
    }


def _field(field: Field, form: str) -> dict[str, Any]:
    # An empty text and nothing are the same in CSV.
    never_empty = field.required and (field.type != "string" or bool(field.values))
    constraints = {
        **({"required": True} if never_empty else {}),
        **({"enum": list(field.values)} if field.values else {}),
    }
    # Frictionless reads Parquet by pandas, which has whole numbers with gaps as floats.
    as_float = form == "parquet" and field.type == "integer" and not field.required
    return {
        "name": guarded(field.name) if form == "csv" else field.name,
        "type": "number" if as_float else field.type,
        **({"unit": field.unit} if field.unit else {}),
        **({"description": field.description} if field.description else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def size_and_sha256(path: Path) -> tuple[int, str]:
    """
    Length [bytes] and hash of a file.

    Parameters
    ----------
    path
        The file.
    """
    digest, size = hashlib.sha256(), 0
    with one_line_errors("read", path), path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
