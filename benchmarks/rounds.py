"""
Interleaved rounds of fresh processes: of the lactflow that this Python imports, and of another commit beside it.

A benchmark is a script that measures in processes of its own, `python SCRIPT --child NAME JSON`, and a `Benchmark` that
says what a round is. The scripts are always those of this checkout; what differs between the variants is which lactflow
their processes import. So a script uses only what all commits have that it is to be compared with.
"""

from __future__ import annotations

import io
import json
import os
import platform
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from zipfile import ZipFile

from circumstances import ROOT, commit

SPENT = Path(__file__).with_name("spent.py")
Figures = dict[str, float]
Child = Callable[..., dict[str, Any]]


class Variant(NamedTuple):
    """
    A lactflow that is measured.

    Attributes
    ----------
    commit
        Of its sources.
    tree
        Where they lie; None for the one that this Python imports.
    """

    commit: str | None
    tree: Path | None

    def environment(self) -> dict[str, str]:
        """Environment of its processes: bytecode is kept, so that only a first start compiles sources."""
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        paths = [str(Path(path).resolve()) for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
        env["PYTHONPATH"] = os.pathsep.join([*([] if self.tree is None else [str(self.tree)]), *paths])
        return env


@contextmanager
def variants(against: str | None) -> Iterator[list[Variant]]:
    """The lactflow that this Python imports, and where a commit is named, that one in a folder that goes away again."""
    here = Variant(commit("benchmarks/results", "docs/background/speed.md"), None)
    if against is None:
        yield [here]
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        yield [here, Variant(_unpacked(against, tree), tree)]


def _unpacked(name: str, tree: Path) -> str:
    """Put the package and the scenarios of a commit into a folder; its short hash."""
    git = ("git", "-C", str(ROOT))
    found = subprocess.run(
        (*git, "rev-parse", "--verify", "--quiet", "--short=10", f"{name}^{{commit}}"),
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise SystemExit(f"--against: there is no commit {name!r} in {ROOT.name}")
    hashed = found.stdout.strip()
    packing = (*git, "archive", "--format=zip", hashed, "lactflow", "configs")
    with ZipFile(io.BytesIO(subprocess.run(packing, capture_output=True, check=True).stdout)) as archive:
        archive.extractall(tree)
    return hashed


class Runner:
    """
    Runs the processes of one script for one variant.

    Attributes
    ----------
    variant
        What they import.
    build
        Which build of lactflow they have found: "compiled" or "pure Python"; None before the first.
    commit
        Of the lactflow that they have found, `-dirty` behind it where its sources are others than those of the commit.
    """

    def __init__(self, variant: Variant, script: Path) -> None:
        self.variant = variant
        self.build: str | None = None
        self.commit = variant.commit
        self._script = script

    def __call__(self, child: str, **arguments: Any) -> dict[str, Any]:
        """What a function of the script has measured in a fresh process, and `process`: what that has cost."""
        printed, spent = self.run([sys.executable, str(self._script), "--child", child, json.dumps(arguments)])
        return self.understood(printed) | {"process": spent}

    def run(self, command: Sequence[str]) -> tuple[str, dict[str, float]]:
        """
        What a command prints, and what it has cost with all its descendants: `wall_s`, `cpu_s`, `peak_mb`.

        It works in an empty folder, so that nothing is imported from the current one.
        """
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "spent.json"
            typed = [sys.executable, "-I", "-S", str(SPENT), str(file), *command]
            env = self.variant.environment()
            done = subprocess.run(typed, capture_output=True, text=True, cwd=folder, env=env, check=False)
            if done.returncode:
                errors = "\n".join(done.stderr.splitlines()[-20:])
                raise SystemExit(f"{errors}\n{' '.join(command)}\nended with exit code {done.returncode}")
            return done.stdout, json.loads(file.read_text(encoding="ascii"))

    def understood(self, printed: str) -> dict[str, Any]:
        """The record that a child has printed; it must have found the lactflow that it was to measure."""
        record: dict[str, Any] = json.loads(printed.splitlines()[-1])
        package, self.build = Path(record.pop("package")), record.pop("build")
        if self.variant.tree is not None and self.variant.tree.resolve() not in (package, *package.parents):
            raise SystemExit(f"the processes have imported {package}, not the lactflow of {self.variant.commit}")
        if (
            self.variant.tree is None
            and self.commit
            and "-dirty" not in self.commit
            and not same_sources(package, ROOT)
        ):
            self.commit += "-dirty"
        return record


def same_sources(one: Path, other: Path) -> bool:
    """Whether the package has the same sources in two folders, one of which may be where a wheel was installed."""
    if one.samefile(other):
        return True
    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in (folder / "lactflow").rglob("*.py")}
        for folder in (one, other)
    )
    return first == second


def _child_record(child: Child, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a child measures, with where its lactflow lies and which build that is."""
    import lactflow
    from lactflow.pipeline import station

    # Of the package, which is never compiled: mypyc gives some compiled modules the path of another folder.
    package = Path(lactflow.__file__).resolve().parents[1]
    build = "pure Python" if Path(station.__file__).suffix == ".py" else "compiled"
    return child(**arguments) | {"package": str(package), "build": build}


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """
    What one script measures.

    Attributes
    ----------
    script
        Its file.
    about
        One line for its `--help`.
    children
        Functions that it has measured in fresh processes, by name; each returns a dictionary for JSON.
    one_round
        Figures of one round of one variant.
    sizes
        Arguments of `one_round` and `instructions`, with their full sizes; each is an option.
    rounds
        How many rounds are made by default.
    instructions
        Figures that are counted once, after the rounds, with `--instructions`.
    speeds, costs
        Figures of which more is better, and of which less is: those that are compared with another commit.
    """

    script: Path
    about: str
    children: Mapping[str, Child]
    one_round: Callable[..., Figures]
    sizes: Mapping[str, Any]
    rounds: int
    instructions: Callable[..., Figures] | None = None
    speeds: Sequence[str] = field(default=())
    costs: Sequence[str] = field(default=())

    def gains(self, here: Figures, there: Figures) -> Figures:
        """How many times better figures are than those of the other commit; 1 means no change."""
        better = {name: here[name] / there[name] for name in self.speeds if name in here}
        return better | {name: there[name] / here[name] for name in self.costs if name in here}


def measure(
    benchmark: Benchmark, measured: Sequence[Variant], rounds: int, sizes: Mapping[str, Any], *, instructions: bool
) -> dict[str, Any]:
    """
    Measure in interleaved rounds.

    Parameters
    ----------
    benchmark
        What.
    measured
        This lactflow, and perhaps another.
    rounds
        How many; the variants take turns, and every second round begins with the last.
    sizes
        Arguments of its functions.
    instructions
        Whether to count instructions too.

    Returns
    -------
    Each figure as a median under its name and lowest and highest under `NAME_range`, with the sizes, the commit, the
    build and the Python; under `against` the same of the other commit, and `gain`: how many times better the figures
    are than those of the same round there.
    """
    runners = [Runner(variant, benchmark.script) for variant in measured]
    found: list[list[Figures]] = [[] for _ in runners]
    for number in range(rounds):
        turns = list(zip(runners, found, strict=True))
        for runner, figures in turns if number % 2 == 0 else reversed(turns):
            figures.append(benchmark.one_round(runner, **sizes))
    count = benchmark.instructions if instructions else None
    counts = [{} if count is None else count(runner, **sizes) for runner in runners]
    results = [
        _summary(figures, counted)
        | {"rounds": rounds, **sizes, "commit": runner.commit, "build": runner.build}
        | {"python": platform.python_version()}
        for runner, figures, counted in zip(runners, found, counts, strict=True)
    ]
    if len(results) > 1:
        gains = [benchmark.gains(now, then) for now, then in zip(*found, strict=True)]
        results[0]["against"] = results[1] | {"gain": _summary(gains, benchmark.gains(*counts))}
    return results[0]


def _summary(rounds: Sequence[Figures], counts: Figures) -> dict[str, Any]:
    """Medians with lowest and highest, and what was counted once."""
    found: dict[str, Any] = {}
    for name in rounds[0]:
        values = [figures[name] for figures in rounds]
        found[name] = median(values)
        if len(values) > 1:
            found[f"{name}_range"] = [min(values), max(values)]
    return found | counts


def main(benchmark: Benchmark) -> None:
    """The command line of a script."""
    if sys.argv[1:2] == ["--child"]:
        name, arguments = sys.argv[2:]
        print(json.dumps(_child_record(benchmark.children[name], json.loads(arguments))))
        return
    parser = ArgumentParser(description=benchmark.about)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=benchmark.rounds)
    parser.add_argument("--against", metavar="COMMIT", help="measure that commit in the same rounds")
    if benchmark.instructions is not None:
        parser.add_argument("--instructions", action="store_true", help="count instructions with valgrind too")
    for name, size in benchmark.sizes.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(size, bool):
            parser.add_argument(option, action="store_true")
        else:
            parser.add_argument(option, type=type(size), default=size, help=f"the default is {size}")
    options = vars(parser.parse_args())
    if options["rounds"] < 1:
        parser.error("--rounds must be 1 or more")
    sizes = {name: options[name] for name in benchmark.sizes}
    with variants(options["against"]) as measured:
        result = measure(benchmark, measured, options["rounds"], sizes, instructions=options.get("instructions", False))
    print(json.dumps(result) if options["json"] else "\n".join(lines(result)))


def lines(result: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """A result for people: a line for each figure, its range behind it."""
    for name, value in result.items():
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from lines(value, f"{indent}  ")
        elif not name.endswith("_range"):
            low_high = result.get(f"{name}_range")
            shown = f"{value:.4g}" if isinstance(value, float) else str(value)
            between = f" ({low_high[0]:.4g} to {low_high[1]:.4g})" if low_high else ""
            yield f"{indent}{name:34} {shown}{between}"
