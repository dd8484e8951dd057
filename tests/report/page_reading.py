"""Pages as tests read them."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

MEGABYTE = 1_000_000
VOID = {"meta", "link", "br", "input", "line", "path", "rect", "circle", "image"}


class Page(HTMLParser):
    """Elements with their attributes, headings, and the text that a reader sees."""

    def __init__(self, file):
        super().__init__()
        self.elements, self.text, self.headings, self.open = [], "", [], []
        self.feed(file.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.text += data
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            self.headings.append((int(self.open[-1][1]), data))

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def sections(page):
    """Headings of the sections."""
    return [data for level, data in page.headings if level == 2]


def assert_sound(page, file):
    """What every page holds to."""
    assert file.stat().st_size < MEGABYTE
    assert dict(page.elements)["html"] == {"lang": "en"}
    policy = next(each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not [attrs for _, attrs in page.elements for name in attrs if name.startswith("on") or name == "style"]
    assert not [each for each in page.all("script") if "src" in each]
    assert [each["href"] for each in page.all("link")] == ["data:,"]
    assert all(each["href"].startswith("data:image/png;base64,") for each in page.all("image"))
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.elements}
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    names = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(names) == len(set(names))
    drawings = [
        each for tag, each in page.elements if each.get("role") == "img" or (tag == "div" and "data-chart" in each)
    ]
    assert drawings
    assert all(each["aria-label"] for each in drawings)
    assert "no medical advice" in page.text
