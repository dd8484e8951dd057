"""Texts that would be scripts in a page: in a report they stay texts."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from benchmarks.trust.commands import described
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.material import Material

_PAYLOADS = (
    "</script><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    '"><svg/onload=window.ran=1>',
    "' onmouseover='window.ran=1",
    '" onfocus="window.ran=1" autofocus="',
    "javascript:window.ran=1",
    "{{7*7}}{% if x %}",
    "<!--<script>",
    "]]><![CDATA[<b>",
    "</title><base href=//host.invalid/>",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "</style><style>*{display:none}</style>",
    '<a href="javascript:window.ran=1">x</a>',
    "\u2028<meta http-equiv=refresh content=0;url=//host.invalid>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
)
_MANIFEST = ("command", "error", "warnings", "platform", "versions", "seed", "created_utc")
_RUN = (*_MANIFEST, "title", "config text", "folder")
_COMPARISON = (*_MANIFEST, "scenarios")
_WORDS = ("id", "title", "required", "found", "reason", "known_gap", "source")
_VALIDATION = (*_MANIFEST, *_WORDS)
_HARMLESS = "nothing"


def _marked(field: str, payload: str) -> str:
    """The payload, to be told from those in other fields."""
    return f"{field.replace(' ', '-')}:{payload}"


def _rewrite(folder: Path, payload: str, **changes: object) -> None:
    """Another manifest, with the payload in every text of it, that matches its checksums."""
    from lactflow.recording.manifest import as_json

    file = folder / "manifest.json"
    words = {field: _marked(field, payload) for field in _MANIFEST}
    manifest: dict[str, Any] = {
        **json.loads(file.read_text(encoding="utf-8")), **words, "status": "failed",
        "command": ["lactflow", words["command"]], "warnings": [words["warnings"]],
        "versions": {words["versions"]: words["versions"]}, **changes,
    }  # fmt: skip
    for name in manifest.get("files", ()):
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    file.write_bytes(as_json(manifest))


def _run(folder: Path, payload: str) -> Path:
    """A run whose folder, config and manifest hold the payload."""
    # A name holds no slash.
    folder = folder.rename(folder.with_name(_marked("folder", payload).replace("/", "")))
    config = folder / "config.yaml"
    lines = config.read_text(encoding="utf-8").splitlines()
    title = f"title: {json.dumps(_marked('title', payload))}"
    lines = [title if line.startswith("title:") else line for line in lines]
    comment = f"# {_marked('config text', payload)}".replace("\u2028", "")
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
    copy = change(Path(shutil.copytree(source, place / "copy")), payload)
    page = write_report(copy, place / "page.html").read_text(encoding="utf-8")
    shutil.rmtree(place)
    return Looked(page)


def pages(bench: Bench) -> Iterator[Try]:
    """A payload in every field of a folder; the page must have the shape of one with a harmless word there."""
    material = Material(bench.memory / "material")
    harmless: dict[str, Looked] = {}
    tried = 0
    for payload in _PAYLOADS:
        for kind, (fields, change) in _KINDS.items():
            if tried >= bench.size:
                return
            source: Path = getattr(material, kind)
            if kind not in harmless:
                harmless[kind] = _page(source, bench.memory / "page", change, _HARMLESS)
            lost = ""
            try:
                looked = _page(source, bench.memory / "page", change, payload)
            except Exception as error:
                yield Try(kind, "no page", f"{payload!r}: {described(error)}")
                tried += 1
                continue
            strange = (looked.shape - harmless[kind].shape) + (harmless[kind].shape - looked.shape)
            if strange or looked.dangers:
                lost = f"{payload!r}: {[*strange][:3]} {looked.dangers[:3]}"
            texts = "\n".join(looked.texts)
            for field in fields:
                mark = _marked(field, payload)
                mark = mark.replace("/", "") if field == "folder" else mark
                mark = mark.replace("\u2028", "") if field == "config text" else mark
                shown = mark in texts or json.dumps(mark)[1:-1] in texts
                began = mark[: len(field) + 1] in texts
                # A field that is shown must be shown to its last letter.
                cut = f"{payload!r} in {field} is not shown as it is" if began and not shown else ""
                yield Try(kind, "shown as text" if shown else "not shown", lost or cut)
                tried += 1


EXPERIMENTS = (
    Experiment(
        name="pages",
        title="texts in report pages that would be scripts",
        size=len(_PAYLOADS) * sum(len(fields) for fields, _ in _KINDS.values()),
        how="Payloads in every text of a run, a comparison and a validation (names, titles, commands, errors, "
        "warnings, versions, labels, results), whose manifests are written anew with matching checksums; the page is "
        "parsed and compared with one that has a harmless word in each place",
        lost="an element, an attribute, a script or a style that the harmless page does not have, an address of "
        "another place, or a text that is shown otherwise than it is.",
        tries=pages,
    ),
)
