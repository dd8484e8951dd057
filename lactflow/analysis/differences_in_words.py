"""Paired differences in words: one sentence for each scenario, of the measures that leave out 0 and matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from lactflow.analysis.digits import number
from lactflow.analysis.drug_names import DRUG_MEASURES, drug_in_words, of_drug, split, with_metabolites
from lactflow.analysis.in_words import measure
from lactflow.analysis.paired import excludes_zero

if TYPE_CHECKING:
    import pandas as pd

_LEAST_SHARE = 0.01
"""Of the baseline's mean: a difference below it is stated as small, however sure it is."""
_ROUND_OFF = 1e-9
_MOST = 5
"""Differences in a sentence."""


class _Phrase(NamedTuple):
    """How a difference is said: `{amount} {word}` stand for `22 mL/day less`; `factor` leads to `unit`."""

    text: str
    unit: str
    below: str = "less"
    above: str = "more"
    factor: float = 1.0


_PHRASES = {
    "removed_ml_per_day": _Phrase("{amount} {word} milk removed", "mL/day"),
    "intake_ml_per_day": _Phrase("{amount} {word} taken by the infant", "mL/day"),
    "sessions_per_day": _Phrase("{amount} {word} sessions a day", "", "fewer"),
    "hours_above_80_percent_full_per_day": _Phrase(
        "{amount} {word} more than 80 % full", "h a day", "shorter", "longer"
    ),
    "fullness": _Phrase("fullness {amount} {word}", "percentage points", "lower", "higher", 100.0),
    "infant_weight_kg": _Phrase("infant {amount} {word}", "g", "lighter", "heavier", 1000.0),
    "fat_g_per_l": _Phrase("fat {amount} {word}", "g/L", "lower", "higher"),
    "onset_h": _Phrase("copious milk {amount} {word}", "h", "earlier", "later"),
    "active_cells_fraction": _Phrase("active cells {amount} {word}", "percentage points", "lower", "higher", 100.0),
    "let_downs_per_feed": _Phrase("{amount} {word} let-downs a feed", "", "fewer"),
    "emptied_fraction": _Phrase(
        "share emptied in a session {amount} {word}", "percentage points", "lower", "higher", 100.0
    ),
    "sodium_mmol_per_l": _Phrase("sodium {amount} {word}", "mmol/L", "lower", "higher"),
    "rid_percent": _Phrase("relative infant dose{of} {amount} {word}", "percentage points", "lower", "higher"),
}
"""
Measures that sentences have, the first of them always; sides and totals beside them are in the tables. Those of several
drugs are each said of its own, `{of}` stands for ` of caffeine`. Of a drug with metabolites in milk it is that of both.
"""
_FIRST, _INTAKE = list(_PHRASES)[:2]
_ORDER = list(_PHRASES)


def sentences(differences: pd.DataFrame) -> dict[str, str]:
    """
    How each scenario differs from the baseline, in one sentence.

    A difference is stated where its interval leaves out 0 and it is 1 % of the baseline or more; the others are listed
    as small, or as not distinguishable. Milk removed always comes first.

    Parameters
    ----------
    differences
        As `lactflow.analysis.paired.differences` gives them.

    Returns
    -------
    Sentences without the name of the scenario, by that name; none for a scenario without any pair.
    """
    said = [name for name in differences["measure"].unique() if split(str(name))[0] in _PHRASES]
    known = differences[differences["difference"].notna() & differences["measure"].isin(said)]
    found = {}
    for name, rows in known.groupby("scenario", sort=False, observed=True):
        by_measure = {str(row["measure"]): row for row in rows.to_dict("records")}
        ordered = {each: by_measure[each] for each in sorted(by_measure, key=_place) if not _in_sum(each, by_measure)}
        if {_FIRST, _INTAKE} <= set(ordered) and _alike(ordered[_FIRST], ordered[_INTAKE]):
            del ordered[_INTAKE]
        found[str(name)] = _sentence(ordered)
    return found


def _sentence(rows: Mapping[str, Mapping[Any, Any]]) -> str:
    """Of one scenario."""
    if not any(isfinite(row["low"]) for row in rows.values()):
        name, row = next(iter(rows.items()))
        return f"{_difference(name, row)} in the only pair; an interval takes two."
    sure = [name for name, row in rows.items() if excludes_zero(row)]
    large = [name for name in sure if _matters(rows[name])]
    small = [name for name in sure if name not in large]
    open_ = [name for name, row in rows.items() if isfinite(row["low"]) and name not in sure and not _constant(row)]
    parts = [f"{_difference(name, rows[name])}{_interval(name, rows[name])}" for name in large[:_MOST]]
    if len(large) > _MOST:
        parts.append(f"also different: {_listed(large[_MOST:])}")
    if small:
        parts.append(f"less than 1 % different: {_listed(small)}")
    if open_:
        first = f" ({_span(_FIRST, rows[_FIRST])})" if open_[0] == _FIRST else ""
        labels = [f"{measure(name).label}{first if name == _FIRST else ''}" for name in open_]
        parts.append(f"not distinguishable: {', '.join(labels)}")
    return ("; ".join(parts) or "no difference in any pair") + "."


def _in_sum(name: str, rows: Collection[str]) -> bool:
    """Whether a measure is of a drug alone, and the same is known of it together with what the body makes of it."""
    measured, drug = split(name)
    if drug:
        return of_drug(measured, with_metabolites(drug)) in rows
    return measured in DRUG_MEASURES and any(name != each and split(each)[0] == measured for each in rows)


def _place(name: str) -> tuple[int, str]:
    """Where a measure stands in a sentence."""
    measured, drug = split(name)
    return _ORDER.index(measured), drug


def _phrase(name: str) -> _Phrase:
    return _PHRASES[split(name)[0]]


def _alike(removed: Mapping[Any, Any], intake: Mapping[Any, Any]) -> bool:
    """Whether all that was removed went to the infant, so that one of the two says it all."""
    ends = ("difference", "low", "high")
    return all(_amount(_FIRST, removed[end]) == _amount(_INTAKE, intake[end]) for end in ends)


def _matters(row: Mapping[Any, Any]) -> bool:
    return bool(abs(row["difference"]) >= _LEAST_SHARE * abs(row["baseline_mean"]))


def _constant(row: Mapping[Any, Any]) -> bool:
    """Whether it is the same in every pair: nothing is left to distinguish."""
    return bool(row["low"] == row["high"] == 0.0)


def _listed(names: list[str]) -> str:
    return ", ".join(measure(name).label for name in names)


def _amount(name: str, value: float) -> str:
    """Two digits that count, without the sign; a whole number has none after the point: `0.92`, `135`, `4`."""
    size = abs(value) * _phrase(name).factor
    if abs(size - round(size)) < _ROUND_OFF:
        return f"{size:,.0f}"
    return number(float(f"{size:.2g}") if size < 100.0 else size, 2)


def _word(name: str, value: float) -> str:
    return _phrase(name).above if value > 0.0 else _phrase(name).below


def _difference(name: str, row: Mapping[Any, Any]) -> str:
    """`22.4 mL/day less milk removed`."""
    phrase, value, drug = _phrase(name), row["difference"], split(name)[1]
    amount = f"{_amount(name, value)} {phrase.unit}".rstrip()
    text = phrase.text.replace("sessions", "session").replace("let-downs", "let-down") if amount == "1" else phrase.text
    return text.format(amount=amount, word=_word(name, value), of=f" of {drug_in_words(drug)}" if drug else "")


def _interval(name: str, row: Mapping[Any, Any]) -> str:
    """` (16 to 27 less)`, the end nearer to 0 first; nothing where all pairs agree."""
    near, far = sorted((row["low"], row["high"]), key=abs)
    ends = _amount(name, near), _amount(name, far)
    return f" ({ends[0]} to {ends[1]} {_word(name, near)})" if ends[0] != ends[1] else ""


def _span(name: str, row: Mapping[Any, Any]) -> str:
    """`8 mL/day less to 5 more`: an interval with 0 in it."""
    phrase, low, high = _phrase(name), row["low"], row["high"]
    unit = f" {phrase.unit}" if phrase.unit else ""
    return f"{_amount(name, low)}{unit} {phrase.below} to {_amount(name, high)} {phrase.above}"
