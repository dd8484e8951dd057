"""A feeding log, an export or a workbook in place of a config: named, with what to do."""

from __future__ import annotations

import io
import shlex
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.config.mistaken import log_instead_of_config
from lactflow.config.shipped import shipped

HEADER = "start,kind,left_min,right_min,volume_ml"
ROW = "2030-05-03 07:00,breast,12,0,"


def workbook() -> bytes:
    """A ZIP archive with the parts of a workbook."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


def archive() -> bytes:
    """A ZIP archive with something else in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as other:
        other.writestr("notes.txt", "nothing")
    return content.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        f"{HEADER}\n{ROW}\n".encode(),
        f"{HEADER}\r\n{ROW}\r\n".encode("utf-8-sig"),
        f"{HEADER.upper()}\n{ROW}\n".encode(),
        f"{HEADER}\n{ROW}\n".replace(",", ";").encode(),
        f"sep=;\n{HEADER}\n{ROW}\n".replace(",", ";").encode(),
        f"\n\n{HEADER}\n{ROW}\n".encode(),
        f"{HEADER},first,child,note\n{ROW},,,M\xfcller\n".encode("latin-1"),
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        f"{HEADER}\n".encode(),
        b"start,kind\n2030-05-03 07:00,breast\n",
        b'"Kind","Start","Note"\n"breast","2030-05-03 07:00","a: b"\n',
        (f"{HEADER}\n" + f"{ROW}\n" * 60_000).encode()[:1_000_001],
    ],
)
def test_a_feeding_log_is_named_with_the_three_commands(raw):
    """Whatever its capitals, separators, encoding and columns beside."""
    message = log_instead_of_config(raw, "my-log.csv")
    assert message is not None
    assert message.startswith("this is a feeding log, not a config: ")
    for command in ("lactflow import my-log.csv --init NAME", "lactflow init NAME", "lactflow fit my-log.csv"):
        assert f"`{command}`" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"Type,Start,End,Duration,Notes\nPump,2030-05-04 07:10,,,\nFeed,2030-05-04 04:38,,00:21,\n", "5 columns"),
        (b"#, time, Left, Right, Bottle\n1, 05/03/30 00:48:20, 0:0, 2:24, 0:0\n", "5 columns"),
        (b"Date\tStart\tEnd\tType\n1\t2\t3\t4\n", "4 columns"),
        (b"[PiyoLog]Fri, May 3, 2030\nKim (0y0m21d)\n\n02:15   Formula 75ml\n", "a log of PiyoLog"),
        ("【ぴよログ】2030/5/3(金)\n".encode(), "a log of PiyoLog"),
        (b'{"count": 1, "results": [{"id": 58, "child": 1, "start": "2030-05-04T02:30:12"}]}', "JSON of a tracker"),
        (b'[{"start": "2030-05-04T02:30:12", "amount": 3}]', "JSON of a tracker"),
        (workbook(), "an Excel workbook"),
        (b"SQLite format 3\x00" + bytes(80), "an SQLite database"),
    ],
)
def test_what_a_tracker_wrote_is_imported(raw, what):
    """By the command that reads it."""
    message = log_instead_of_config(raw, "export 1.csv")
    assert message is not None
    assert what in message
    assert "`lactflow import 'export 1.csv' --init NAME`" in message


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"PAR1" + bytes(50), "a Parquet file"),
        (archive(), "a ZIP archive"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(50), "save it as CSV"),
    ],
)
def test_other_files_are_named(raw, what):
    """Without a command that would not help."""
    message = log_instead_of_config(raw, "x")
    assert message is not None
    assert what in message
    assert "lactflow import" not in message


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"format: 1\n",
        b"format: 1, start, kind, days\n",
        b'{"format": 1, "start_day": 3, "schedule": [{"kind": "every", "hours": 3}]}',
        b"# a comment, with, many, commas\nformat: 1\nknock_outs: [a, b, c, d]\n",
        b"knock_outs: [a, b, c, d]\n",
        b"A letter, with commas, of somebody, who, writes\nand more of it\n",
        b"start: 3\nkind: 4\n",
        bytes(range(256)),
    ],
)
def test_nothing_is_said_of_what_may_be_a_config(raw):
    """The error of the YAML stands then."""
    assert log_instead_of_config(raw, "x.yaml") is None


def test_shipped_configs_are_none():
    """And the log that comes with them is one."""
    for path in shipped().values():
        assert log_instead_of_config(path.read_bytes(), path.name) is None
    log = next(iter(shipped().values())).with_name("feeding-log.csv")
    assert "feeding log" in str(log_instead_of_config(log.read_bytes(), str(Path("a") / log.name)))


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode(errors="replace")))
def test_any_bytes_give_one_line_or_nothing(raw):
    """No file brings it down."""
    message = log_instead_of_config(raw, "a b\n.csv")
    assert message is None or ("\n" not in message and shlex.split(message.replace("`", " ")))
