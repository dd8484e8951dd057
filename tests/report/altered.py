"""Folders of results that somebody has changed."""

from __future__ import annotations

import json

PAYLOAD = "</script><img src=x onerror=window.ran=1><svg/onload=window.ran=1>\"'`&\u2028{{7*7}}"
"""What a name may hold and a page must show."""


def retell(folder, **told):
    """Change what a manifest says."""
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **told}), encoding="utf-8")
