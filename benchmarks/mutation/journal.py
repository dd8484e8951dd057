"""What is known of each mutant so far, one line of JSON each, written as soon as it is known."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

_NORMAL_95 = 1.959964


class Journal:
    """
    A file that can be continued after a kill.

    Parameters
    ----------
    file
        Where it is, or will be.
    about
        What it is a journal of: commit, seed, size.

    Raises
    ------
    ValueError
        If the file is a journal of something else.
    """

    def __init__(self, file: Path, about: dict[str, Any]) -> None:
        self._file = file
        self.results: dict[str, dict[str, Any]] = {}
        self.times_s: dict[str, float] = {}
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._append({"about": about})
            return
        lines = file.read_bytes().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):  # it was killed while it wrote
            torn = lines.pop()
            os.truncate(file, file.stat().st_size - len(torn))
        first, *others = map(json.loads, lines)
        if first != {"about": about}:
            msg = f"{file} belongs to {first['about']}, not to {about}"
            raise ValueError(msg)
        for each in others:
            if "tests" in each:
                self.times_s[each["tests"]] = each["needs_s"]
            else:
                self.results[each["key"]] = each

    def add(self, result: dict[str, Any]) -> None:
        """What was found out about a mutant, by its `key`."""
        self._append(result)
        self.results[result["key"]] = result

    def add_time(self, tests: str, needs_s: float) -> None:
        """How long some tests take without any mutant."""
        self._append({"tests": tests, "needs_s": round(needs_s, 2)})
        self.times_s[tests] = needs_s

    def _append(self, line: dict[str, Any]) -> None:
        with self._file.open("ab") as file:
            file.write(json.dumps(line).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def wilson(killed: int, tried: int) -> tuple[float, float]:
    """
    Wilson's interval for a share, at 95 %.

    Parameters
    ----------
    killed, tried
        Successes and trials; one trial or more.

    Returns
    -------
    Lower and upper end. Source: Wilson EB 1927. J Am Stat Assoc 22:209-212.
    """
    z2 = _NORMAL_95**2
    share = killed / tried
    middle = (share + z2 / (2.0 * tried)) / (1.0 + z2 / tried)
    half = _NORMAL_95 / (1.0 + z2 / tried) * math.sqrt(share * (1.0 - share) / tried + z2 / (4.0 * tried**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def summary(about: dict[str, Any], date: str, results: list[dict[str, Any]], before: dict[str, Any]) -> dict[str, Any]:
    """
    The content of the result file.

    Parameters
    ----------
    about
        Commit, seed and size of the run, and the number of mutants that there are.
    date
        Of the end of the run.
    results
        Lines of the journal.
    before
        Content of the result file so far: reasons that a person has given for survivors are taken over from it.

    Returns
    -------
    Counts, the interval of the share that was killed, and the survivors, each with room for a reason.
    """
    given = {(_file(each["place"]), each["change"]): each["reason"] for each in before.get("survivors", [])}
    counts = {ending: sum(each["ending"] == ending for each in results) for ending in ("killed", "timeout", "survived")}
    killed = counts["killed"] + counts["timeout"]
    survivors = [
        {
            "place": f"{each['file']}:{each['line']}",
            "change": each["change"],
            "reason": given.get((each["file"], each["change"]), ""),
        }
        for each in sorted(results, key=lambda each: (each["file"], each["line"], each["key"]))
        if each["ending"] == "survived"
    ]
    low, high = wilson(killed, len(results))
    return {
        **about,
        "date": date,
        "tried": len(results),
        **counts,
        "share_killed": round(killed / len(results), 4),
        "interval_95": [round(low, 4), round(high, 4)],
        "survivors": survivors,
    }


def _file(place: str) -> str:
    """Without the line, which moves from commit to commit."""
    return place.rpartition(":")[0]
