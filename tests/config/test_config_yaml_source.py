"""YAML becomes plain data with places, or an error with a place."""

from __future__ import annotations

import pytest

from lactflow.config.yaml_source import DEEPEST, LARGEST_BYTES, MOST_ALIASES, parse_yaml
from lactflow.errors import ConfigError

pytestmark = pytest.mark.timeout(180)  # what takes so long to refuse is a hang


def refused(raw: bytes | str) -> str:
    """The one problem of a text."""
    with pytest.raises(ConfigError) as caught:
        parse_yaml(raw.encode() if isinstance(raw, str) else raw, "a.yaml")
    (problem,) = caught.value.problems
    assert str(problem).isprintable()
    return str(problem)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10:30", "10:30"),
        ("1e-3", 1e-3),
        ("2001-01-01", "2001-01-01"),
        ("no", "no"),
        ("on", "on"),
        ("0x10", 16),
        ("0o17", 15),
        ("017", 17),
        ("1_000", "1_000"),
        ("~", None),
        ("", None),
        ("true", True),
        ("'5'", "5"),
        ("[1, [x]]", (1, ("x",))),
        ("{b: 2}", {"b": 2}),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("=", "="),
        ("|\n  x\n", "x\n"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text, value):
    """Clock times, dates and `no` are text; numbers are numbers; sequences are tuples."""
    data = parse_yaml(f"a: {text}".encode()).data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_places_of_keys_and_values():
    """Lines and columns count from 1; an absent key has the place of its nearest parent, an empty value of its key."""
    document = parse_yaml(b"format: 1\nschedule:\n  - {kind: every, hours: 3}\nempty:\nlast: 1\n")
    assert document.keys[("schedule", 0, "hours")] == (3, 19)
    assert document.values[("schedule", 0, "hours")] == (3, 26)
    assert document.place(("schedule", 0, "side")) == (3, 5)
    assert document.place(("gland", "lumen")) == (1, 1)
    assert document.place(("empty",)) == (4, 1)


def test_aliases_are_copies():
    """An alias stands for the value of its anchor, which has its own place."""
    document = parse_yaml(b"a: &x [1, {b: 2}]\nc: *x\n")
    assert document.data["c"] == (1, {"b": 2})
    assert document.place(("c",)) == (2, 4)


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", b"%YAML 1.2\n---\na: 1\nb: 2\n...\n"])
def test_marks_and_line_ends_are_fine(raw):
    """A byte order mark, CRLF and a declared YAML 1.2 change nothing."""
    assert parse_yaml(raw).data == {"a": 1, "b": 2}


BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{n}: &a [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: a:", "twice, first in line 1"),
        ("a: !!int 5", "a.yaml:1:4:", "tag"),
        ("a: !secret x", "a.yaml:1:4:", "tag"),
        ("a: ! x", "a.yaml:1:4:", "tag"),
        ("a: !!python/object:os.system [x]", "a.yaml:1:4:", "tag"),
        ("%TAG ! tag:x,2000:\n---\na: 1", "a.yaml:2:1:", "TAG"),
        ("%YAML 1.1\n---\na: 1", "a.yaml:2:1:", "version"),
        ("a: .nan", "a.yaml:1:4: a:", "finite"),
        ("a: -.INF", "a.yaml:1:4: a:", "finite"),
        ("a: 1e999", "a.yaml:1:4: a:", "finite"),
        ("a: 1" + "0" * 5000, "a.yaml:1:4: a:", "finite"),
        ("1: 2", "a.yaml:1:1:", "key must be text"),
        ("~: 2", "a.yaml:1:1:", "key must be text"),
        ("? [a]\n: b", "a.yaml:1:3:", "plain word"),
        ("a: &x b\n*x : c", "a.yaml:2:1:", "alias"),
        ("a: *x", "a.yaml:1:4:", "no finished anchor"),
        ("a: &x {b: *x}", "a.yaml:1:11:", "no finished anchor"),
        ("a: 1\n---\nb: 1", "a.yaml:2:1:", "second document"),
        ("a: [1", "a.yaml:1:6:", "not YAML"),
        ("a: b: c", "a.yaml:1:5:", "not YAML"),
        ("a:\n\t- 1", "a.yaml:2:1:", "not YAML"),
        ("a: @x", "a.yaml:1:4:", "not YAML"),
        ("a\n\0b: 1", "a.yaml:2:1:", "control character"),
        ('a: "\\0"', "a.yaml:1:4:", "control character"),
        ('a: "\\ud800"', "a.yaml:1:4:", "control character"),
        (b"a: 1\nb: \xe9", "a.yaml:2:4:", "UTF-8"),
        (b"\x7fELF\x02\x01\x01\x00", "a.yaml:1:1:", "control character"),
        ("[" * (DEEPEST + 1), f"a.yaml:1:{DEEPEST + 1}:", "deeper"),
        ("- " * 500, f"a.yaml:1:{2 * DEEPEST + 1}:", "deeper"),
        ("[[[" * 100_000, f"a.yaml:1:{DEEPEST + 1}:", "deeper"),
        ("{" * 100_000, "a.yaml:1:2:", "plain word"),
        (BOMB, "a.yaml:5:", "more than 10,000"),
        ("a: &x 1\nb: [" + "*x, " * (MOST_ALIASES + 1) + "]", "a.yaml:2:", "aliases"),
        ("- 1\n" * 20_000, "a.yaml:10000:3:", "more than 10,000"),
        (b" " * (LARGEST_BYTES + 1), "a.yaml:1:1:", "larger than"),
    ],
)
def test_what_is_not_plain_is_refused(raw, place, words):
    """Each with file, line and column, in one line."""
    problem = refused(raw)
    assert problem.startswith(place)
    assert words in problem
    assert len(problem) < 400


def test_nested_aliases_count_their_depth():
    """Depth cannot be smuggled in by aliases."""
    text = "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 60))
    assert "deeper" in refused(text)


@pytest.mark.parametrize("raw", [b"", b"# only a comment\n", b"---\n"])
def test_an_empty_text_holds_nothing(raw):
    """That is for the reader of the config to judge."""
    assert parse_yaml(raw).data is None
