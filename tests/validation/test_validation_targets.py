"""Published targets: the rules on rows made by hand, and the file that comes with lactflow."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from functools import cache
from importlib.resources import files
from itertools import groupby

import pytest

from lactflow.analysis.daily import MEASURES as DAILY
from lactflow.analysis.published_spreads import published_spreads
from lactflow.validation.spreads import MEASURES as SPREADS_OF
from lactflow.validation.targets import SPREADS, TURNED, group_of, load_targets, targets_of, use_of

# Read off the evidence with another program: groups with an sd, sem or range, and those that rest on a
# spread of unnamed kind alone.
NAMED_SPREAD = 170 + 33 + 18
UNNAMED_SPREAD = 39 + 4 + 7
FILES = {"targets.csv": 0, "targets_applications.csv": 1}
"""Of evidence, each with the byte that divides its sources."""
WITHOUT_BAND = {
    "T02-033": "SEM without n",
    "T07-008": "SEM without n",
    "T07-009": "SEM without n",
    "T07-010": "SEM without n",
    "T10-069": "spread without mean",
}


def row(row_id, statistic, value="", *, low="", high="", n="", n_noted="", source="Someone 1999", unit="g"):
    """One row of evidence, as text."""
    return {
        "id": row_id,
        "quantity": "milk",
        "condition": "day 5",
        "statistic": statistic,
        "value": value,
        "low": low,
        "high": high,
        "unit": unit,
        "n": n,
        "n_noted": n_noted,
        "source": source,
    }


def byte_of(target):
    """Of the hash of its source, that divides the file which it is from."""
    return 1 if target.id in ids_of("targets_applications.csv") else 0


@cache
def ids_of(name):
    """Ids of the groups of a file."""
    text = files("lactflow.validation").joinpath(name).read_text(encoding="utf-8")
    return {group_of(row["id"]) for row in csv.DictReader(text.splitlines())}


def test_what_a_target_is_about_is_its_file():
    about = {target.id: target.about for target in load_targets()}
    of_drugs = ids_of("targets_applications.csv")
    assert {name for name, found in about.items() if found == "exposure"} == of_drugs & about.keys()
    assert about["T01-001"] == "secretion"
    assert about["T11-104"] == "exposure"


def target(*rows):
    """The one target that rows make."""
    (only,) = targets_of(rows)
    return only


@pytest.fixture(scope="module")
def shipped():
    """Rows of the shipped files, one after the other."""
    texts = [files("lactflow.validation").joinpath(name).read_text(encoding="utf-8") for name in FILES]
    return [row for text in texts for row in csv.DictReader(text.splitlines())]


# -- the rules --------------------------------------------------------------------------------------------


def test_a_group_is_an_id_without_its_final_letter():
    """One letter goes, and nothing else; a group keeps the place of its first row."""
    assert [group_of(name) for name in ("T01-002a", "T01-002", "T01-002ab", "T1Z")] == [
        "T01-002",
        "T01-002",
        "T01-002a",
        "T1",
    ]
    rows = [
        row("T01-002", "range", low="1", high="2"),
        row("T01-001a", "mean", "5"),
        row("T01-003", "range", low="1", high="2"),
        row("T01-001b", "sd", "1"),
    ]
    assert [made.id for made in targets_of(rows)] == ["T01-002", "T01-001", "T01-003"]


def test_sd_gives_mean_plus_and_minus_sd():
    """The first row tells what was measured; the band reaches one SD to both sides and below zero if need be."""
    made = target(row("T1a", "mean", "10", n="4"), row("T1b", "sd", "12.5", n="4"))
    assert (made.quantity, made.condition, made.unit, made.source) == ("milk", "day 5", "g", "Someone 1999")
    assert (made.centre, made.low, made.high, made.n) == (10, -2.5, 22.5, 4)
    assert (made.spread, made.no_band) == ("sd", None)


def test_sem_is_multiplied_by_root_n():
    """SD = SEM·√n, with the n of the SEM's own row, else with that of the group."""
    assert target(row("T1a", "mean", "10"), row("T1b", "sem", "2", n="9")).high == 16
    assert target(row("T1a", "mean", "10", n="4"), row("T1b", "sem", "2", n="9")).low == 4
    made = target(row("T1a", "mean", "10", n="9"), row("T1b", "sem", "2"))
    assert (made.low, made.high, made.spread) == (4, 16, "sem")


def test_noted_size_counts_only_as_one_plain_count():
    """Breasts or feeds are an n; a total over groups and two counts are not."""

    def made(noted):
        return target(row("T1a", "mean", "10", n_noted=noted), row("T1b", "sem", "1", n_noted=noted))

    assert (made("16 breasts").n, made("16 breasts").high) == (16, 14)
    for noted in ("", "16 in total", "92 women in total", "30 mothers, 140 samples", "17 CS, 20 vaginal"):
        assert (made(noted).n, made(noted).low, made(noted).high) == (None, None, None)
        assert made(noted).no_band == "SEM without n"


def test_a_range_beside_an_sd_does_not_make_the_band():
    """Mean ± SD goes before the range, a named SD before an unnamed spread, and that before the SEM."""
    mean, spread = row("T1a", "mean", "10", n="4"), row("T1d", "spread_as_printed", "3")
    extremes = row("T1b", "range", low="0", high="90")
    sd, sem = row("T1c", "sd", "2"), row("T1e", "sem", "2", n="4")
    assert [target(mean, extremes, sem, spread, sd).low, target(mean, extremes, sem, spread).low] == [8, 7]
    assert target(mean, extremes, sem).low == 6
    made = target(mean, extremes)
    assert (made.low, made.high, made.spread) == (0, 90, "range")
    assert target(row("T1a", "mean", "10"), row("T1b", "sem", "1"), extremes).high == 90


def test_centre_is_mean_else_median_else_value():
    """A bare range has no centre; an SD is laid around a mean only."""
    extremes = row("T1z", "range", low="1", high="9")
    mean, median, value = row("T1a", "mean", "5"), row("T1b", "median", "4"), row("T1c", "value", "3")
    assert target(value, median, mean, extremes).centre == 5
    assert target(value, median, extremes).centre == 4
    assert target(value, extremes).centre == 3
    assert target(extremes).centre is None
    made = target(median, row("T1d", "sd", "1"))
    assert (made.centre, made.low, made.no_band) == (4, None, "spread without mean")


def test_what_makes_no_band_says_why():
    """Open and reversed ranges and an SD of zero are listed without a band."""
    assert target(row("T1", "range", low="1")).no_band == "range open at one end"
    assert target(row("T1", "range", low="9", high="1")).no_band == "low end not below high end"
    made = target(row("T1a", "mean", "5"), row("T1b", "sd", "0"))
    assert (made.low, made.high, made.spread, made.no_band) == (None, None, None, "low end not below high end")


@pytest.mark.parametrize("statistic", ["iqr", "ci95", "se_or_sd", "sem_as_printed", "upper_bound"])
def test_other_statistics_are_no_spread(statistic):
    """A group without sd, spread as printed, sem or range is no target."""
    assert targets_of([row("T1a", "mean", "5"), row("T1b", statistic, "2", low="1", high="9", n="9")]) == ()


def test_required_has_four_digits_and_the_unit():
    """With a centre, without one, without a band, without both."""
    sd = target(row("T1a", "mean", "147", unit="mM"), row("T1b", "sd", "10", unit="mM"))
    assert sd.required == "147 (137 to 157) mM"
    assert target(row("T1", "range", low="0.05", high="1234.56")).required == "0.05 to 1235 g"
    assert target(row("T1a", "mean", "95"), row("T1b", "sem", "3")).required == "95 (no band) g"
    assert target(row("T1", "sd", "2")).required == "no band"


# -- the file ---------------------------------------------------------------------------------------------


def test_every_eligible_group_is_shipped(shipped):
    """The rows hold nothing else, each group one quantity, condition, unit, size and source."""
    named = {group_of(r["id"]) for r in shipped if r["statistic"] in {"sd", "sem", "range"}}
    targets = load_targets()
    assert len(named) == NAMED_SPREAD
    assert len(targets) == NAMED_SPREAD + UNNAMED_SPREAD
    assert len({made.id for made in targets}) == len(targets)
    assert len({r["id"] for r in shipped}) == len(shipped)
    assert sum(made.spread == "spread_as_printed" for made in targets) == UNNAMED_SPREAD
    assert [name for name, _ in groupby(group_of(r["id"]) for r in shipped)] == [made.id for made in targets]
    for column in ("quantity", "condition", "unit", "n", "n_noted", "source", "pmid"):
        assert len({(group_of(r["id"]), r[column]) for r in shipped}) == len(targets), column
    assert {int(made.id[1:3]) for made in targets} <= {*range(1, 12), 13}


def test_every_band_is_in_order_and_holds_its_centre():
    """Four groups with an SEM without n, and one SD that is itself the quantity, have no band."""
    targets = load_targets()
    assert {made.id: made.no_band for made in targets if made.no_band is not None} == WITHOUT_BAND
    for made in targets:
        if made.no_band is None:
            assert made.low < made.high
            assert made.centre is None or made.low < made.centre < made.high
            assert made.spread in SPREADS
        else:
            assert (made.low, made.high, made.spread) == (None, None, None)


def test_bands_typed_from_the_evidence():
    """One band of each kind, worked by hand."""
    found = {made.id: made for made in load_targets()}
    assert found["T01-062"].required == "147 (137 to 157) mM"
    assert found["T02-015"].required == "11 (8 to 14) feeds/24h"
    assert found["T02-045"].required == "209.9 (135.3 to 284.5) mL"  # 11·√46 = 74.6
    assert found["T02-048"].required == "708 (526.6 to 889.4) g/24h"  # 54.7·√11 = 181.4
    assert found["T04-001"].required == "119 (26 to 212) ug/L"
    assert found["T07-024"].required == "4.91 (0.34 to 17.94) g/L"
    assert found["T01-100"].required == "0.62 (0.24 to 13.6) ratio"
    assert found["T07-060"].required == "15 to 20 um"
    assert (found["T03-001"].n, found["T01-086"].n, found["T02-015"].n) == (147, None, 71)


def test_calibration_and_check_are_split_by_the_source():
    """First bytes as coreutils' sha256sum gives them, and both sets anew by hex digits."""
    assert use_of("Kent JC et al 2006 Pediatrics 117:e387-e395") == "calibration"  # 1c
    assert use_of("Cox DB, Owens RA, Hartmann PE 1996 Exp Physiol 81:1007-1020") == "calibration"  # 75
    assert use_of("Saint L, Smith M, Hartmann PE 1984 Br J Nutr 52:87-95") == "check"  # de
    assert (use_of("paper 270"), use_of("paper 154")) == ("calibration", "check")  # 7f, 80
    targets = load_targets()
    digits = [hashlib.sha256(made.source.encode("utf-8")).hexdigest() for made in targets]
    low_half = [each[2 * byte_of(made)] in "01234567" for each, made in zip(digits, targets, strict=True)]
    turned = [made.id in TURNED for made in targets]
    assert [made.use == "calibration" for made in targets] == [a or b for a, b in zip(low_half, turned, strict=True)]
    assert (sum(low_half), len(targets) - sum(low_half)) == (124 + 19, 122 + 6)


def test_what_was_turned_was_a_check_target_and_whole_papers_are():
    """Each with what was done; no row stays behind of a paper of which another one was turned."""
    targets = load_targets()
    sources = {made.source for made in targets if made.id in TURNED}
    assert {made.id for made in targets if made.source in sources} == set(TURNED)
    assert all(use_of(made.source, byte_of(made)) == "check" for made in targets if made.source in sources)
    assert all(made.use == "calibration" for made in targets if made.id in TURNED)
    assert all(len(reason) > 40 for reason in TURNED.values())
    assert sum(made.use == "check" for made in targets) == 122 + 6 - len(TURNED)


def test_targets_load_without_heavy_libraries():
    """Reading the targets imports neither pandas nor pyarrow nor simpy."""
    code = (
        "import sys; from lactflow.validation.targets import load_targets; load_targets(); "
        "sys.exit(bool({'pandas', 'pyarrow', 'simpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_published_spreads_of_pictures_are_those_of_the_targets():
    """Mean, ends and number of women, as spreads are judged by them."""
    by_id = {target.id: target for target in load_targets()}
    found = [each for name in DAILY for each in published_spreads(name)]
    assert len(found) == 5
    for each in found:
        target = by_id[each.target]
        assert (each.mean, each.low, each.high) == (target.centre, target.low, target.high)
        assert each.is_range == (target.spread == "range")
        assert each.n == (SPREADS_OF[each.target][1] or target.n)
        assert (each.condition, each.source) == (target.condition, target.source)
