"""Texts that would be scripts in a page: in a report they stay texts."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from shlex import quote
from typing import Any

from benchmarks.trust.commands import attempt
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.material import Material, hostile

_MANIFEST = ("command", "error", "warnings", "platform", "versions", "seed", "created_utc")
_RUN = (*_MANIFEST, "title", "config text", "folder")
_COMPARISON = (*_MANIFEST, "scenarios")
_WORDS = ("id", "title", "required", "found", "reason", "known_gap", "source")
_VALIDATION = (*_MANIFEST, *_WORDS)
_HARMLESS = "nothing"
_IN_FIELD: dict[str, Callable[[str], str]] = {
    "folder": lambda text: text.replace("/", ""),
    "config text": lambda text: text.replace("\u2028", ""),
}
"""Names hold no slash, and a comment of YAML ends with its line."""


def _marked(field: str, payload: str) -> str:
    """The payload, to be distinguished from those in other fields."""
    return f"in-{field.replace(' ', '-')}:{payload}"


def _rewrite(folder: Path, payload: str, **changes: object) -> None:
    """Another manifest, with the payload in every text of it, that matches its checksums."""
    from lactflow.recording.manifest import as_json

    file = folder / "manifest.json"
    words = {field: _marked(field, payload) for field in _MANIFEST}
    before = json.loads(file.read_text(encoding="utf-8"))
    lists = {"command": ["lactflow", words["command"]], "warnings": [words["warnings"]]}
    versions = {words["versions"]: words["versions"]}
    manifest: dict[str, Any] = {**before, **words, **lists, "versions": versions, "status": "failed", **changes}
    for name in manifest.get("files", ()):
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    file.write_bytes(as_json(manifest))


def _run(folder: Path, payload: str) -> Path:
    """A run whose folder, config and manifest hold the payload."""
    folder = folder.rename(folder.with_name(_IN_FIELD["folder"](_marked("folder", payload))))
    config = folder / "config.yaml"
    lines = config.read_text(encoding="utf-8").splitlines()
    title = f"title: {json.dumps(_marked('title', payload))}"
    lines = [title if line.startswith("title:") else line for line in lines]
    comment = f"# {_IN_FIELD['config text'](_marked('config text', payload))}"
    config.write_text("\n".join([*lines, comment, ""]), encoding="utf-8")
    _rewrite(folder, payload)
    return folder


def _comparison(folder: Path, payload: str) -> Path:
    """A comparison whose scenarios and manifest hold the payload."""
    import pandas as pd

    mark = _marked("scenarios", payload)
    for name in ("differences.parquet", "subjects.parquet"):
        frame = pd.read_parquet(folder / name)
        for column in {"baseline", "scenario"} & set(frame):
            frame[column] += mark
        frame.to_parquet(folder / name, index=False)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    _rewrite(folder, payload, scenarios={f"{name}{mark}": where for name, where in manifest["scenarios"].items()})
    return folder


def _validation(folder: Path, payload: str) -> Path:
    """A validation whose results and manifest hold the payload."""
    import pandas as pd

    file = folder / "results.parquet"
    frame = pd.read_parquet(file)
    for word in _WORDS:
        frame[word] = _marked(word, payload)
    frame.to_parquet(file, index=False)
    _rewrite(folder, payload)
    return folder


_KINDS: dict[str, tuple[tuple[str, ...], Callable[[Path, str], Path]]] = {
    "run": (_RUN, _run),
    "comparison": (_COMPARISON, _comparison),
    "validation": (_VALIDATION, _validation),
}


class Looked(HTMLParser):
    """
    What a browser would make of a page.

    Attributes
    ----------
    shape
        Elements with the names of their attributes, and the content of scripts and styles.
    texts
        All text that is shown, values of attributes, and texts in data for charts.
    dangers
        Attributes that run something, and addresses that lead to scripts or elsewhere.
    """

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: Counter[str] = Counter()
        self.texts: list[str] = []
        self.dangers: list[str] = []
        self._inside = ""
        self._data: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element."""
        self._inside, self._data = tag, []
        kind = dict(attrs).get("type", "") if tag == "script" else ""
        if kind:
            self._inside = str(kind)
        self.shape[f"<{tag} {' '.join(name for name, _ in attrs)}>"] += 1
        for name, value in attrs:
            self.texts.append(value or "")
            address = (value or "").strip().lower()
            leads = name in ("href", "src", "action", "srcdoc") and address.startswith(
                ("javascript:", "http:", "https:", "//", "vbscript:", "data:text")
            )
            # Papers are cited by their address.
            if name.startswith("on") or (leads and not address.startswith("https://doi.org/")):
                self.dangers.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        """Text, or the content of a script or style."""
        self._data.append(data)
        if self._inside not in ("script", "style", "application/json"):
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        content = "".join(self._data)
        if tag in ("script", "style"):
            if self._inside == "application/json":
                self.texts.append(json.dumps(json.loads(content), ensure_ascii=False))
                self.texts += _strings(json.loads(content))
            else:
                self.shape[f"{tag} {hashlib.sha256(content.encode()).hexdigest()}"] += 1
        self._inside, self._data = "", []

    def handle_comment(self, data: str) -> None:
        """A comment hides what stands in it."""
        self.shape[f"comment {len(data)}"] += 1


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _page(source: Path, place: Path, change: Callable[[Path, str], Path], payload: str) -> Looked:
    """The page of a copy of a folder that holds a payload."""
    from lactflow.report.page import write_report

    place.mkdir()
    try:
        copy = change(Path(shutil.copytree(source, place / "copy")), payload)
        return Looked(write_report(copy, place / "page.html").read_text(encoding="utf-8"))
    finally:
        shutil.rmtree(place)


def _strange(looked: Looked, harmless: Looked) -> str:
    """What a page has that one with a harmless word does not have, or the other way round; empty for nothing."""
    shapes = (looked.shape - harmless.shape) + (harmless.shape - looked.shape)
    return f"{[*shapes][:3]} {looked.dangers[:3]}" if shapes or looked.dangers else ""


def _field(looked: Looked, field: str, payload: str) -> tuple[str, str]:
    """Whether one field is shown, and what is wrong with that."""
    mark = _IN_FIELD.get(field, str)(_marked(field, payload))
    texts = "\n".join(looked.texts)
    # A command is quoted for a shell.
    if any(form in texts for form in (mark, json.dumps(mark)[1:-1], quote(mark))):
        return "shown as text", ""
    # What is shown must be shown to its last letter.
    return "not shown", f"{field} is shown otherwise than it is" if _marked(field, "") in texts else ""


def pages(bench: Bench) -> Iterator[Try]:
    """A payload in every field of a folder; the page must have the shape of one with a harmless word there."""
    material, place = Material(bench.memory / "material"), bench.memory / "page"
    harmless: dict[str, Looked] = {}
    tried = 0
    for payload in hostile("payloads"):
        for kind, (fields, change) in _KINDS.items():
            if tried >= bench.size:
                return
            source: Path = getattr(material, kind)
            if kind not in harmless:
                harmless[kind] = _page(source, place, change, _HARMLESS)
            page = attempt(_page, source, place, change, payload)
            looked = page.value
            strange = page.failed if looked is None else _strange(looked, harmless[kind])
            for field in fields:
                ended, lost = ("no page", "") if looked is None else _field(looked, field, payload)
                lost = strange or lost
                yield Try(kind, ended, lost and f"{payload!r} in {field}: {lost}")
            tried += len(fields)


EXPERIMENTS = (
    Experiment(
        name="pages",
        title="texts in report pages that would be scripts",
        size=len(hostile("payloads")) * sum(len(fields) for fields, _ in _KINDS.values()),
        how="Payloads in every text of a run, a comparison and a validation (names, titles, commands, errors, "
        "warnings, versions, labels, results), whose manifests are written anew with matching checksums; the page is "
        "parsed and compared with one that has a harmless word in each place",
        lost="an element, an attribute, a script or a style that the harmless page does not have, an address of "
        "another place, or a text that is shown otherwise than it is.",
        tries=pages,
    ),
)
