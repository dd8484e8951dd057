"""The search on functions whose answers are known: what is proposed, what is found, what is kept in the ledger."""

from __future__ import annotations

import json
from math import cos, exp, nan, sin

import numpy as np
import pytest
from stub_trials import plan_of, tried, trying

from lactflow.calibration.findings import AT_LEAST, DECIDED, NOT_DECIDED, findings_of
from lactflow.calibration.search import SEARCH, START, SURFACE, carry_on, fewest_trials
from lactflow.calibration.targets import Target
from lactflow.errors import DamagedRunError, SomeUnitsFailedError
from lactflow.recording.trials import LEDGER, Ledger

TWO = [("a", 0.0, 10.0), ("b", 0.0, 10.0)]


def targets_of(plan):
    """Targets of a plan, with names."""
    return [Target(f"t{n}", "", *row) for n, row in enumerate(zip(*plan.goals, strict=True))]


def found_of(plan, function):
    """What the trials of a function say."""
    return findings_of(plan, targets_of(plan), tried(plan, function))


def verdicts(found):
    """What is said of each quantity."""
    return dict(found.tables["quantities"].set_index("key")["verdict"])


@pytest.fixture(scope="module")
def known():
    """Two quantities, two targets that know them: a = 3 and b = 7."""
    plan = plan_of(TWO, [(10.0, 0.2), (21.0, 2.0)], trials=40)
    return plan, tried(plan, lambda a, b: (a + b, a * b))


def test_stages_come_in_order(known):
    """The config's own point first, then a spread, the search, the surface."""
    _, trials = known
    stages = [trial.point.stage for trial in trials]
    assert stages == [START] * 8 + [SEARCH] * 16 + [SURFACE] * 16
    assert trials[0].point.shares == (0.5, 0.5)  # without a value of its own: the middle
    first = sorted(trial.point.shares[0] for trial in trials[1:8])
    assert [int(7 * share) for share in first] == list(range(7))


def test_a_known_point_is_found(known):
    """Or its mirror image: a sum and a product do not say which is which."""
    plan, trials = known
    found = findings_of(plan, targets_of(plan), trials)
    assert found.loss < 0.1
    assert sorted(found.values.values()) == pytest.approx([3.0, 7.0], abs=0.5)
    row = found.tables["targets"].iloc[1]
    assert row["z"] == pytest.approx((row["model"] - 21.0) / 2.0)
    assert found.tables["trials"]["loss"].min() == found.loss


def test_both_quantities_are_decided():
    """Two lines that cross at (3, 7)."""
    found = found_of(plan_of(TWO, [(10.0, 0.2), (-4.0, 0.2)]), lambda a, b: (a + b, a - b))
    assert verdicts(found) == {"a": DECIDED, "b": DECIDED}
    rows = found.tables["quantities"].set_index("key")
    for key, value in (("a", 3.0), ("b", 7.0)):
        assert rows.loc[key, "low"] < value < rows.loc[key, "high"]
        assert rows.loc[key, "high"] - rows.loc[key, "low"] == pytest.approx(2 * 1.96 * 0.2 / 2**0.5, rel=0.25)
    assert found.words == []


def test_a_product_is_not_taken_apart():
    """One target, a * b: both intervals are wide, and the pair is named."""
    plan = plan_of([("a", 0.5, 2.0), ("b", 0.5, 2.0)], [(1.0, 0.02)])
    found = found_of(plan, lambda a, b: (a * b,))
    assert found.loss < 0.1
    assert verdicts(found) == {"a": NOT_DECIDED, "b": NOT_DECIDED}
    assert "a and b together: the targets hold a * b, not each" in found.words
    rows = found.tables["quantities"]
    assert ((rows["high"] - rows["low"]) > 1.4).all()


def test_one_more_target_takes_it_apart():
    """The same pair with a target of its own for one of them."""
    plan = plan_of([("a", 0.5, 2.0), ("b", 0.5, 2.0)], [(1.0, 0.02), (1.2, 0.05)])
    found = found_of(plan, lambda a, b: (a * b, a))
    assert verdicts(found) == {"a": DECIDED, "b": DECIDED}
    assert not [line for line in found.words if "together" in line]


def test_a_quantity_that_does_nothing_is_called_that():
    """Flat from end to end."""
    found = found_of(plan_of(TWO, [(3.0, 0.5)]), lambda a, b: (a,))
    assert verdicts(found) == {"a": DECIDED, "b": NOT_DECIDED}
    assert "b: no target changes with it enough to show anything about it" in found.words


def test_a_value_beyond_the_range_is_reported():
    """The target asks for 12, the range ends at 10."""
    found = found_of(plan_of(TWO[:1], [(12.0, 0.5)], trials=20), lambda a: (a,))
    assert verdicts(found) == {"a": AT_LEAST}
    assert any(note.startswith("a lies at the end of its range, 10") for note in found.notes)
    assert any("the targets are not met" in note for note in found.notes)


def test_failed_trials_are_counted_and_not_fatal():
    """A corner that cannot be."""
    plan = plan_of(TWO, [(4.0, 0.2), (3.0, 0.2)])
    found = found_of(plan, lambda a, b: None if a > 8.0 else (a, b))
    trials = found.tables["trials"]
    failed = trials[trials["status"] == "failed"]
    assert 0 < len(failed) < 20
    assert failed["loss"].isna().all()
    assert (failed["a"] > 8.0).all()
    assert f"{len(failed)} of 40 trials failed: it cannot be" in found.notes
    assert verdicts(found) == {"a": DECIDED, "b": DECIDED}


def test_where_all_fail_it_ends():
    """After the start, with the reason."""
    plan = plan_of(TWO, [(4.0, 0.2)])
    ledger = Ledger()
    with pytest.raises(SomeUnitsFailedError, match="all of the first 8 trials failed\nit cannot be"):
        carry_on(plan, ledger, trying(plan, lambda a, b: None))
    assert len(ledger.trials) == 8


def test_the_same_seed_asks_for_the_same_points(known):
    """To the bit; another seed, or other batches, for others."""
    plan, trials = known
    again = tried(plan, lambda a, b: (a + b, a * b))
    assert [trial.point for trial in again] == [trial.point for trial in trials]
    other = tried(plan._replace(seed=2, trials=12), lambda a, b: (a + b, a * b))
    assert other[5].point.shares != trials[5].point.shares


@pytest.mark.parametrize("stop", [1, 6, 11, 22, 35])
def test_a_search_that_was_stopped_goes_on_with_the_same_points(tmp_path, known, stop):
    """After any trial: those that had ended are not tried again, and a torn line counts for nothing."""
    plan, trials = known

    class StoppedError(Exception):
        pass

    def function(a, b):
        return (a + b, a * b)

    ledger = Ledger(tmp_path)

    def until(points, add):
        def counted(trial):
            if len(ledger.trials) == stop:
                raise StoppedError
            add(trial)

        trying(plan, function)(points, counted)

    with pytest.raises(StoppedError):
        carry_on(plan, ledger, until)
    file = tmp_path / LEDGER
    file.write_bytes(file.read_bytes() + b'{"trial":99,"mod')
    resumed = Ledger(tmp_path)
    assert len(resumed.trials) == stop
    batches = []
    carry_on(plan, resumed, trying(plan, function, batches))
    assert resumed.in_order() == trials
    assert [number for batch in batches for number in batch] == list(range(stop, 40))
    assert Ledger(tmp_path).in_order() == resumed.in_order()
    assert resumed.content() == file.read_bytes()


def test_a_changed_ledger_is_damage(tmp_path):
    """One digit of a line before the last."""
    plan = plan_of(TWO, [(4.0, 0.2)], trials=12)
    tried(plan, lambda a, b: (a,), Ledger(tmp_path))
    file = tmp_path / LEDGER
    lines = file.read_bytes().splitlines(keepends=True)
    said = json.loads(lines[1])
    said["models"] = [said["models"][0] + 1.0]
    file.write_bytes(lines[0] + json.dumps(said, separators=(",", ":")).encode() + b"\n" + b"".join(lines[2:]))
    with pytest.raises(DamagedRunError, match="line 2 is not what was written"):
        Ledger(tmp_path)


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda lines: lines[1:], 1),  # a trial of a batch that nobody asked for
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines[:2], *lines[1:]], 3),  # twice
        (lambda lines: [lines[0], *lines], 2),
        (lambda lines: [*lines[:2], b"\n", *lines[2:]], 3),
        (lambda lines: [*lines[:2], b"[" * 200_000 + b"\n", *lines[2:]], 3),
        (lambda lines: [*lines[:2], b"[1]\n", *lines[2:]], 3),
        (lambda lines: [each.replace(b"\n", b"\r\n") for each in lines], 1),
        (lambda lines: [*lines[:2], lines[2].replace(b":", b": ", 1), *lines[3:]], 3),
    ],
)
def test_lines_that_are_lost_or_added_are_damage(tmp_path, damage, line):
    """Whatever their checksums say."""
    plan = plan_of(TWO, [(4.0, 0.2)], trials=12)
    tried(plan, lambda a, b: (a,), Ledger(tmp_path))
    file = tmp_path / LEDGER
    file.write_bytes(b"".join(damage(file.read_bytes().splitlines(keepends=True))))
    with pytest.raises(DamagedRunError, match=f"line {line} is not what was written"):
        Ledger(tmp_path)


def test_the_name_of_the_ledger_is_durable_before_anything_is_tried(tmp_path, monkeypatch):
    """With its first line, and once."""
    synced = []
    monkeypatch.setattr("lactflow.recording.trials.sync_folder", synced.append)
    ledger = Ledger(tmp_path)
    ledger.propose(0, [])
    ledger.propose(1, [])
    assert synced == [tmp_path]


def test_held_out_targets_are_no_part_of_the_loss():
    """The plan has one goal, a trial has two models."""
    plan = plan_of(TWO[:1], [(4.0, 0.5)], trials=16)
    trials = tried(plan, lambda a: (a, 100.0 - a))
    targets = [*targets_of(plan), Target("h", "", 50.0, 1.0, fitted=False)]
    found = findings_of(plan, targets, trials)
    assert found.values["a"] == pytest.approx(4.0, abs=0.2)
    held = found.tables["targets"].set_index("id").loc["h"]
    assert held["use"] == "held out"
    assert held["z"] == pytest.approx(46.0, abs=0.5)


def test_few_trials_say_nothing_of_intervals():
    """All but three failed: a value, and nothing is called decided."""
    plan = plan_of(TWO, [(4.0, 0.2)], trials=12)
    count = iter(range(100))
    found = found_of(plan, lambda a, b: (a,) if next(count) < 3 else None)
    assert set(verdicts(found).values()) == {NOT_DECIDED}
    assert any("too few trials" in note for note in found.notes)
    assert fewest_trials(1) == 12
    assert fewest_trials(6) == 30


def test_a_model_that_chance_moves_is_noted():
    """Standard errors above half of the SD of the target."""
    plan = plan_of(TWO[:1], [(4.0, 0.5)], trials=12)
    trials = [trial._replace(errors=(0.3,)) for trial in tried(plan, lambda a: (a,))]
    notes = findings_of(plan, targets_of(plan), trials).notes
    assert any(note.startswith("chance moves t0 by more than half") for note in notes)
    quiet = [trial._replace(errors=(nan,)) for trial in trials]
    assert findings_of(plan, targets_of(plan), quiet).notes == []


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say():
    """Three curved targets with errors of their SDs, a model with noise: 95 % of intervals, as wide as in theory."""

    def function(a, b):
        return (1.0 - exp(-2.0 * a) + 0.3 * b, a * b + 0.5 * b, sin(b) + 0.4 * a)

    truth, sd, many = (0.45, 0.55), 0.03, 40
    held, widths = [0, 0], []
    for seed in range(many):
        rng = np.random.default_rng(1000 + seed)
        goals = [(value + sd * rng.standard_normal(), sd) for value in function(*truth)]
        plan = plan_of([("a", 0.0, 1.0), ("b", 0.0, 1.0)], goals, trials=32, seed=seed)
        noisy = tried(plan, lambda *at, rng=rng: [each + 0.2 * sd * rng.standard_normal() for each in function(*at)])
        rows = findings_of(plan, targets_of(plan), noisy).tables["quantities"]
        for number, (low, high) in enumerate(zip(rows["low"], rows["high"], strict=True)):
            held[number] += low <= truth[number] <= high
        widths.append((rows["high"] - rows["low"]).to_numpy())
    slopes = np.array([[2.0 * exp(-0.9), 0.3], [0.55, 0.95], [0.4, cos(0.55)]]) / sd
    theory = 2.0 * 1.96 * np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes)))
    assert np.median(widths, axis=0) == pytest.approx(theory, rel=0.15)
    assert all(35 <= each <= 40 for each in held), held  # 38 are expected, SD 1.4
