"""The page of a diagnosis: which mechanisms fit a record, how sure that is, what would decide, what it cannot know."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from lactflow.analysis.citations import references_of_configs
from lactflow.analysis.drawing.diagnosis import in_words, per_cent
from lactflow.config.scenario import load_scenario
from lactflow.config.text import counted
from lactflow.diagnosis.diagnosis import (
    CONFIG,
    CONFUSION,
    DIAGNOSES,
    DRAWN,
    NEXT,
    NO_DEVICE,
    OBSERVATIONS,
    PAIRS,
)
from lactflow.diagnosis.finding import CANNOT_TELL, NONE_OF_THESE
from lactflow.diagnosis.limits import LIMITS
from lactflow.diagnosis.together import side_by_side
from lactflow.errors import ArchiveError, LactflowError
from lactflow.report import provenance
from lactflow.report.blocks import Block, Facts, Note, Page, Tile
from lactflow.report.diagnosis_pictures import (
    both_table,
    contributions_picture,
    courses_pictures,
    leaders_table,
    matrix_table,
    meanings_table,
    next_table,
    observations_table,
    probabilities_picture,
)
from lactflow.report.stored import checked

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.citations import Reference
    from lactflow.diagnosis.diagnosis import Diagnosis

_MOST_LINES = 30
_PROBABILITY = ("mechanism", "title", "probability", "low", "high", "prior", "distance", "right")
_OBSERVATION = (
    *("observation", "kind", "time_min", "value", "unit", "limit", "log_odds", "gone"),
    *("leader_low", "leader_median", "leader_high"),
)
_NEEDED = {
    DIAGNOSES: _PROBABILITY,
    OBSERVATIONS: _OBSERVATION,
    CONFUSION: ("truth", "mechanism", "probability"),
    NEXT: ("measurement", "effort", "fall_nats", "helps"),
    DRAWN: ("mechanism", "what", "day", "low", "median", "high"),
    PAIRS: ("mechanism", "title", "probability", "low", "high", "prior", "right", "of_both"),
}
_MEANINGS = {
    CANNOT_TELL: "What is most probable is less than four times as probable as what comes next: the record does not "
    "decide between the two. What could is below, under What to measure next.",
    NONE_OF_THESE: "The record is unlike nearly all virtual mothers, whatever their mechanism. Look for a slip in it "
    "first: a unit, a breast, a date. The probabilities below only say which mechanism is the least unlike.",
}


def diagnosis_page(diagnosis: Diagnosis) -> Page:
    """
    Which mechanisms fit a record, as a page.

    Parameters
    ----------
    diagnosis
        Opened; where it was cut short, the page says so.
    """
    found = Shown(diagnosis)
    makers = [
        ("mechanisms", "Which mechanisms fit", found.mechanisms),
        *([("both", "Both at once?", found.both)] if found.pair else []),
        ("courses", "Her course in each mechanism", found.courses),
        ("observations", "What each observation contributes", found.observations),
        ("next", "What to measure next", found.next),
        ("right", "How often such a record is recognised", found.right),
    ]
    there = (diagnosis.path / DIAGNOSES).exists()
    always = [("assumed", "Assumed and not used", found.assumed), ("limits", "What it cannot know", limits)]
    return Page(
        kind="diagnosis",
        title="Which mechanism fits the record",
        subtitle=f"{diagnosis.path.resolve().name}{found.size}",
        status=diagnosis.status,
        sections=provenance.sections_with(
            [*(makers if there else []), *always],
            diagnosis.manifest,
            diagnosis.status,
            found.config_text(),
            provenance.citing(diagnosis.manifest, papers=found.papers),
        ),
        tiles=found.tiles() if there else (),
        notes=found.notes(there=there),
        closing=NO_DEVICE,
    )


class Shown:
    """
    A diagnosis, with what several sections need.

    Parameters
    ----------
    diagnosis
        Opened. Nothing in its manifest is relied on.
    """

    def __init__(self, diagnosis: Diagnosis) -> None:
        self._diagnosis, self._about = diagnosis, diagnosis.manifest

    @property
    def size(self) -> str:
        """How many virtual mothers; empty where nobody knows."""
        mothers = self._about.get("mothers")
        return f": {mothers:,} virtual mothers of each mechanism" if isinstance(mothers, int) else ""

    @property
    def pair(self) -> dict[str, Any]:
        """What its manifest has about both at once; empty where there is nothing."""
        pair = self._about.get("pair")
        return pair if isinstance(pair, dict) else {}

    def _checked(self, table: pd.DataFrame, file: str) -> pd.DataFrame:
        return checked(self._diagnosis, table, file, _NEEDED[file])

    @cached_property
    def _diagnoses(self) -> pd.DataFrame:
        found = self._checked(self._diagnosis.diagnoses, DIAGNOSES)
        if len(found) < 2:
            raise ArchiveError(f"{self._diagnosis.path / DIAGNOSES} has fewer than two mechanisms")
        return found

    @cached_property
    def _observations(self) -> pd.DataFrame:
        return self._checked(self._diagnosis.observations, OBSERVATIONS)

    @cached_property
    def _confusion(self) -> pd.DataFrame:
        return self._checked(self._diagnosis.confusion, CONFUSION)

    def config_text(self) -> str | None:
        """What virtual mothers have in common; None where it is not there."""
        try:
            return (self._diagnosis.path / CONFIG).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None

    def papers(self) -> list[Reference]:
        """Behind the numbers that virtual mothers have in common."""
        return references_of_configs([load_scenario(self._diagnosis.path / CONFIG).config])

    def notes(self, *, there: bool) -> list[Note]:
        """
        What readers must see first.

        Parameters
        ----------
        there
            Whether there is a result.
        """
        notes = [Note(NO_DEVICE, "warning"), *provenance.ended(self._diagnosis.status, self._about.get("error"))]
        if not there:
            return [*notes, Note("It has no probabilities: there is nothing to show.", "warning")]
        try:
            answer = f"{self._diagnosis.in_words()} {_MEANINGS.get(str(self._about.get('answer')), '')}".rstrip()
        except (LactflowError, OSError, KeyError, TypeError, ValueError):
            return notes  # the section says what cannot be read
        return [*notes, Note(answer, "warning" if self._about.get("answer") == NONE_OF_THESE else "plain")]

    def tiles(self) -> list[Tile]:
        """The two leaders, and what the answer rests on; none where that cannot be read."""
        try:
            rows, observations = self._diagnoses.to_dict("records"), len(self._observations)
        except (LactflowError, OSError):
            return []
        places = ("most probable", "next")
        tiles = [
            Tile(
                place,
                per_cent(row["probability"]),
                f"{row['title']}, {per_cent(row['low'])} to {per_cent(row['high'])}",
            )
            for place, row in zip(places, rows, strict=False)
        ]
        tiles.append(Tile("mechanisms", f"{len(rows)}", "that rival each other"))
        return [
            *tiles,
            Tile("the record", f"{observations}", "observation" if observations == 1 else "observations"),
        ]

    def mechanisms(self) -> list[Block]:
        """Probabilities with their intervals, and what the mechanisms are."""
        return [probabilities_picture(self._diagnoses), meanings_table(self._diagnoses)]

    def both(self) -> list[Block]:
        """Whether the two leading mechanisms are at work together."""
        pair = self.pair
        if "why_not" in pair:
            return [Note(f"It was not simulated: {provenance.cut(str(pair['why_not']))}.")]
        rows, names = self._checked(self._diagnosis.pairs, PAIRS), [pair.get("mechanism"), *pair.get("of", ())]
        if len(names) != 3 or not {*map(str, names)} <= {*rows["mechanism"]}:
            raise ArchiveError(f"{self._diagnosis.path / PAIRS} has no rows of both mechanisms and of each alone")
        return [Note(self._diagnosis.pair_in_words()), both_table(side_by_side(rows, pair), rows, pair)]

    def courses(self) -> list[Block]:
        """Weight of the infant, and milk where milk was measured, in the virtual mothers of each mechanism."""
        return courses_pictures(self._diagnoses, self._checked(self._diagnosis.courses, DRAWN), self._observations)

    def observations(self) -> list[Block]:
        """What speaks for which of the two leaders."""
        titles = [str(each) for each in self._diagnoses["title"].iloc[:2]]
        return [contributions_picture(self._observations, titles), observations_table(self._observations, titles[0])]

    def next(self) -> list[Block]:
        """Measurements by what they are expected to decide, and those that would hardly help."""
        rows = self._checked(self._diagnosis.next, NEXT)
        useless = [in_words(each) for each in rows.loc[~rows["helps"].astype(bool), "measurement"]]
        helps = rows[rows["helps"].astype(bool)]
        blocks: list[Block] = [next_table(helps, self._diagnoses)] if len(helps) else []
        if not len(helps):
            blocks.append(Note("Nothing that can be simulated would help to decide."))
        if useless:
            blocks.append(Note(f"Would hardly help: {', '.join(useless)}."))
        return blocks

    def right(self) -> list[Block]:
        """What virtual mothers who taught nothing get from these observations."""
        leaders = self._diagnoses.iloc[:2]
        text = " ".join(
            f"Virtual mothers with {row['title']} get {per_cent(row['right'])} for it on average."
            for row in leaders.to_dict("records")
        )
        return [
            Note(f"From such observations: {text} Each of them is judged by what was learned from the others."),
            leaders_table(self._confusion, self._diagnoses),
            matrix_table(self._confusion, self._diagnoses),
        ]

    def assumed(self) -> list[Block]:
        """What was assumed of her, and what of the record was not used."""
        rows = [
            (word, provenance.cut(line))
            for word, key in (("assumed", "assumed"), ("not used", "unused"))
            for line in self._lines(key)
        ]
        return [Facts(rows)] if rows else [Note("Nothing was assumed of her, and all of the record is used.")]

    def _lines(self, key: str) -> list[str]:
        lines = self._about.get(key)
        found = [str(each) for each in lines] if isinstance(lines, list) else []
        left = len(found) - _MOST_LINES
        return found if left <= 0 else [*found[:_MOST_LINES], f"{counted(left, 'more line')} in the manifest"]


def limits() -> list[Block]:
    """What no diagnosis can know."""
    return [Facts([(each.title, each.text) for each in LIMITS])]
