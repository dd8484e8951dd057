"""What an experiment is: a number of tries, each of which ended somehow and may have lost something."""

from __future__ import annotations

import os
import resource
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

_MEMORY = Path("/dev/shm")
_SHOWN_LOSSES = 20
"""Losses that a row lists; all of them are counted."""


class Try(NamedTuple):
    """
    One try.

    Attributes
    ----------
    kind
        What was tried: a command, a kind of damage.
    ended
        How it ended, in a few words; tries are counted by it.
    lost
        What was lost, in one line that says how to see it again; empty when nothing was.
    """

    kind: str
    ended: str
    lost: str = ""


class Bench:
    """
    Where one experiment takes place.

    Parameters
    ----------
    name
        Of the experiment; with the seed and the number of a try it addresses the random numbers.
    size
        Tries that are wanted.
    whole
        Whether that is at least the size that the experiment states; some then cover every case.
    seed
        Of all random numbers.
    disk, memory
        Empty folders: on a disk, and in memory where the system has such a place.
    keep
        Folder for the inputs of tries that lost something; None for nowhere.
    """

    def __init__(
        self, name: str, size: int, *, whole: bool, seed: int, disk: Path, memory: Path, keep: Path | None
    ) -> None:
        self.size, self.whole = size, whole
        self.disk, self.memory = disk, memory
        self._name, self._seed, self._keep = name, seed, keep

    def random(self, number: int) -> Random:
        """Random numbers of one try; those of other tries do not matter to them."""
        return Random(f"{self._seed} {self._name} {number}")

    def keep(self, number: int, ending: str, content: bytes) -> str:
        """Keep the input of a try that lost something, and return a phrase that names it."""
        if self._keep is None:
            return f"try {number}"
        self._keep.mkdir(parents=True, exist_ok=True)
        file = self._keep / f"{self._name}-{number}{ending}"
        file.write_bytes(content)
        return f"try {number}, {file.name}"


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """
    One row of the table.

    Attributes
    ----------
    name
        Of the row, for the command line.
    title
        What was tried, for people.
    size
        Tries that the row promises.
    how
        How it was tried: one sentence.
    lost
        What counts as lost: the rest of a sentence that begins with "Lost:".
    tries
        Makes the tries.
    """

    name: str
    title: str
    size: int
    how: str
    lost: str
    tries: Callable[[Bench], Iterator[Try]]


def measure(
    experiment: Experiment,
    size: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
    keep: Path | None = None,
) -> dict[str, Any]:
    """
    Carry out one experiment.

    Parameters
    ----------
    experiment
        Which one.
    size
        Tries.
    seed
        Of all random numbers.
    progress
        Called with the number of tries done and of those lost.
    keep
        Folder for the inputs of tries that lost something.

    Returns
    -------
    The row as it stands in the results: tried, lost, losses, tries by kind and end, CPU time [s].
    """
    began_s, losses, tried = _cpu_s(), [], 0
    ends: dict[str, Counter[str]] = {}
    with _bench(experiment, size, seed, keep) as bench:
        places = ((str(bench.disk), "DISK"), (str(bench.memory), "MEMORY"))
        for each in experiment.tries(bench):
            tried += 1
            ends.setdefault(each.kind, Counter())[each.ended] += 1
            if each.lost:
                losses.append(_without(f"{each.kind}: {each.lost}", places))
            if progress is not None:
                progress(tried, len(losses))
    return {
        "title": experiment.title,
        "how": experiment.how,
        "lost_means": experiment.lost,
        "size": experiment.size,
        "tried": tried,
        "lost": len(losses),
        "losses": losses[:_SHOWN_LOSSES],
        "ends": {kind: dict(counts.most_common()) for kind, counts in ends.items()},
        "seed": seed,
        "cpu_s": round(_cpu_s() - began_s, 1),
    }


@contextmanager
def _bench(experiment: Experiment, size: int, seed: int, keep: Path | None) -> Iterator[Bench]:
    """Folders for one experiment; gone afterwards."""
    where = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(prefix="trust-") as disk,
        tempfile.TemporaryDirectory(prefix="trust-", dir=where) as memory,
    ):
        whole = size >= experiment.size
        yield Bench(experiment.name, size, whole=whole, seed=seed, disk=Path(disk), memory=Path(memory), keep=keep)


def _without(text: str, places: tuple[tuple[str, str], ...]) -> str:
    """One line, with words for folders that are gone afterwards."""
    for place, word in places:
        text = text.replace(place, word)
    return " ".join(text.split())[:400]


def _cpu_s() -> float:
    """CPU time of this process and of its children that have ended [s]."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
