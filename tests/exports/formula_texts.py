"""Texts that a spreadsheet takes for formulas, and some that it does not."""

from __future__ import annotations

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "'=1",
    "'",
    "\uff1d1",
    "plain",
    'with "quotes", commas\nlines',
    "",
]
