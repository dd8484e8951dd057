"""Folders of results that somebody has changed."""

from __future__ import annotations

PAYLOAD = "</script><img src=x onerror=window.ran=1><svg/onload=window.ran=1>\"'`&\u2028{{7*7}}"
"""What a name may hold and a page must show."""
