"""`lactflow init`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lactflow.errors import ArchiveError, ConfigError, Problem

SCHEMA = "lactflow.schema.json"
"""File beside a new config by which editors complete and check it."""

_TEMPLATE = """\
# yaml-language-server: $schema=./lactflow.schema.json
# A scenario for lactflow. Write only what differs from the reference mother: everything below but `format` may go.
# `lactflow parameters` lists every quantity with its unit, range and source.
format: 1
name: {name}
title: One infant, fed on demand

start_day: 30               # day 1 is the first 24 h after birth; 0 and below, down to -60, are pregnancy
days: 7                     # duration, fractions allowed
birth_clock: "00:00"        # time of day at birth, for clock times
seed: 1                     # same seed, same tables
replicates: 1               # runs with other random numbers

resolution: {{packet_ml: 0.1}}                      # how finely milk is cut; or coarse, default, fine, without lobes
gland:
  lobes_per_breast: 9
  lumen: {{capacity_ml: 205}}                       # storage capacity of a breast
infants: [{{birth_weight_kg: 3.4, appetite: 1.0, latch: 1.0}}]   # two for twins, [] for none

# knock_outs: [oxytocin_receptor]                 # mechanisms removed by name
# interventions: [{{kind: mastitis, side: left, severity: 0.5, start_day: 32, end_day: 34}}]   # timed events
# `stations`, `signals` and `analytes` name what installed packages add, such as `analytes: [caffeine]`.

# Phases, in order: a later one takes over from its day on. Pumping runs beside the feeds.
schedule:
  - {{kind: on_demand, side: both}}                 # side: left, right, both, alternate, preferred
  # - {{kind: on_demand, night_gap: {{from: "23:00", to: "05:00"}}, from_day: 31}}
  # - {{kind: every, hours: 3, miss: [{{days: [32], from: "08:00", to: "16:00"}}], from_day: 32}}
  # - {{kind: clock, times: ["07:00", "12:30", "19:00"], from_day: 33}}
  # - {{kind: cluster, feeds: 10, clusters: 2, gap_min: 60, from_day: 33.5}}
  # - {{kind: log, file: my-feeding-log.csv, from_day: 34}}   # columns: start, kind, left_min, right_min, volume_ml
  # - {{kind: wean, days: 1, from_day: 35}}         # bottles instead, more from day to day
  # - {{kind: none, from_day: 36}}                  # no feeds from then on
  # - {{kind: pump, times: ["06:00"], minutes: 15, side: both}}
  # - {{kind: responsive, fullness: 0.7, min_interval_h: 2, minutes: 15, side: fuller}}   # when a breast is as full
  # - {{kind: power_pump, times: ["21:00"], side: both}}
  # - {{kind: hand, per_day: 2, minutes: 20}}      # so many a day, evenly spread; pump and bottle take it too
  # - {{kind: bottle, after_feeds: true, volume_ml: 30, content: formula}}
  # - {{kind: once, sessions: [{{day: 31, time: "12:00", what: bottle, volume_ml: 30}}]}}   # or what: pump, hand
  # - {{kind: discard, from_day: 36, to_day: 36}}    # what is expressed then is thrown away

record:
  visits: true              # one row per packet and station
  sample_min: 60            # minutes between samples
  warm_up_days: 0           # days that summaries leave out
"""


@click.command("init")
@click.argument("name")
@click.option("--out", default=".", show_default=True, metavar="DIR", help="Folder for the file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(*, name: str, out: str, as_json: bool) -> None:
    """Write NAME.yaml, a commented scenario that runs, to start from. Overwrites no config.

    Beside it, lactflow.schema.json lets editors that use the YAML language server complete and check its keys.

    \b
    Example:
      lactflow init my-scenario
    """  # noqa: D301 - \b is click's mark
    from lactflow.cli.schema import write_schema
    from lactflow.config.scenario import load_scenario
    from lactflow.config.text import shown_path

    name = name.removesuffix(".yaml")
    # Loaded before it is written: the name is checked by the rule that checks it later.
    check_name(name)
    path = Path(out) / f"{name}.yaml"
    shown = shown_path(path)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(_TEMPLATE.format(name=yaml_text(name)))
    except FileExistsError:
        raise ConfigError(
            Problem("exists already; nothing was written (choose another name or --out)", shown)
        ) from None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise ConfigError(Problem(f"there is no folder {shown_path(out)!r}", "--out")) from None
    except OSError as error:
        raise ArchiveError(f"{shown} cannot be written: {error.strerror}") from None
    load_scenario(path)
    write_schema(path.with_name(SCHEMA))
    if as_json:
        click.echo(json.dumps({"file": str(path), "schema": str(path.with_name(SCHEMA))}, indent=2))
    else:
        click.echo(f"{path}\nnext:\n  lactflow run {path}")


def check_name(name: str) -> None:
    """
    Check a name for a config by the rule that checks it later.

    Raises
    ------
    ConfigError
        If it is not allowed.
    """
    from pydantic import ValidationError

    from lactflow.config.messages import problems_of
    from lactflow.config.model import RunConfig

    try:
        RunConfig.model_validate({"format": 1, "name": name})
    except ValidationError as error:
        raise ConfigError(*problems_of(error, lambda _path, _of_key: (None, None, None))) from None


def yaml_text(name: str) -> str:
    """A name as YAML text: `1e3` and `true` are allowed names."""
    return name if name.replace("-", "").isalpha() and name.lower() not in ("true", "false", "null") else f'"{name}"'
