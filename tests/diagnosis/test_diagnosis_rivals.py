"""Mechanisms as files: what is drawn, those that come with lactflow, and what is wrong with a user's own."""

from __future__ import annotations

from math import exp, log

import pytest
from records import config_of

from lactflow.diagnosis.factors import held_at_bounds
from lactflow.diagnosis.files import JUDGED_FIRST, NONE, chosen, read_rival, shipped, shipped_files
from lactflow.diagnosis.rival import Draw, Rival, filled
from lactflow.diagnosis.virtual import checked, config_with
from lactflow.errors import ConfigError

OWN = """\
format: 1
mechanism: short_ducts
title: short ducts
meaning: Ducts are short.
draws:
  share: {what: "a share", low: 0.2, high: 0.8}
factors: {"infants.*.latch": share}
"""
INTERVENTION = "interventions:\n  - {kind: mastitis, side: left, severity: {draw: share}, start_day: 3}\n"
WORDS = "draws:\n  side: {what: breast, among: [left, right]}"


def problems(folder, text):
    """What is wrong with a file, without its name: `line:column: message`."""
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_rival(path, "own.yaml")
    return [str(problem).partition("own.yaml:")[2] for problem in error.value.problems]


def own(folder, name="own.yaml", text=OWN):
    """A file of a user's own."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_draws_reach_their_ends_and_are_even_on_their_scale():
    """Half of the mothers lie below the middle of the scale, which is the geometric mean of a logarithmic one."""
    even, logs = (Draw(what="x", low=0.1, high=0.8, scale=scale) for scale in ("even", "log"))
    for draw in (even, logs):
        assert draw.at(0.0) == pytest.approx(0.1)
        assert draw.at(1.0) == pytest.approx(0.8)
    assert even.at(0.5) == pytest.approx(0.45)
    assert logs.at(0.5) == pytest.approx(exp((log(0.1) + log(0.8)) / 2.0))
    words = Draw(what="x", among=("left", "right"))
    assert [words.at(share) for share in (0.0, 0.49, 0.5, 1.0)] == ["left", "left", "right", "right"]


def test_what_is_drawn_does_not_depend_on_what_else_is():
    """Each draw has an address of its own: mechanism, name, seed and mother."""
    draws = {name: Draw(what="x", low=0.0, high=1.0) for name in ("a", "b")}
    factors = {"infants.*.latch": "a", "mother.gland_size": "b"}
    about = {"format": 1, "title": "x", "meaning": "x"}
    both = Rival(mechanism="m", draws=draws, factors=factors, **about)
    one = Rival(mechanism="m", draws={"a": draws["a"]}, factors={"infants.*.latch": "a"}, **about)
    other = Rival(mechanism="n", draws=draws, factors=factors, **about)
    assert both.drawn(1, 7)["a"] == one.drawn(1, 7)["a"] != both.drawn(1, 7)["b"]
    assert len({rival.drawn(seed, mother)["a"] for rival in (both, other) for seed in (1, 2) for mother in (7, 8)}) == 8


@pytest.mark.parametrize("name", JUDGED_FIRST)
def test_drawn_severities_lie_evenly_within_the_spread(name):
    """Of 400 mothers, a tenth of the scale has a tenth of them, within four standard deviations of that count."""
    rival = shipped(name)
    drawn = [rival.drawn(20261130, mother) for mother in range(400)]
    for key, draw in rival.draws.items():
        values = [each[key] for each in drawn]
        if draw.among:
            assert all(abs(values.count(word) - 400 / len(draw.among)) < 40 for word in draw.among)
            continue
        place = log if draw.scale == "log" else float
        ends = place(draw.low), place(draw.high)
        shares = [(place(value) - ends[0]) / (ends[1] - ends[0]) for value in values]
        counts = [sum(tenth <= 10.0 * share < tenth + 1 for share in shares) for tenth in range(10)]
        assert sum(counts) == 400
        assert all(abs(count - 40) < 24 for count in counts)


def test_shipped_mechanisms_are_those_of_the_criteria():
    """Eight that count, in the order of the page, then the pill, which does not."""
    assert tuple(shipped_files()) == (*JUDGED_FIRST, "combined_pill")
    assert [rival.mechanism for rival in chosen()] == list(JUDGED_FIRST)
    assert all(rival.judged for rival in chosen())


SPREADS = {
    "late_onset": {"hours": (18.0, 60.0, "log")},
    "small_gland": {"size": (0.2, 0.6, "log")},
    "low_prolactin": {"share": (0.06, 0.19, "log")},
    "weak_transfer": {"latch": (0.1, 0.8, "log")},
    "infrequent_removal": {"hours": (4.5, 8.0, "even")},
    "retained_fragment": {"share": (0.15, 0.6, "even"), "end_day": (6.0, 20.0, "even")},
    "mastitis": {"severity": (0.4, 1.0, "even"), "from_day": (3.0, 8.0, "even"), "days": (3.0, 10.0, "even")},
    "combined_pill": {"from_day": (2.0, 6.0, "even")},
    "none": {},
}


@pytest.mark.parametrize("name", list(shipped_files()))
def test_shipped_spreads_are_those_of_the_criteria(name):
    """They were fixed before the code."""
    rival = shipped(name)
    numbers = {key: (draw.low, draw.high, draw.scale) for key, draw in rival.draws.items() if not draw.among}
    assert numbers == SPREADS[name]
    assert rival.mechanism == name
    if name == "mastitis":
        assert rival.draws["side"].among == ("left", "right")
    if name == "combined_pill":
        assert rival.draws["dose_ug"].among == (20.0, 30.0, 35.0)


@pytest.mark.parametrize("name", list(shipped_files()))
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_shipped_mechanisms_make_valid_configs_at_the_ends_of_their_spreads(name, share):
    """And all but `none` change something."""
    base, rival = config_of(days=12), shipped(name)
    checked(base, rival)
    changed = config_with(base, rival, {key: draw.at(share) for key, draw in rival.draws.items()})
    assert (changed == base) is (name == NONE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OWN.replace('latch": share', 'latch": other'), "1:1: there is no draw 'other' (declared: share)"),
        (OWN.replace("draws:\n", "draws:\n  b: {what: b, low: 1, high: 2}\n"), "1:1: the draw 'b' is not used by"),
        (
            OWN.replace('factors: {"infants.*.latch"', "acting: {gland_sise"),
            "1:1: acting: there is no 'gland_sise' (allowed: onset_h, newborn_weight_loss, prolactin, gland_size)",
        ),
        (OWN.replace("factors", "factor"), "7:1: factor: unknown key (nearest: factors)"),
        (OWN.replace("0.2", "0.9"), "6:10: draws.share: low 0.9 is above high 0.8"),
        (OWN.replace("0.2", "0, scale: log"), "6:10: draws.share: scale log needs a low above 0"),
        (OWN.replace("high: 0.8", "among: [1]"), "6:10: draws.share: it needs either low and high, or among"),
        (OWN.replace(", high: 0.8", ""), "6:10: draws.share: it needs either low and high, or among"),
        (OWN.replace("0.8", ".inf"), "6:44: draws.share.high: '.inf' is not a finite number"),
        (OWN.replace("0.8", "lots"), "6:44: draws.share.high: found text 'lots' (allowed: a number)"),
        (OWN.replace("low: 0.2, high: 0.8", "among: [true]"), "6:36: draws.share.among.0: found true (allowed: num"),
        (OWN.replace("low: 0.2, high: 0.8", "among: [[1]]"), "6:36: draws.share.among.0: found a list (allowed: num"),
        (OWN.replace("format: 1", "format: 2"), "1:9: format: found 2 (allowed: 1)"),
        (OWN.replace("short_ducts", "short-ducts"), "2:12: mechanism: 'short-ducts' is not allowed (allowed: letters"),
        (OWN.replace("meaning: Ducts are short.\n", ""), "1:1: meaning: missing (allowed: text)"),
        (OWN + INTERVENTION.replace("share", "shares"), "1:1: there is no draw 'shares' (declared: share)"),
        (OWN + INTERVENTION.replace("{draw: share}", "{draw: []}"), "1:1: an empty list of draws stands for no value"),
        (OWN + "sources:\n  a: {cite: A 2000, locator: x, seen: true}\n", "1:1: there is no draw 'a' (declared: share"),
        (
            OWN.replace("draws:", WORDS) + INTERVENTION.replace("{draw: share}", "{draw: [side, share]}"),
            "1:1: the draw 'side' has words (needed where it is a factor or part of a sum: numbers)",
        ),
        (
            OWN.replace("draws:", WORDS).replace("factors: {", "factors: {mother.gland_size: side, "),
            "1:1: the draw 'side' has words (needed where it is a factor or part of a sum: numbers)",
        ),
        ("", "1:1: the file is empty (needed: a mapping of keys that begins with format: 1)"),
        ("- 1\n", "1:1: found a list (needed: a mapping of keys that begins with format: 1)"),
        (OWN + "title: again\n", "8:1: title: the key stands here twice, first in line 3"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(tmp_path, text, message):
    """With its place, what was found and what is allowed."""
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(message)


def test_a_factor_on_a_key_that_does_not_exist_has_the_nearest(tmp_path):
    """The file is read without a config; the key is looked up in one."""
    rival = read_rival(tmp_path / own(tmp_path, text=OWN.replace("*.latch", "*.lach")), "own.yaml")
    said = r"^own.yaml:7:11: mechanism short_ducts: factors: 'infants.\*.lach' is no quantity"
    with pytest.raises(ConfigError, match=said):
        checked(config_of(), rival)
    with pytest.raises(ConfigError, match=r"; nearest: infants\.0\.latch$"):
        checked(config_of(), rival)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("kind: mastitis", "kind: mastitiss"), "'mastitiss' is unknown"),
        (("severity", "severty"), "unknown key"),
        (("low: 0.2, high: 0.8", "low: 0.2, high: 3"), "severity"),
    ],
)
def test_an_intervention_that_is_none_is_refused_with_the_name_of_the_mechanism(tmp_path, change, message):
    """Wherever in the spread it is none: each end is tried, not the middle alone."""
    rival = read_rival(tmp_path / own(tmp_path, text=(OWN + INTERVENTION).replace(*change)), "own.yaml")
    with pytest.raises(ConfigError, match=r"^mechanism short_ducts: ") as error:
        checked(config_of(), rival)
    assert message in str(error.value)


def test_a_factor_on_all_infants_is_on_each_twin(tmp_path):
    """And is held at the hard bounds of the quantity."""
    base = config_of(infants=[{"latch": 0.8}, {"latch": 0.5}])
    rival = read_rival(tmp_path / own(tmp_path), "own.yaml")
    twins = config_with(base, rival, {"share": 0.5}).infants
    assert [each.latch for each in twins] == [pytest.approx(0.4), pytest.approx(0.25)]


def test_draws_in_plain_data_are_filled_in():
    """Alone, as a sum, and in lists in lists; the rest stays as it is."""
    entries = ({"a": {"draw": "x"}, "b": {"draw": ("x", "y")}, "c": ({"draw": ("z",)}, 5), "d": {"draw": "z", "e": 1}},)
    assert filled(entries, {"x": 1.5, "y": 2, "z": "left"}) == (
        {"a": 1.5, "b": 3.5, "c": ("left", 5), "d": {"draw": "z", "e": 1}},
    )


def test_names_choose_among_those_that_are_shipped():
    """In the order of tables, and `none` is always there."""
    assert [rival.mechanism for rival in chosen(["mastitis", "late_onset", "mastitis"])] == [
        NONE,
        "late_onset",
        "mastitis",
    ]
    assert [rival.mechanism for rival in chosen(["combined_pill"])] == [*JUDGED_FIRST, "combined_pill"]
    assert [rival.mechanism for rival in chosen(["combined_pill", "mastitis"])] == [NONE, "mastitis", "combined_pill"]
    with pytest.raises(ConfigError, match=r"^there is no mechanism 'mastitiss' \(nearest: mastitis; known: none, late"):
        chosen(["mastitiss"])


def test_a_file_adds_a_mechanism_or_stands_in_the_place_of_one(tmp_path):
    """A name beside it still chooses among those that are shipped."""
    added = own(tmp_path)
    assert [rival.mechanism for rival in chosen([added])] == [*JUDGED_FIRST, "short_ducts"]
    assert [rival.mechanism for rival in chosen(["mastitis", added])] == [NONE, "mastitis", "short_ducts"]
    instead = own(tmp_path, "instead.yaml", OWN.replace("short_ducts", "small_gland"))
    rivals = chosen([instead])
    assert [rival.mechanism for rival in rivals] == list(JUDGED_FIRST)
    assert rivals[2].title == "short ducts"
    assert [rival.title for rival in chosen(["mastitis", instead])][1:] == ["mastitis", "short ducts"]


def test_two_files_of_one_name_and_files_that_are_none_are_refused(tmp_path):
    """With the file as it was given."""
    first, second = own(tmp_path), own(tmp_path, "second.yml")
    with pytest.raises(ConfigError, match=r"second\.yml: short_ducts is declared by another file too$"):
        chosen([first, second])
    with pytest.raises(ConfigError, match=r"gone\.yaml: cannot be read"):
        chosen(["gone.yaml"])
    with pytest.raises(ConfigError, match="is a folder"):
        chosen([str(tmp_path)])


def test_a_file_with_the_name_of_a_shipped_mechanism_that_is_named_too_is_refused(tmp_path):
    """Neither silently wins, in whatever order they are given; and nothing stands in the place of `none`."""
    clash = own(tmp_path, "clash.yaml", OWN.replace("short_ducts", "late_onset"))
    named = r"clash\.yaml:2:1: late_onset is named twice: the shipped one, and by this file \(allowed: one of them\)$"
    for sources in (["late_onset", clash], [clash, "late_onset"]):
        with pytest.raises(ConfigError, match=named) as error:
            chosen(sources)
        assert error.value.exit_code == 2
    nothing = own(tmp_path, "nothing.yaml", OWN.replace("short_ducts", NONE))
    with pytest.raises(ConfigError, match=r"nothing\.yaml:2:1: none is what changes nothing, and always there"):
        chosen([nothing])


FRACTION = "gland.ejection.let_down_fraction"


def pushed(folder, low, high, key=FRACTION):
    """A mechanism that multiplies a quantity by as much as this."""
    text = OWN.replace("low: 0.2, high: 0.8", f"low: {low}, high: {high}").replace("infants.*.latch", key)
    return read_rival(folder / own(folder, text=text), "own.yaml")


def test_a_spread_that_is_outside_as_a_whole_is_refused(tmp_path):
    """As a setting would be, with the place of the factor; where one end is inside, it is held."""
    usual = config_of().gland.ejection.let_down_fraction
    with pytest.raises(ConfigError) as error:
        checked(config_of(), pushed(tmp_path, 20, 60))
    assert str(error.value) == (
        f"own.yaml:7:11: mechanism short_ducts: factors: {FRACTION}: "
        f"{20 * usual:.4g} to {60 * usual:.4g} is outside 0 to 0.99"
    )
    partly = pushed(tmp_path, 0.5, 60)
    checked(config_of(), partly)
    assert config_with(config_of(), partly, {"share": 60.0}).gland.ejection.let_down_fraction == 0.99
    with pytest.raises(ConfigError, match=r"gland.lumen.capacity_ml: .* mL is outside"):
        checked(config_of(), pushed(tmp_path, 1e-9, 1e-8, "gland.lumen.capacity_ml"))


def test_how_many_mothers_are_held_at_a_bound_is_said(tmp_path):
    """As many as have drawn more than that; the lower bound and each twin by itself; nothing where nothing is held."""
    usual = config_of().gland.ejection.let_down_fraction
    partly = pushed(tmp_path, 0.5, 60)
    many = sum(float(partly.drawn(3, mother)["share"]) * usual > 0.99 for mother in range(40))
    assert 20 < many < 40
    assert held_at_bounds(config_of(), partly, 3, 40) == [
        f"mechanism short_ducts: {FRACTION} is held at its bound 0.99 in {many} of 40 virtual mothers"
    ]
    twins = config_of(infants=[{"latch": 0.8}, {"latch": 0.5}])
    lines = held_at_bounds(twins, pushed(tmp_path, 1.5, 1.6, "infants.*.latch"), 1, 40)
    assert lines == ["mechanism short_ducts: infants.0.latch is held at its bound 1 in 40 of 40 virtual mothers"]
    assert held_at_bounds(config_of(), pushed(tmp_path, 0.9, 1.0), 1, 40) == []


@pytest.mark.parametrize("name", list(shipped_files()))
def test_no_shipped_mechanism_holds_anything(name):
    """In an ordinary mother."""
    assert held_at_bounds(config_of(), shipped(name), 1, 150) == []
