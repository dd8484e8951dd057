"""Mutated configs and feeding logs: each is loaded, or refused with the place of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from benchmarks.trust.commands import attempt
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.material import CONFIG, LOG, hostile

if TYPE_CHECKING:
    from lactflow.errors import Problem

_ROOT = Path(__file__).parents[2]
_PREGNANCY = """format: 1
name: many-kinds
title: "Every kind of phase: twins, Düsseldorf"
start_day: 30
days: 7
birth_clock: "10:30"
seed: 12
replicates: 3
infants: [{birth_weight_kg: 2.4, appetite: 1.1}, {birth_weight_kg: 2.2}]
knock_outs: [lif]
interventions:
  - {kind: mastitis, side: left, severity: 0.5, start_day: 32, end_day: 34}
  - {kind: cabergoline, dose_mg: 1.0, start_day: 33}
schedule:
  - {kind: on_demand, side: both, night_gap: {from: "23:00", to: "05:00"}}
  - {kind: every, hours: 3, from_day: 32, miss: [{days: [33], from: "08:00", to: "16:00"}]}
  - {kind: log, file: log.csv, from_day: 34}
  - {kind: pump, times: ["06:00", "21:15"], minutes: 15, side: both}
  - &bottle {kind: bottle, after_feeds: true, volume_ml: 30, content: formula}
record: {visits: false, sample_min: 60}
"""


def mutated(content: bytes, others: list[bytes], pieces: tuple[str, ...], rng: Random) -> bytes:
    """
    A file after one to four changes: of bytes, of lines, of numbers, or by what has a meaning in its format.

    Parameters
    ----------
    content
        The file.
    others
        Files that lines are taken from.
    pieces
        What has a meaning.
    rng
        Random numbers.
    """
    for _ in range(rng.choice((1, 1, 2, 4))):
        content = _changed(content, others, pieces, rng)
    return content


def _changed(content: bytes, others: list[bytes], pieces: tuple[str, ...], rng: Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    until = min(len(content), at + rng.choice((1, 2, 8, 40)))
    lines = content.split(b"\n")
    line = rng.randrange(len(lines))
    way = rng.randrange(9)
    if way == 0 and content:
        return content[: at - 1] + bytes([rng.randrange(256)]) + content[at:] if at else content[1:]
    if way == 1:
        return content[:at] + content[until:]
    if way == 2:
        return content[:at] + content[at:until] * rng.choice((2, 3, 50)) + content[until:]
    if way in (3, 4):
        return content[:at] + rng.choice(pieces).encode("utf-8", "surrogatepass") + content[at:]
    if way == 5:
        del lines[line]
    elif way == 6:
        lines.insert(line, rng.choice(rng.choice(others).split(b"\n")))
    elif way == 7:
        other = rng.randrange(len(lines))
        lines[line], lines[other] = lines[other], lines[line]
    else:
        return _other_number(content, pieces, rng)
    return b"\n".join(lines)


def _other_number(content: bytes, pieces: tuple[str, ...], rng: Random) -> bytes:
    """One run of digits becomes another, or something else."""
    digits = [at for at, byte in enumerate(content) if 48 <= byte <= 57 and not 48 <= content[at - 1] <= 57]
    if not digits:
        return content
    begin = rng.choice(digits)
    end = begin
    while end < len(content) and 48 <= content[end] <= 57:
        end += 1
    other = rng.choice((str(rng.randrange(100)), str(rng.randrange(10**9)), "-1", "", rng.choice(pieces)))
    return content[:begin] + other.encode() + content[end:]


def _loaded(config: Path) -> tuple[str, str]:
    """How loading a config ends, and what was lost."""
    ended = attempt(_problems, config)
    if ended.failed:
        return "another exception", ended.failed
    problems = ended.value
    if problems is None:
        return "loaded", ""
    if not any(each.file and each.line for each in problems):
        return "refused without a line", f"no problem has a file and a line: {problems[:3]}"
    if any("\n" in str(each) for each in problems):
        return "refused in several lines", f"a problem has more than one line: {problems[:3]}"
    return "refused, with file and line", ""


def _problems(config: Path) -> Sequence[Problem] | None:
    """What is wrong with a config; None for one that is loaded."""
    from lactflow.config.scenario import load_scenario
    from lactflow.errors import ConfigError

    try:
        load_scenario(config)
    except ConfigError as error:
        return error.problems
    return None


def _tries(bench: Bench, name: str, sources: dict[str, bytes], pieces: tuple[str, ...]) -> Iterator[Try]:
    """Mutate one of the sources, write it under a name into a folder that has a config and a log, load the config."""
    folder = bench.memory / "mutants"
    folder.mkdir()
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    contents = list(sources.values())
    for number in range(bench.size):
        rng = bench.random(number)
        kind = list(sources)[number % len(sources)]
        content = mutated(sources[kind], contents, pieces, rng)
        (folder / name).write_bytes(content)
        ended, lost = _loaded(folder / "config.yaml")
        if lost:
            lost = f"{bench.keep(number, Path(name).suffix, content)}: {lost}"
        yield Try(kind, ended, lost)


def yaml(bench: Bench) -> Iterator[Try]:
    """Mutated configs."""
    from lactflow.config.model import RunConfig
    from lactflow.config.scenario import resolved_text

    sources = {"many kinds of keys": _PREGNANCY.encode(), "with a log": CONFIG.encode()}
    for path in sorted((_ROOT / "configs").glob("*.yaml"))[::6]:
        if path.name != "feeding-log.yaml":
            sources[f"shipped: {path.stem}"] = path.read_bytes()
    # A tenth of the keys of a resolved config: the whole takes ten times as long.
    resolved = resolved_text(RunConfig(format=1)).encode().split(b"\n")
    sources["resolved"] = b"\n".join(resolved[:60])
    yield from _tries(bench, "config.yaml", sources, hostile("signs of YAML"))


def logs(bench: Bench) -> Iterator[Try]:
    """Mutated logs in lactflow's own format, named by a config."""
    shipped = (_ROOT / "configs" / "feeding-log.csv").read_bytes().split(b"\n")
    sources = {
        "every kind of row": LOG.encode(),
        "feeds at the breast": b"\n".join([shipped[0], *shipped[40:80], b""]),
        "without volumes by breast": b"\n".join(
            line.rpartition(b",")[0].rpartition(b",")[0] for line in LOG.encode().split(b"\n")
        ),
    }
    yield from _tries(bench, "log.csv", sources, hostile("signs of logs"))


EXPERIMENTS = (
    Experiment(
        name="yaml",
        title="mutated configs",
        size=2500,
        how="One to four changes (bytes, lines, numbers, signs that mean something in YAML) of configs, read by the "
        "loader",
        lost="anything but a loaded config or a refusal in lines that name file and line.",
        tries=yaml,
    ),
    Experiment(
        name="logs",
        title="mutated feeding logs",
        size=2000,
        how="The same changes of logs in lactflow's own format, read by the loader of a config that names them",
        lost="anything but a loaded log or a refusal in lines that name file and line.",
        tries=logs,
    ),
)
