"""Mutants of a source, their journal, and a campaign over trees that stand in for copies of the project."""

from __future__ import annotations

import ast
import json

import pytest

from benchmarks.mutation.aims import FIRST, PACKAGES, THEN, first_tests, later_tests
from benchmarks.mutation.campaign import Campaign, sample
from benchmarks.mutation.journal import Journal, summary, wilson
from benchmarks.mutation.mutants import mutants_of
from benchmarks.mutation.trees import ROOT

SOURCE = '''\
"""Docstring with 1 number."""
import math

LIMIT: float | None = 0.5
__slots__ = ("a",)

def rate(self, x: int = 3, *, on: bool = True) -> int | None:
    """Add 1."""
    assert x > 0
    if x < 2 and on:
        raise ValueError(f"{x + 1} µm" + "!")
    self.done = min(x, 7) * 2
    name = "µ" + str(-x)  # 4
    self.total += 1e-9
    self.note(name)
    return None if not on else x // 2
'''
CHANGES = [
    "4: 0.5 -> 1.0",
    "7: 3 -> 4",
    "7: True -> False",
    "10: x < 2 and on -> (not (x < 2 and on))",
    "10: x < 2 and on -> (x < 2 or on)",
    "10: x < 2 -> (x <= 2)",
    "10: x < 2 -> (x >= 2)",
    "10: 2 -> 3",
    "12: self.done = min(x, 7) * 2 -> pass",
    "12: min(x, 7) * 2 -> (min(x, 7) / 2)",
    "12: min(x, 7) -> (max(x, 7))",
    "12: 7 -> 8",
    "12: 2 -> 3",
    "13: -x -> (x)",
    "14: self.total += 1e-9 -> pass",
    "15: self.note(name) -> pass",
    "16: None if not on else x // 2 -> (x // 2 if not on else None)",
    "16: not on -> (on)",
    "16: x // 2 -> (x / 2)",
    "16: 2 -> 3",
]


def test_all_mutants_of_a_source_by_hand():
    """Nothing of docstrings, annotations, assertions, errors, texts and tolerances; each can be parsed."""
    found = mutants_of("a.py", SOURCE)
    assert sorted(f"{each.line}: {each.before} -> {each.after}" for each in found) == sorted(CHANGES)
    assert len({each.key for each in found}) == len(found)
    for each in found:
        changed = each.applied(SOURCE)
        ast.parse(changed)
        differs = [
            number
            for number, (before, after) in enumerate(zip(SOURCE.splitlines(), changed.splitlines(), strict=True), 1)
            if before != after
        ]
        assert differs == [each.line]


def test_a_mutant_of_other_sources_is_refused():
    """Its piece is not where it was."""
    (mutant, *_) = mutants_of("a.py", SOURCE)
    with pytest.raises(ValueError, match=r"a\.py:4 does not read '0\.5'"):
        mutant.applied(SOURCE.replace("import math\n", ""))


def test_every_module_has_its_tests():
    """All tests that are named are there, and so are the modules that have tests of their own."""
    for path in {*FIRST, *THEN, *PACKAGES, *(test for tests in (*FIRST.values(), *THEN.values()) for test in tests)}:
        assert (ROOT / path).exists(), path
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            name = file.relative_to(ROOT).as_posix()
            assert first_tests(name)
            assert later_tests(name)


def test_a_sample_is_that_of_its_seed():
    """The same again, another with another seed, and never more than there are."""
    everything = mutants_of("a.py", SOURCE)
    assert sample(everything, 5, 1) == sample(everything, 5, 1) != sample(everything, 5, 2)
    assert sorted(each.key for each in sample(everything, 99, 3)) == sorted(each.key for each in everything)


def test_the_interval_is_wilsons():
    """By hand: 90 of 100 give (0.9 + 1.9208 / 100 -+ 1.96 sqrt(0.09 / 100 + 0.9604 / 10,000)) / 1.038416."""
    assert wilson(90, 100) == pytest.approx((0.8256, 0.9448), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


class StandIn:
    """A copy of one source; some mutants fail its tests, and one goes round in circles."""

    def __init__(self, patience=99):
        self.text = SOURCE
        self.tried = []
        self.patience = patience

    def read(self, file):
        return self.text

    def write(self, file, text):
        self.text = text

    def needs_s(self, tests, without=()):
        assert self.text == SOURCE
        return 1.0

    def tested(self, tests, without, timeout_s):
        assert timeout_s >= 4.0
        if len(self.tried) >= self.patience:
            raise KeyboardInterrupt
        self.tried.append(self.text)
        if "pass" in self.text:
            return "failed"
        if "(on)" in self.text:
            return "timeout"
        return "broken" if "x // 2 if" in self.text and not without else "passed"


def test_a_campaign_that_was_ended_goes_on_where_it_stopped(tmp_path):
    """Each mutant is tried once, whatever was torn in the middle of a line; the source is as it was."""
    file, about = tmp_path / "journal.jsonl", {"commit": "abc", "seed": 1, "size": 20}
    mutants = mutants_of("lactflow/gland/lumen.py", SOURCE)
    first = StandIn(patience=11)
    with pytest.raises(KeyboardInterrupt):
        Campaign([first], Journal(file, about), lambda result, done: None).run(mutants)
    assert first.text == SOURCE
    known = len(Journal(file, about).results)
    assert 0 < known < 20
    with file.open("ab") as journal:
        journal.write(b'{"key": "torn')
    second, shown = StandIn(), []
    results = Campaign([second], Journal(file, about), lambda result, done: shown.append(done)).run(mutants)
    assert shown == list(range(known + 1, 21))
    endings = [each["ending"] for each in results]
    assert (endings.count("killed"), endings.count("timeout"), endings.count("survived")) == (4, 1, 15)
    assert len(set(first.tried) & set(second.tried)) <= 1  # the one that was under way
    assert all(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    with pytest.raises(ValueError, match="belongs to"):
        Journal(file, {**about, "seed": 2})


def test_reasons_of_survivors_are_kept():
    """What a person wrote about a change stands there again when it survives once more, whatever its line."""
    results = [
        {"key": "1", "file": "a.py", "line": 9, "change": "x -> y", "ending": "survived"},
        {"key": "2", "file": "a.py", "line": 3, "change": "1 -> 2", "ending": "survived"},
        {"key": "3", "file": "a.py", "line": 4, "change": "p -> q", "ending": "killed"},
        {"key": "4", "file": "a.py", "line": 5, "change": "q -> p", "ending": "timeout"},
    ]
    before = {"survivors": [{"place": "a.py:7", "change": "x -> y", "reason": "the same to round-off"}]}
    found = summary({"commit": "abc", "seed": 1}, "2031-01-01", results, before)
    assert (found["tried"], found["killed"], found["timeout"], found["survived"]) == (4, 1, 1, 2)
    assert found["share_killed"] == 0.5
    assert found["survivors"] == [
        {"place": "a.py:3", "change": "1 -> 2", "reason": ""},
        {"place": "a.py:9", "change": "x -> y", "reason": "the same to round-off"},
    ]
