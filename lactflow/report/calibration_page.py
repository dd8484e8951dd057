"""The page of a calibration: what was found, which of it the targets decide, and the trials that it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

from lactflow.analysis.citations import references_of_configs
from lactflow.config.scenario import load_scenario
from lactflow.config.text import counted
from lactflow.errors import DamagedRunError, LactflowError
from lactflow.recording.folder import CALIBRATION, StoredFolder
from lactflow.recording.kept import read_kept
from lactflow.recording.manifest import CONFIG
from lactflow.recording.trials import Ledger
from lactflow.report import provenance
from lactflow.report.blocks import Block, Facts, Listing, Note, Page, Section, Table, Tile, filled
from lactflow.report.calibrated import distances, intervals, losses, profile, profile_table
from lactflow.report.numbers import number, signed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

_CALIBRATED = "calibrated.yaml"
_MOST_PROFILES = 12
"""Profiles that are drawn; the others are tables."""
_MOST_REASONS = 20
_MOST_NOTES = 50
_LONGEST_CONFIG = 60_000
_USES = (("fitted", "Fitted to"), ("held out", "Not fitted to"))


def calibration_page(folder: Path) -> Page:
    """
    What a calibration found, as a page; of one that has not ended, what is there.

    Parameters
    ----------
    folder
        That `lactflow calibrate` has made.

    Raises
    ------
    ArchiveError
        If it is no calibration.
    DamagedRunError
        If its manifest is not what was written.
    """
    found = _Calibrated(folder)
    makers = [
        ("quantities", "Quantities", found.quantities),
        ("targets", "Targets", found.targets),
        ("profiles", "Profiles", found.profiles),
        ("apart", "What the targets cannot distinguish", found.apart),
        ("trials", "Trials", found.trials),
    ]
    return Page(
        kind="calibration",
        title=found.title,
        subtitle=found.subtitle,
        status=found.status,
        sections=provenance.sections_with(makers, found.manifest, found.status, found.config_text(), found.citing()),
        tiles=found.tiles(),
        notes=found.notes(),
    )


class _Calibrated(StoredFolder):
    """A calibration, with what several sections need; a table that is not written yet is None."""

    kind = CALIBRATION

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        about = self.manifest.get("calibration")
        if not isinstance(about, dict) or not isinstance(about.get("quantities"), list):
            raise DamagedRunError(f"{self.path} does not say what was looked for")
        self._about: dict[str, Any] = about

    def _written(self, name: str, *columns: str) -> pd.DataFrame | None:
        """A table with the columns that are needed of it; None where it is not there and need not be."""
        file = f"{name}.parquet"
        if not (self.path / file).exists() and file not in self.manifest.get("files", {}):
            return None
        frame = self._table(file)
        missing = [column for column in columns if column not in frame]
        if missing:
            raise DamagedRunError(f"{self.path / file} has no column {missing[0]!r}")
        return frame

    @cached_property
    def _quantities(self) -> pd.DataFrame | None:
        ends = ("low", "high", "range_low", "range_high", "logarithmic", "verdict")
        return self._written("quantities", "key", "unit", "start", "value", *ends)

    @cached_property
    def _targets(self) -> pd.DataFrame | None:
        numbers = ("value", "sd", "weight", "model", "model_error", "z")
        return self._written("targets", "id", "observable", "use", "source", *numbers)

    @cached_property
    def _profiles(self) -> pd.DataFrame | None:
        return self._written("profiles", "key", "value", "above_least")

    @cached_property
    def _trials(self) -> pd.DataFrame | None:
        return self._written("trials", "trial", "stage", "status", "reason", "loss")

    @cached_property
    def _ended(self) -> list[tuple[int, str, str]]:
        """Number, stage and reason of each trial that has ended; the reason is empty where it did not fail."""
        table = self._trials
        if table is not None:
            rows = table[["trial", "stage", "reason"]].fillna("").to_dict("records")
            return [(row["trial"], row["stage"], row["reason"]) for row in rows]
        return [(each.point.number, each.point.stage, each.reason) for each in Ledger(self.path).in_order()]

    @property
    def title(self) -> str:
        """Of the scenario, and what was looked for."""
        try:
            config = load_scenario(self.path / CONFIG).config
            name = config.title or config.name
        except (LactflowError, OSError):
            name = self.path.resolve().name
        keys = [str(each["key"]) for each in self._about["quantities"]]
        over = " and ".join(keys) if len(keys) < 3 else counted(len(keys), "quantity", "quantities")
        return f"{name}: {over}"

    @property
    def subtitle(self) -> str:
        """Folder, and how large it is."""
        size = counted(len(self._about["quantities"]), "quantity", "quantities")
        return f"{self.path.resolve().name}: {size}, targets of {provenance.cut(self._about.get('targets'), 100)}"

    def config_text(self) -> str | None:
        """The config that was calibrated; None where it cannot be read."""
        return self._text(CONFIG)

    def _text(self, name: str) -> str | None:
        try:
            return read_kept(self.path, self.manifest, name).decode(errors="replace")
        except (LactflowError, OSError):
            return None

    def tiles(self) -> list[Tile]:
        """Numbers worth seeing first."""
        tiles = []
        loss = self.manifest.get("loss")
        if isinstance(loss, int | float):
            fitted = counted(len(self.manifest.get("fitted", ())), "target")
            tiles.append(Tile("smallest loss", number(float(loss)), f"over {fitted}"))
        try:
            if (quantities := self._quantities) is not None:
                decided = int((quantities["verdict"] == "decided").sum())
                tiles.append(Tile("quantities decided", f"{decided:,}", f"of {len(quantities):,}"))
            failed = sum(bool(reason) for _, _, reason in self._ended)
        except (LactflowError, OSError):
            return tiles
        return [
            *tiles,
            Tile("trials ended", f"{len(self._ended):,}", f"of {self._planned}"),
            Tile("trials failed", f"{failed:,}", f"of {len(self._ended):,}"),
        ]

    @property
    def _planned(self) -> str:
        planned = self._about.get("trials")
        return f"{planned:,}" if isinstance(planned, int) else "-"

    def notes(self) -> list[Note]:
        """How it ended, and what is unusual about trials and fit."""
        notes = provenance.ended(self.status, self.manifest.get("error"))
        if self.status in ("interrupted", "crashed", "failed"):
            notes.append(Note(f"`lactflow calibrate --resume {self.path}` goes on."))
        lines = self.manifest.get("notes") or []
        notes += [Note(_sentence(each), "warning") for each in lines[:_MOST_NOTES]]
        return notes

    def quantities(self) -> list[Block]:
        """Value, interval, range and verdict of each; of a calibration that has not ended, what is looked for."""
        table = self._quantities
        if table is None:
            rows = [_row_of(each) for each in self._about["quantities"]]
            columns = ["quantity", "in the config", "range", "unit"]
            return [Table("What is looked for; nothing is found yet", columns, rows, frozenset({3}))]
        found = [
            [
                row["key"],
                number(row["value"], 4),
                f"{number(row['low'], 4)} to {number(row['high'], 4)}",
                row["verdict"],
                _range(row["range_low"], row["range_high"], row["logarithmic"]),
                number(row["start"], 4),
                row["unit"] or "",
            ]
            for row in table.to_dict("records")
        ]
        columns = ["quantity", "value", "95 % interval", "verdict", "range", "in the config", "unit"]
        blocks: list[Block] = [Table("What was found", columns, found, frozenset({3, 6})), intervals(table)]
        text = self._text(_CALIBRATED) if (self.path / _CALIBRATED).exists() else None
        if text is not None:
            blocks.append(
                Listing(f"Config with these values: {_CALIBRATED}", provenance.cut(text, _LONGEST_CONFIG), True)
            )
        return blocks

    def targets(self) -> list[Block]:
        """Each target beside what the model gives, those that were fitted to first."""
        table = self._targets
        if table is None:
            text = None if self._about.get("targets") == "validate" else self._text("targets.csv")
            if text is None:
                return []
            return [Listing("Table of targets; nothing is compared yet", provenance.cut(text, 10_000), folded=True)]
        blocks: list[Block] = []
        columns = ["target", "observable", "value ± SD", "model", "error of the model", "z", "weight", "source"]
        for use, title in _USES:
            rows = [_of_target(row) for row in table[table["use"] == use].to_dict("records")]
            if rows:
                table_of_use = Table(title, columns, rows, frozenset({1, 7}), len(rows) > 40, frozenset({1}))
                blocks.append(filled(table_of_use))
        drawing = distances(table)
        about = Note(
            "z is the model less the target, in SDs of the target. The loss is the sum of weight times z squared over "
            "the targets that were fitted to."
        )
        return [about, *blocks, *([drawing] if drawing is not None else [])]

    def profiles(self) -> list[Block]:
        """The smallest loss at each value of each quantity; the page shows one at a time."""
        table, quantities = self._profiles, self._quantities
        if table is None or quantities is None:
            return []
        by_key = dict(list(table.groupby("key", sort=False)))
        rows = [row for row in quantities.to_dict("records") if row["key"] in by_key]
        return [
            *(profile(row["key"], by_key[row["key"]], row) for row in rows[:_MOST_PROFILES]),
            *(profile_table(row["key"], by_key[row["key"]], folded=True) for row in rows[_MOST_PROFILES:]),
        ]

    def apart(self) -> list[Block]:
        """Pairs, in words and as a table, and directions around the best point."""
        if self._profiles is None:
            return []
        words = self.manifest.get("words") or []
        blocks: list[Block] = [Note(_sentence(each)) for each in words[:_MOST_NOTES]]
        pairs = self._written("pairs", "first", "second", "inflation", "holds")
        if pairs is not None and len(pairs):
            rows = [
                [row["first"], row["second"], row["holds"], f"{number(row['inflation'])} times"]
                for row in pairs.to_dict("records")
            ]
            columns = ["quantity", "and", "what the targets hold", "interval wider by"]
            blocks.append(Table("Pairs", columns, rows, frozenset({1, 2})))
        directions = self._written("directions", "direction", "ratio", "half_width", "decided", "key", "part")
        if directions is not None and len(directions):
            blocks.append(_of_directions(directions))
        return blocks if words else [Note("The targets decide each quantity by itself.", "good"), *blocks]

    def trials(self) -> list[Block]:
        """How many there are, why some failed, and how the loss went."""
        ended, table = self._ended, self._trials
        stages = Counter(stage for _, stage, _ in ended)
        again = self.manifest.get("retried") or []
        facts = [
            ("planned", self._planned),
            ("ended", f"{len(ended):,}"),
            ("by stage", ", ".join(f"{many:,} {stage}" for stage, many in stages.items())),
            ("failed", f"{sum(bool(reason) for _, _, reason in ended):,}"),
            ("runs of each", self._runs()),
            ("simulated again", f"{counted(len(again), 'unit')}, whose processes died" if again else ""),
        ]
        blocks: list[Block] = [Facts([(name, value) for name, value in facts if value])]
        reasons: dict[str, list[int]] = {}
        for trial, _, reason in ended:
            if reason:
                reasons.setdefault(reason, []).append(trial)
        if reasons:
            order = sorted(reasons.items(), key=lambda item: -len(item[1]))
            rows = [[provenance.cut(why, 400), f"{len(of):,}", f"{of[0]:,}"] for why, of in order[:_MOST_REASONS]]
            blocks.append(Table("Why trials failed", ["reason", "trials", "the first of them"], rows))
            if len(order) > _MOST_REASONS:
                blocks.append(Note(f"{len(order) - _MOST_REASONS:,} more reasons stand in trials.jsonl."))
        drawing = None if table is None else losses(table)
        return [*blocks, *([drawing] if drawing is not None else [])]

    def _runs(self) -> str:
        """Replicates and mothers where they were given."""
        many = [(self._about.get(name), name) for name in ("replicates", "mothers")]
        return ", ".join(counted(value, name.removesuffix("s")) for value, name in many if isinstance(value, int))

    def citing(self) -> Section:
        """Papers behind the config, and the sources of the targets."""
        section = provenance.citing(
            self.manifest, papers=lambda: references_of_configs([load_scenario(self.path / CONFIG).config])
        )
        try:
            table = self._targets
        except (LactflowError, OSError):
            return section
        sources = [] if table is None else map(str, table["source"].dropna())
        counts = Counter(each for each in sources if each)
        if not counts:
            return section
        rows = [[provenance.cut(each, 300), f"{many:,}"] for each, many in sorted(counts.items())]
        measured = Table("Measurements that were compared with", ["source", "targets"], rows, folded=len(rows) > 12)
        return replace(section, blocks=[*section.blocks, measured])


def _sentence(text: object) -> str:
    """A line of a manifest as a sentence; a key that it begins with is left as it is."""
    line = provenance.cut(text).rstrip(".")
    is_word = line.partition(" ")[0].isalpha()
    return f"{line[:1].upper() if is_word else line[:1]}{line[1:]}."


def _range(low: float, high: float, logarithmic: object) -> str:
    return f"{number(low, 4)} to {number(high, 4)}{', by factors' if logarithmic else ''}"


def _row_of(quantity: dict[str, Any]) -> list[str]:
    """A row of what is looked for."""
    ends = _range(quantity["low"], quantity["high"], quantity.get("logarithmic"))
    return [str(quantity["key"]), number(quantity.get("start"), 4), ends, str(quantity.get("unit", ""))]


def _of_target(row: Mapping[Any, Any]) -> list[str]:
    source = row["source"] if isinstance(row["source"], str) else ""
    return [
        row["id"],
        provenance.cut(row["observable"], 200),
        f"{number(row['value'], 4)} ± {number(row['sd'])}",
        number(row["model"], 4),
        number(row["model_error"]),
        signed(row["z"]),
        number(row["weight"]),
        provenance.cut(source, 300),
    ]


def _of_directions(directions: pd.DataFrame) -> Table:
    """A row for each direction, with the quantities that have most of it."""
    rows = []
    for place, of in directions.groupby("direction", sort=True):
        parts = of.reindex(of["part"].abs().sort_values(ascending=False, kind="stable").index)
        named = ", ".join(f"{signed(row['part'], 2)} {row['key']}" for row in parts.head(4).to_dict("records"))
        first = of.iloc[0]
        width = f"{number(float(first['half_width']))} ranges" if isfinite(first["half_width"]) else "-"
        rows.append([f"{int(str(place)) + 1}", named, width, "yes" if first["decided"] else "no"])
    columns = ["direction", "quantities, each in its range", "95 % half-width", "decided"]
    return Table("Directions, the best known first", columns, rows, frozenset({1, 3}), folded=True)
