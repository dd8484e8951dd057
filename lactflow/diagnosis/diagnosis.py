"""A diagnosis as users hold it: a folder that `lactflow diagnose` has made."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lactflow.recording.folder import StoredFolder

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.diagnosis.plots import DiagnosisPlots

KIND: Final = "diagnosis"
RECORD: Final = "record.csv"
CONFIG: Final = "virtual-mothers.yaml"
MECHANISMS: Final = "mechanisms.json"
"""The mechanisms that rivalled one another, whole: those of a user's own too."""
DIAGNOSES, OBSERVATIONS, CONFUSION, NEXT, DRAWN, PAIRS = (
    "diagnoses.parquet",
    "observations.parquet",
    "confusion.parquet",
    "next.parquet",
    "courses.parquet",
    "pairs.parquet",
)
FILES: Final = (DIAGNOSES, OBSERVATIONS, CONFUSION, NEXT, DRAWN, PAIRS)

NO_DEVICE: Final = (
    "A tool for research and teaching, no medical device: it compares a record with virtual mothers of a model, which "
    "has not been tried on records with a known cause. It names no cause in a person, and is no medical advice."
)
"""Stands on every page, table and summary of a diagnosis."""


class Diagnosis(StoredFolder):
    """
    A folder that `lactflow diagnose` has made.

    Its manifest has `answer` (`mechanism`, `cannot tell`, `none of these`), `leaders` (the two most probable
    mechanisms), `mothers` (virtual ones of each mechanism), `facts`, `assumed`, `unused` and `warnings` (a line each);
    and `pair`: the two that were simulated together as well, as `mechanism`, `of`, `title`, `answer` (`both`, `cannot
    tell`, `one`) and `within` (whether the record lies outside of all mechanisms and within both at once), or
    `why_not`; None where no pair was asked for.
    """

    kind = KIND

    @property
    def plot(self) -> DiagnosisPlots:
        """Pictures: `diagnosis.plot()` of the probabilities; `diagnosis.plot.courses()` and others."""
        from lactflow.diagnosis.plots import DiagnosisPlots

        return DiagnosisPlots(self)

    @cached_property
    def diagnoses(self) -> pd.DataFrame:
        """
        Mechanisms, the most probable first.

        `mechanism`, `title`, `probability`, `low` and `high` (95 % interval over other virtual mothers), `prior`,
        `distance` (of her record from its virtual mothers, over the distance within which 99.5 % of them lie), `right`
        (mean probability of it that its own virtual mothers get from these observations).
        """
        return self._marked(DIAGNOSES)

    @cached_property
    def observations(self) -> pd.DataFrame:
        """
        What was observed.

        `observation`, `kind`, `breast`, `time_min`, `value`, `unit`, `limit` (`below`, `above`), `lines`, `log_odds`
        (what it adds to the log odds of the leader over the next mechanism, given the others), `gone` (share of
        virtual mothers in whom there was nothing to observe), and the median of the leader's virtual mothers,
        `leader_median`, with `leader_low` and `leader_high` (5 and 95 %).
        """
        return self._marked(OBSERVATIONS)

    @cached_property
    def confusion(self) -> pd.DataFrame:
        """
        What virtual mothers who taught nothing get from these observations.

        `truth`, `mechanism`, `probability`: the mean probability of a mechanism that those of the true one get.
        """
        return self._marked(CONFUSION)

    @cached_property
    def next(self) -> pd.DataFrame:
        """
        What could be measured next, the most useful first.

        `measurement`, `effort`, `fall_nats` (expected fall of the entropy of the mechanisms; 0 where its estimate is
        below that, as no measurement can be expected to raise it), `helps`.
        """
        return self._marked(NEXT)

    @cached_property
    def courses(self) -> pd.DataFrame:
        """
        Weight of the infant and milk that it takes, of virtual mothers, by mechanism and day.

        `mechanism`, `day`, `what` (`weight_kg`, `intake_ml_per_day`), `low`, `median`, `high` (5, 50 and 95 %).
        """
        return self._marked(DRAWN)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """
        Both at once: the two leading mechanisms together as one more rival beside all others, the most probable first.

        `mechanism` (of the pair `first+second`), `title`, `probability`, `low`, `high`, `prior`, `distance` and
        `right` as in `diagnoses`; `of_both` is the mean probability that virtual mothers with both get of each. No
        rows where nothing was simulated together.
        """
        return self._marked(PAIRS)

    def _marked(self, file: str) -> pd.DataFrame:
        table = self._table(file)
        table.attrs["note"] = NO_DEVICE
        return table

    def in_words(self) -> str:
        """The answer in a sentence."""
        manifest = self.manifest
        rows = self.diagnoses.set_index("mechanism")
        first, second = manifest["leaders"]
        shares = [f"{rows.loc[name, 'title']} {rows.loc[name, 'probability']:.0%}" for name in (first, second)]
        if manifest["answer"] == "none of these":
            return "None of these: the record lies outside 99.5 % of the virtual mothers of every mechanism."
        if manifest["answer"] == "cannot tell":
            return f"Cannot tell {rows.loc[first, 'title']} from {rows.loc[second, 'title']} ({', '.join(shares)})."
        return f"Most probable: {shares[0]}; next {shares[1]}."

    def pair_in_words(self) -> str:
        """Whether both of the two leading mechanisms are at work, in a sentence or two; empty where nobody asked."""
        pair = self.manifest.get("pair")
        if not pair:
            return ""
        if "why_not" in pair:
            return f"Both at once: not simulated, {pair['why_not']}."
        rows = self.pairs.set_index("mechanism")
        names = [pair["mechanism"], *pair["of"]]
        titles, shares = ([rows.loc[name, of] for name in names] for of in ("title", "probability"))
        better = titles[1 if shares[1] >= shares[2] else 2]
        answer = {
            "both": f"{titles[0]} at once are more probable than either alone",
            "one": f"{titles[0]} at once are less probable than {better} alone",
        }.get(pair.get("answer"), f"cannot tell {titles[0]} at once from {better} alone")
        found = f"both {shares[0]:.0%}, {titles[1]} alone {shares[1]:.0%}, {titles[2]} alone {shares[2]:.0%}"
        within = (
            " The record lies outside of every mechanism alone, and within both at once." if pair.get("within") else ""
        )
        return f"{answer[0].upper()}{answer[1:]} ({found}).{within}"

    def _repr_html_(self) -> str:
        """For notebooks: the mechanisms and their probabilities."""
        from lactflow.analysis.notebook import as_html

        facts: dict[str, Any] = {"status": self.status}
        if not (self.path / DIAGNOSES).exists():
            return as_html(self.path.name, facts, note="It has no result.")
        table = self.diagnoses[["title", "probability", "low", "high"]]
        return as_html(self.path.name, facts | {"answer": self.in_words()}, table, NO_DEVICE)


def open_diagnosis(path: str | Path) -> Diagnosis:
    """
    Open a folder that `lactflow diagnose` has made.

    Raises
    ------
    ArchiveError
        If this is none.
    DamagedRunError
        If its manifest is not what was written.
    """
    return Diagnosis(path)
