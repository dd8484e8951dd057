"""What `diagnosis.py` found, as the last section of `docs/background/criteria-diagnosis.md`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = Path(__file__).parents[1] / "docs" / "background" / "criteria-diagnosis.md"
BEGIN, END = "<!-- found:begin -->\n", "<!-- found:end -->"
WHOLE = "clinic set and one pumping"
KNOWN = "pumped volume a tenth"
"""Damage of which the criteria say that it is not seen."""


def put(result: Mapping[str, Any]) -> None:
    """
    Write what was found below the criteria.

    Parameters
    ----------
    result
        As `diagnosis.py` writes it.
    """
    head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    found = "\n".join([_about(result), "", *_judged(result), "", *_more(result)])
    PAGE.write_text(f"{head}{BEGIN}\n{found}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


def _about(result: Mapping[str, Any]) -> str:
    where = f"commit {result['commit']}, {result['date']}"
    return (
        f"`benchmarks/diagnosis.py` at {where}: {result['teaching']} virtual mothers of each mechanism taught,\n"
        f"{result['unseen']:,} others were judged; the whole result is in `benchmarks/diagnosis.json`."
    )


def _judged(result: Mapping[str, Any]) -> list[str]:
    """The table of criteria."""
    rows = [*_recognised(result), *_said(result)]
    lines = [f"| {number} | {what} | {'met' if holds else '**missed**'} |" for number, what, holds in rows]
    return ["| criterion | found | |", "|---|---|---|", *lines]


def _recognised(result: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    whole, sharp = result["sets"][WHOLE], result["sharpened"]
    mean, error, bins = (
        whole[key] for key in ("mean_posterior_of_truth", "expected_calibration_error", "bins_outside")
    )
    low = [f"{_words(name)} {value:.2f}" for name, value in whole["by_mechanism"].items() if value < 0.35]
    sharpened = f"{sharp['expected_calibration_error']:.3f} and {sharp['bins_outside']}"
    return [
        ("1, A16", f"mean posterior of the truth {mean:.3f}", mean >= 0.6),
        ("1", f"below 0.35: {', '.join(low) or 'none'}", not low),
        (
            "2, A18",
            f"expected calibration error {error:.3f}, {bins} bins outside chance; sharpened {sharpened}",
            error <= 0.05 and bins == 0,
        ),
        ("3, A16", f"labels permuted: {result['permuted']:.3f}", abs(result["permuted"] - 0.125) <= 0.02),
    ]


def _said(result: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    mild, severe = (result["cannot_tell"][name] for name in ("mild", "severe"))
    none, ranks = result["none_of_these"], result["next"]
    damaged = {name: share for name, share in none.items() if name not in ("nothing", KNOWN)}
    worst = min(damaged, key=lambda name: damaged[name])
    left, weight, taken = (
        result["small_gland_or_weak_transfer"][name] for name in ("left_ml", "weight_kg", "taken_ml")
    )
    pairs = result["small_gland_or_weak_transfer"]["pairs"]
    return [
        (
            "4, A17",
            (
                f'"cannot tell" of {mild:.1%} of mild weak transfers (sharpened '
                f"{result['sharpened']['cannot_tell_of_mild']:.1%}) and {severe:.1%} of severe ones"
            ),
            mild >= 0.8 and severe <= 0.1,
        ),
        (
            "5",
            (
                f'"none of these" of {none["nothing"]:.1%} of ordinary records; of damaged ones least of {worst}, '
                f"{damaged[worst]:.1%}; {KNOWN} of what it was: {none[KNOWN]:.1%}"
            ),
            none["nothing"] <= 0.02 and damaged[worst] >= 0.8,
        ),
        (
            "7",
            f"rank correlation {ranks['rank_correlation']:.2f} over {len(ranks['candidates'])} measurements",
            ranks["rank_correlation"] >= 0.8,
        ),
        (
            "A19",
            (
                f"area under the curve of milk left {left:.2f}, of weight {weight:.2f}, of milk taken {taken:.2f}; "
                f"{pairs} pairs"
            ),
            left > 0.9 and weight < 0.7 and taken <= 0.9,
        ),
    ]


def _more(result: Mapping[str, Any]) -> list[str]:
    """What there is beside the criteria: less to observe, and who is taken for whom."""
    sets = ", ".join(f"{name} {found['mean_posterior_of_truth']:.2f}" for name, found in result["sets"].items())
    confusion = result["sets"][WHOLE]["confusion"]
    ordinary = f"{result['cannot_tell_of_ordinary']:.0%} of ordinary mothers"
    rows = [[_words(name), *(f"{value:.2f}" for value in row.values())] for name, row in confusion.items()]
    return [
        f"Mean posterior of the truth by what there is: {sets}. With all of it",
        f'"cannot tell" is said of {ordinary}. Mean probabilities of each mechanism, by the truth:',
        "",
        f"| truth | {' | '.join(map(_words, confusion))} |",
        "|---|" + "---|" * len(confusion),
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _words(name: str) -> str:
    return name.replace("_", " ")
