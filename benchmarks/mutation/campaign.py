"""A run over a sample of mutants: each is tried in a copy of the sources, and its end is noted at once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from benchmarks.mutation.aims import first_tests, later_tests
from benchmarks.mutation.journal import Journal
from benchmarks.mutation.mutants import Mutant, mutants_of
from benchmarks.mutation.trees import Tree

_TIMES = 4.0
"""A mutant that takes so many times as long as the original goes round in circles."""
_LEAST_S = 30.0
"""No shorter patience than this: the machine may be busy."""


def population(folder: Path, packages: Sequence[str]) -> list[Mutant]:
    """All mutants of some packages below a folder with the sources."""
    files = sorted(path for package in packages for path in (folder / package).rglob("*.py"))
    return [
        mutant
        for path in files
        for mutant in mutants_of(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
    ]


def sample(everything: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """So many of them, each as likely as any other, in random order; the same for the same seed."""
    return random.Random(seed).sample(everything, min(size, len(everything)))


class Campaign:
    """
    Tries mutants, several at a time, each in a tree of its own.

    Parameters
    ----------
    trees
        Copies of the sources; as many mutants are tried at a time.
    journal
        Where ends are noted; mutants that are in it are not tried again.
    show
        Called with each result, and the number of results so far.
    """

    def __init__(self, trees: list[Tree], journal: Journal, show: Callable[[dict[str, Any], int], None]) -> None:
        self._trees: SimpleQueue[Tree] = SimpleQueue()
        for tree in trees:
            self._trees.put(tree)
        self._workers = len(trees)
        self._journal = journal
        self._show = show
        self._lock = threading.Lock()

    def run(self, mutants: list[Mutant]) -> list[dict[str, Any]]:
        """
        Try all that have not been tried.

        Returns
        -------
        Results of all of them, in their order.
        """
        left = [mutant for mutant in mutants if mutant.key not in self._journal.results]
        with ThreadPoolExecutor(self._workers) as pool:
            for _ in pool.map(self._try, left):
                pass
        return [self._journal.results[mutant.key] for mutant in mutants]

    def _try(self, mutant: Mutant) -> None:
        tree = self._trees.get()
        try:
            ending, stage = self._ending(tree, mutant)
        finally:
            self._trees.put(tree)
        change = mutant.key.partition(": ")[2]
        result = {"key": mutant.key, "file": mutant.file, "line": mutant.line, "change": change, "ending": ending}
        with self._lock:
            self._journal.add({**result, "stage": stage})
            self._show(result, len(self._journal.results))

    def _ending(self, tree: Tree, mutant: Mutant) -> tuple[str, int]:
        """How it ended, and after which set of tests."""
        source = tree.read(mutant.file)
        stages = _stages(mutant.file)
        for stage, (tests, without) in enumerate(stages, 1):
            patience_s = self._patience_s(tree, tests, without)
            tree.write(mutant.file, mutant.applied(source))
            try:
                found = tree.tested(tests, without, patience_s)
            finally:
                tree.write(mutant.file, source)
            if found != "passed":
                return ("timeout" if found == "timeout" else "killed"), stage
        return "survived", len(stages)

    def _patience_s(self, tree: Tree, tests: tuple[str, ...], without: tuple[str, ...]) -> float:
        """How long to wait for some tests, by the time that they take without any mutant; measured once."""
        name = " ".join([*tests, *(f"-{path}" for path in without)])
        if name not in self._journal.times_s:
            needs_s = tree.needs_s(tests, without)
            with self._lock:
                self._journal.add_time(name, needs_s)
        return max(_LEAST_S, _TIMES * self._journal.times_s[name])


def _stages(file: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Sets of tests, the nearest first; what has been run is left out of the next."""
    first = first_tests(file)
    later = tuple(path for path in later_tests(file) if path not in first)
    return [(first, ()), (later, tuple(path for path in first if path.endswith(".py")))]
