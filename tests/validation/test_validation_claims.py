"""Claims and targets: every one has its criterion, its adversary or reason, and the verdicts are what the lists say."""

import json
import re
import signal
from math import isnan
from pathlib import Path
from statistics import NormalDist

import pandas as pd
import pytest
from click.testing import CliRunner

import lactflow
from lactflow.cli import main
from lactflow.config.drugs.files import drug_of, shipped_drugs
from lactflow.errors import InterruptedRunError
from lactflow.gland.mechanism import MECHANISMS
from lactflow.recording.folder import VALIDATION, read_folder
from lactflow.validation import gaps, judge
from lactflow.validation.claim import (
    Adversary,
    Claim,
    Finding,
    at_least,
    at_most,
    between,
    finding_of,
    ratio,
    seen_to_hold,
)
from lactflow.validation.claims_infant_drugs import LIBRARY
from lactflow.validation.gaps import KNOWN_GAPS, NOT_JUDGED
from lactflow.validation.judge import ALL_OBSERVABLES as OBSERVABLES
from lactflow.validation.judge import CLAIMS, Result
from lactflow.validation.runs import RUNS
from lactflow.validation.simulated import REFERENCE, merged, simulated
from lactflow.validation.spreads import FACTOR, MEASURES, WOMEN, Spread, interval_of_sd, printed_sd, women
from lactflow.validation.targets import load_targets

TARGETS = {target.id: target for target in load_targets()}


def test_claims_are_complete():
    """C01 to C26 and those after them, and those of drugs and immune proteins, each once and in order."""
    ids = [claim.id for claim in CLAIMS]
    assert [each for each in ids if each.startswith("C")][:26] == [f"C{number:02d}" for number in range(1, 27)]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"[AC]\d\d", each) for each in ids)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_says_what_it_requires_and_what_its_adversary_removes(claim):
    """A criterion with a number or an order in it, and an adversary that changes every run."""
    assert claim.text
    assert re.search(r"\d", claim.required)
    assert claim.without
    assert claim.adversaries
    for adversary in claim.adversaries:
        adverse = claim.under(adversary)
        assert adversary.without
        assert set(adverse) == set(claim.runs)
        changed = any(adverse[name] != merged(config) for name, config in claim.runs.items())
        assert changed or adversary.judge is not None
        for config in adverse.values():
            assert set(config.get("knock_outs", [])) <= set(MECHANISMS)


def test_every_adversary_must_fail_in_the_parts_that_it_names():
    """One that removes a part leaves the others; a part that still holds is found; nothing to judge is a failure."""
    adversary = Adversary({}, "something", (2, 3))
    assert adversary.failed(finding_of("", True, False, False))
    assert not adversary.failed(finding_of("", True, True, False))
    assert adversary.failed(Finding("nothing to judge", holds=False))
    assert Adversary({}, "everything").failed(finding_of("", True, False))
    assert not Adversary({}, "everything").failed(finding_of("", True, True))


def test_a_claim_with_several_adversaries_names_each(monkeypatch):
    """It is met when all fail; the one under which it holds is named."""

    def by_days(runs):
        days = runs["one"]
        return finding_of(f"{days} days", days == 3, days != 2)

    def judged(*further):
        claim = Claim("C99", "It lasts", "3 days", {"one": {"days": 3}}, by_days, {"days": 4}, "its length", further)
        played = {judge.key_of(config): config["days"] for config in ({"days": n} for n in (2, 3, 4))}
        return judge._judge_claim(claim, played)

    met = judged(Adversary({"days": 2}, "two things", (1, 2)))
    assert (met.verdict, met.found) == ("met", "3 days")
    assert met.reason == "without its length: 4 days; without two things: 2 days"
    missed = judged(Adversary({"days": 4}, "the second part", (2,)))
    assert missed.verdict == "not met"
    assert missed.reason.endswith("without the second part: 4 days (of parts (2,), some still hold)")


def test_every_target_is_judged_or_has_a_reason():
    """No target is left out in silence, and none is both judged and excused."""
    assert set(OBSERVABLES) | set(NOT_JUDGED) == set(TARGETS)
    assert not set(OBSERVABLES) & set(NOT_JUDGED)
    claims = {claim.id for claim in (*CLAIMS, *judge.ON_REQUEST)}
    assert set(KNOWN_GAPS) <= set(OBSERVABLES) | {each + judge.SPREAD for each in MEASURES} | claims
    assert all(TARGETS[each].low is not None for each in OBSERVABLES)


def test_enough_targets_are_judged():
    """Some hundred of two hundred, and none that is an input."""
    assert len(OBSERVABLES) >= 100


def test_the_reference_of_validation_is_the_reference_mother():
    """What claims and targets are played on differs from the default in resolution and record only."""
    assert set(REFERENCE) == {"format", "gland", "resolution", "record"}
    assert REFERENCE["gland"] == {"lobes_per_breast": 3}


def test_merging_lays_mappings_over_one_another():
    """Keys of both stay, lists are replaced, arguments are left alone."""
    one = {"gland": {"a": 1, "b": [1, 2]}, "days": 3}
    assert merged(one, {"gland": {"b": [3]}}) == {"gland": {"a": 1, "b": [3]}, "days": 3}
    assert one["gland"]["b"] == [1, 2]


def result(verdict, known_gap=None):
    """One judged target."""
    return Result("T00-000", "target", "check", "", "", "", verdict, None, known_gap, "")


@pytest.mark.parametrize(
    ("verdict", "known_gap", "expected"),
    [
        ("met", None, True),
        ("not met", None, False),
        ("not met", "reason", True),
        ("met", "reason", False),
        ("not judged", None, True),
    ],
)
def test_a_new_miss_and_a_closed_gap_are_unexpected(verdict, known_gap, expected):
    """Both ways of differing from the list count."""
    assert result(verdict, known_gap).expected is expected


def invoke(*args):
    """Call the command line."""
    return CliRunner().invoke(main, ["validate", *args])


def test_one_claim_from_the_command_line(tmp_path):
    """JSON as the contract has it, a Parquet file, exit code 0."""
    told = invoke("C04", "--json", "--workers", "1", "--out", str(tmp_path))
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    (row,) = answer["results"]
    assert {"id", "kind", "use", "required", "found", "verdict", "reason", "known_gap", "source"} <= set(row)
    assert (row["id"], row["kind"], row["verdict"]) == ("C04", "claim", "met")
    assert row["reason"].startswith("without ")
    stored = pd.read_parquet(answer["file"])
    assert stored["id"].tolist() == ["C04"]
    manifest, status = read_folder(Path(answer["file"]).parent, VALIDATION)
    assert status == "complete"
    assert manifest["command"][0] == "lactflow"
    assert manifest["versions"]["lactflow"] == lactflow.__version__
    assert manifest["items"] == len(judge.judgeable_ids()) > 150
    numbers = pd.read_parquet(Path(answer["file"]).with_name("observed.parquet"))
    assert [*numbers] == ["id", "without", "what", "value", "low", "high"]
    without = [None if pd.isna(each) else each for each in numbers["without"]]
    assert without == [None] * 2 + ["delivery of the placenta"] * 2
    assert (numbers["value"] <= numbers["high"]).tolist() == [True, True, False, False]
    assert row["observed"][0]["what"] == "progesterone after a day [of term]"


def test_numbers_decide_a_claim():
    """All of them must hold, and what is required besides; what is no number holds nothing."""
    few, many, both = at_most("few", 3.0, 4.0), at_least("many", 9.0, 8.0), between("both", 5.0, 5.0, 6.0)
    assert seen_to_hold("all", few, many, both).holds
    assert not seen_to_hold("all", few, many, both, besides=False).holds
    assert not seen_to_hold("one fails", few, at_least("many", 7.9, 8.0)).holds
    assert seen_to_hold("all", few, many).seen == (few, many)
    assert not between("none", float("nan"), 1.0, 2.0).holds
    assert not at_most("never", float("inf"), 48.0).holds
    assert (ratio(3.0, 2.0), ratio(3.0, 0.0)) == (1.5, float("inf"))
    assert isnan(ratio(0.0, 0.0))
    assert isnan(ratio(3.0, float("nan")))


def test_a_validation_that_is_stopped_says_so(tmp_path, monkeypatch):
    """Its folder has the reason, and no results."""

    def stopped(*_args):
        raise InterruptedRunError(signal.SIGTERM)

    monkeypatch.setattr(judge, "judge", stopped)
    told = CliRunner().invoke(main, ["validate", "C04", "--out", str(tmp_path)])
    assert told.exit_code == 143
    (folder,) = tmp_path.iterdir()
    manifest, status = read_folder(folder, VALIDATION)
    assert (status, manifest["error"]) == ("interrupted", "stopped by signal 15")
    assert not (folder / "results.parquet").exists()


def test_a_miss_that_is_not_known_ends_with_1(tmp_path, monkeypatch):
    """A claim whose criterion cannot be met."""
    claim = next(claim for claim in CLAIMS if claim.id == "C04")
    changed = type(claim)(**{**claim.__dict__, "judge": lambda _runs: judge.Finding("nothing", holds=False)})
    monkeypatch.setattr(judge, "CLAIMS", (changed,))
    told = invoke("C04", "--workers", "1", "--out", str(tmp_path))
    assert told.exit_code == 1
    assert "C04: not met, and no known gap" in told.stdout


def test_a_claim_that_holds_without_its_mechanism_is_not_met(tmp_path, monkeypatch):
    """The adversary must fail."""
    claim = next(claim for claim in CLAIMS if claim.id == "C04")
    changed = type(claim)(**{**claim.__dict__, "judge": lambda _runs: judge.Finding("everything", holds=True)})
    monkeypatch.setattr(judge, "CLAIMS", (changed,))
    told = invoke("C04", "--workers", "1", "--out", str(tmp_path))
    assert told.exit_code == 1
    assert "still holds" in told.stdout


def test_an_unknown_id_is_told_with_the_nearest(tmp_path):
    """Exit code 2, one line for each, nothing written."""
    told = invoke("C4", "T02-0170", "--out", str(tmp_path))
    assert told.exit_code == 2
    assert len(told.stderr.splitlines()) == 2
    assert "nearest: T02-017" in told.stderr
    assert not list(tmp_path.iterdir())


def test_the_balance_of_drugs_is_of_every_shipped_drug_in_milk():
    """A14 is over the library: a file that gets into milk is in its run."""
    passing = {name for name in shipped_drugs() if drug_of(name).passage is not None}
    assert {each["drug"] for each in LIBRARY} == passing
    assert len(LIBRARY) == len(passing)


def test_runs_of_targets_are_valid():
    """Every configuration that targets are read from loads; the shortest one plays."""
    for config in RUNS.values():
        simulated(merged(config, {"days": 0.05}))


def test_known_gaps_name_a_mechanism():
    """A sentence each, not a shrug."""
    assert all(len(reason) > 30 for reason in gaps.KNOWN_GAPS.values())


# -- spreads between women --------------------------------------------------------------------------------


def test_every_spread_is_of_a_target_with_a_band():
    """An SD, or a range with the number of women behind it."""
    for name, (_, count) in MEASURES.items():
        assert printed_sd(TARGETS[name], count) > 0.0


def test_a_printed_range_is_made_an_sd():
    """71 women from 4 to 13 a day: the largest of so many lies 2.375 SD above the mean; an SD stays one."""
    assert printed_sd(TARGETS["T02-030"], 71) == pytest.approx(4.5 / 2.375, rel=1e-4)
    assert printed_sd(TARGETS["T02-015"]) == pytest.approx(3.0, rel=1e-9)


def test_women_are_those_of_a_cohort():
    """As many, each with traits and random numbers of her own; fewer are the first of them."""
    assert len(women()) == WOMEN
    assert women(count=3) == {name: women()[name] for name in ("woman 0", "woman 1", "woman 2")}
    capacities = {config["gland"]["lumen"]["capacity_ml"] for config in women().values()}
    assert len(capacities) == len({config["seed"] for config in women().values()}) == WOMEN


def test_claims_share_the_women_of_the_spreads():
    """What a claim asks of a cohort are the same runs, which are simulated once; its adversaries do not touch them."""
    (newborns,) = [claim for claim in CLAIMS if claim.id == "C31"]
    shared = women()
    assert len(newborns.women) == 100
    assert all(shared[name] == config for name, config in newborns.women.items())
    assert not set(newborns.runs) & set(newborns.women)
    assert set(newborns.under(newborns.adversaries[0])) == set(newborns.runs)


def test_mothers_of_preterm_infants_differ_in_activation():
    """A hundred; under the adversary they have the same time constants of it, and differ in all else."""
    (claim,) = [claim for claim in CLAIMS if claim.id == "C33"]
    adverse = claim.under(claim.adversaries[0])
    assert len(claim.runs) == 100

    def numbers(runs, group, name):
        return {config["gland"][group][name] for config in runs.values()}

    for group, name, mean in (
        ("genes", "mrna_h", 30),
        ("genes", "maturity_days", 12),
        ("tight_junctions", "lag_h", 72),
    ):
        assert len(numbers(claim.runs, group, name)) > 90  # a few are held at the bounds of a quantity
        assert numbers(adverse, group, name) == {mean}
    assert len(numbers(adverse, "protein_line", "translation_ml_per_h")) == 100


def test_a_spread_is_met_within_the_factor():
    """Either way, its ends among it."""
    assert Spread(10.0, 50.0, 10.0 * FACTOR).met
    assert Spread(10.0, 50.0, 10.0 / FACTOR).met
    assert not Spread(10.0, 50.0, 10.1 * FACTOR).met
    assert not Spread(10.0, 50.0, 9.9 / FACTOR).met


def test_an_edge_within_the_interval_is_said():
    """Only then; the interval stands beside the SD."""
    near = Spread(10.0, 50.0, 14.0, (12.9, 15.2))
    assert near.met
    assert near.found == "SD 14 (12.9 to 15.2; mean 50)"
    assert near.doubt == "the edge 15 lies within the interval: other women might have given the other verdict"
    assert Spread(10.0, 50.0, 10.0, (9.0, 11.0)).doubt is None
    assert Spread(10.0, 50.0, 14.0).doubt is None


def test_the_interval_of_an_sd_is_that_of_normal_values():
    """Of 200 normal values about SD / sqrt(2 n) to both sides, as chi-square has it; the same every time."""
    values = [NormalDist(50.0, 10.0).inv_cdf((number + 0.5) / 200.0) for number in range(200)]
    low, high = interval_of_sd(values)
    assert (low, high) == interval_of_sd(values)
    assert low == pytest.approx(10.0 * (1.0 - 1.96 / 20.0), rel=0.03)
    assert high == pytest.approx(10.0 * (1.0 + 1.96 / 20.0), rel=0.03)
    assert interval_of_sd([5.0, 5.0, 5.0]) == (0.0, 0.0)


def test_what_cannot_be_measured_is_called_none():
    """Not `nan`, which is no word; other words that hold these letters stay."""
    words = "peak nan h, within nan% of nanograms"
    for finding in (finding_of(words, True), seen_to_hold(words)):
        assert finding.found == "peak none h, within none% of nanograms"
