"""What `lactflow validate` finds: the page of its results, and the few numbers of it that the README shows."""

from __future__ import annotations

import json
import re
import tempfile
from functools import cache

from calls import call, cells

LINE_BREAK = "\n"
ABOUT = {"secretion": "milk and its secretion", "exposure": "drugs, immune proteins and sugars in milk"}


@cache
def validation_results():
    """All of `lactflow validate`, which must end with exit code 0; it takes minutes."""
    with tempfile.TemporaryDirectory() as folder:
        return json.loads(call("validate", "--json", "--out", folder))["results"]


def met_of(results, **about):
    """How many results of a kind or use are met, and how many are judged."""
    of = [each for each in results if all(each[name] == value for name, value in about.items())]
    judged = [each for each in of if each["verdict"] != "not judged"]
    return sum(each["verdict"] == "met" for each in judged), len(judged)


def validation_part():
    """What `lactflow validate` finds: claims, shares of targets met, spreads, known gaps, what is not judged."""
    results = validation_results()
    claims = [each for each in results if each["kind"] == "claim"]
    hold = sum(each["verdict"] == "met" for each in claims)
    share_rows = []
    for about, words in ABOUT.items():
        shares = [met_of(results, kind="target", use=use, about=about) for use in ("calibration", "check")]
        share_rows.append(cells(words, *(f"{met} of {judged} ({met / judged:.0%})" for met, judged in shares)))
    fresh = [
        each
        for each in results
        if each["kind"] == "target"
        and each["use"] == "check"
        and each["verdict"] != "not judged"
        and not each["parameters_cite"]
    ]
    fresh_met = sum(each["verdict"] == "met" for each in fresh)
    counts = {tests: met_of(results, kind="target", tests=tests) for tests in ("gland", "input", "fitted")}
    of_each = [f"{met} of {judged} `{tests}`" for tests, (met, judged) in counts.items() if judged]
    what = f" By what they test: {', '.join(of_each)}." if of_each else ""
    claim_rows = [cells(each["id"], each["title"], each["found"], each["reason"]) for each in claims]
    missed = [each for each in results if each["kind"] == "target" and each["verdict"] == "not met"]
    missed_rows = [
        cells(each["id"], f"{each['title']} ({each['use']})", each["required"], each["found"], each["known_gap"])
        for each in missed
    ]
    share = "{} of {}".format(*met_of(results, kind="spread"))
    spread_rows = [
        cells(
            each["id"].removesuffix("-spread"),
            each["title"].removeprefix("spread between women: "),
            each["required"],
            each["found"],
            each["known_gap"] or "",
        )
        for each in results
        if each["kind"] == "spread"
    ]
    unjudged = sum(each["verdict"] == "not judged" for each in results)
    return f"""
## Claims

{hold} of {len(claims)} claims about milk secretion hold, by criteria that were fixed beforehand, and fail when their
mechanism is taken away.

Four more, A16 to A19, are about what `lactflow diagnose` recognises; they are judged on request, and
[Criteria of diagnoses](criteria-diagnosis.md) has what was found.

{cells("id", "claim", "found", "and without its mechanism")}
|---|---|---|---|
{LINE_BREAK.join(claim_rows)}

## Published measurements

A target is met when the model's value lies within the published mean ± SD, or the published range:

{cells("targets that are met, about", "calibration", "check")}
|---|---|---|
{LINE_BREAK.join(share_rows)}

The two sets were split by a hash of the source before tuning, and tuning used the former; a target that a change was
made for is a calibration target since, with its whole paper. But parameters were taken from the literature before
that, and some from papers of the check set; of the {len(fresh)} check targets from papers that no parameter rests on,
{fresh_met} are met.{what}

Not met, with the mechanism at fault:

{cells("id", "measured", "required", "found", "why")}
|---|---|---|---|---|
{LINE_BREAK.join(missed_rows)}

## Spreads between women

Two hundred women of a virtual cohort, from birth on, differ by as much as those of the papers, within a factor of 1.5,
in {share} published spreads. The interval beside an SD is its 95 % interval; where a limit lies within it, another
sample of women might have given the other verdict.

{cells("id", "measured", "required", "found", "why not")}
|---|---|---|---|---|
{LINE_BREAK.join(spread_rows)}

## Not judged

{unjudged} more targets are listed by `lactflow validate --all` and not judged: inputs of the model, and measurements
for which it has no observable.

"""


def _shares(page, words):
    """Met and judged of calibration, then of check, from the row of the page that begins with these words."""
    row = re.search(rf"\| {re.escape(words)} \| (\d+) of (\d+) .*?\| (\d+) of (\d+) ", page)
    return row.groups()


def believed_part(page):
    """The shares that the page of results reports, as the README shows them; `page` is its generated part."""
    hold, claims = re.search(r"(\d+) of (\d+) claims", page).groups()
    shares = {about: _shares(page, words) for about, words in ABOUT.items()}
    fresh, fresh_met = re.search(r"of the (\d+) check\s+targets .*?,\s+(\d+) are met", page, flags=re.DOTALL).groups()
    spreads = re.search(r"in\s+(\d+) of (\d+) published spreads", page).groups()
    rows = [
        cells("tested against", "met", "of"),
        "|---|---|---|",
        cells("claims about milk secretion, each with and without its mechanism", hold, claims),
        cells("published measurements of milk that quantities were set by (calibration)", *shares["secretion"][:2]),
        cells("published measurements of milk kept for checking (check)", *shares["secretion"][2:]),
        cells("published measurements of drugs and proteins in milk (calibration)", *shares["exposure"][:2]),
        cells("published measurements of drugs and proteins in milk (check)", *shares["exposure"][2:]),
        cells("of both kinds of check, from papers that no quantity rests on", fresh_met, fresh),
        cells("published spreads between women", *spreads),
    ]
    return "\n".join(["", *rows, "", ""])
