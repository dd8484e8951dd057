"""Whoever simulates the units of trials."""

from __future__ import annotations

from lactflow.calibration.trying import Hands
from lactflow.experiments.tables import TablesOfUnit


def test_workers_do_not_keep_all_that_they_were_ever_sent(monkeypatch):
    """After so much of it others are started; what was given again by the first ones is reported all the same."""
    crews, reported = [], []

    class Some:
        def __init__(self, workers, named):
            self.retried, self.ended = [f"of crew {len(crews)}"], False
            crews.append(self)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.ended = True

        def run(self, units, progress, on_result):
            assert not self.ended
            return [crews.index(self)]

    monkeypatch.setattr("lactflow.calibration.trying.Crew", Some)
    monkeypatch.setattr("lactflow.calibration.trying.MOST_SENT", 25)
    with Hands(2, (), reported.extend) as hands:
        units = [[TablesOfUnit(letter * 10, 0, number, ()) for number in range(3)] for letter in "abcd"]
        assert [hands.simulate(each, None, None) for each in units] == [[0], [0], [1], [1]]
    assert [crew.ended for crew in crews] == [True, True]
    assert reported == ["of crew 0", "of crew 1"]
