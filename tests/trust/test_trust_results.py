"""The command line of the trust table, its file of results and its page."""

from __future__ import annotations

import json

import pytest

from benchmarks import circumstances
from benchmarks.trust import __main__ as command
from benchmarks.trust import results
from benchmarks.trust.catalogue import EXPERIMENTS
from benchmarks.trust.experiment import Experiment, Try


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Two experiments that take no time, the second of which loses something; and files of their own."""

    def experiment(name, lost):
        def tries(bench):
            for number in range(bench.size):
                yield Try("a | kind", "well", lost if number == 0 else "")

        return Experiment(name=name, title=f"{name} things", size=5, how="At random", lost="anything.", tries=tries)

    both = (experiment("sound", ""), experiment("broken", "`rows` are gone"))
    for module in (command, results):
        monkeypatch.setattr(module, "EXPERIMENTS", both)
    monkeypatch.setattr(results, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(results, "RESULTS", tmp_path / "trust.json")
    monkeypatch.setattr(command, "RESULTS", tmp_path / "trust.json")
    (tmp_path / "page.md").write_text("# Top\n<!-- trust:begin -->\nold\n<!-- trust:end -->\nend\n", encoding="utf-8")
    return tmp_path


def test_results_and_page_are_written(small, capsys):
    """Each row with its circumstances; the page shows tries and losses; exit code 1 where something was lost."""
    assert command.main(["--all", "--json"]) == 1
    rows = json.loads((small / "trust.json").read_text(encoding="utf-8"))["rows"]
    assert [(name, row["tried"], row["lost"]) for name, row in rows.items()] == [("sound", 5, 0), ("broken", 5, 1)]
    assert {"commit", "date", "machine", "versions", "seed", "cpu_s"} <= {*rows["sound"]}
    assert json.loads(capsys.readouterr().out)["rows"] == rows
    page = (small / "page.md").read_text(encoding="utf-8")
    assert "| sound things | 5 | 0 |\n| broken things | 5 | 1 |" in page
    assert "- `a | kind: 'rows' are gone`" in page
    assert page.startswith("# Top\n")
    assert page.endswith("<!-- trust:end -->\nend\n")
    assert "old" not in page


def test_fewer_tries_than_stated_are_not_written_unasked(small, capsys):
    """Only to another file; and a page of such rows says so."""
    assert command.main(["--sound", "2"]) == 0
    assert not (small / "trust.json").exists()
    assert "not written" in capsys.readouterr().err
    assert command.main(["--sound", "2", "--out", str(small / "other.json")]) == 0
    rows = results.load(small / "other.json")
    text = results.page_part(rows)
    assert "With fewer tries than stated: sound things." in text
    assert "Not measured yet: broken things." in text


def test_rows_of_this_commit_are_not_measured_again(small, monkeypatch, capsys):
    """`--resume` goes on after those that are whole."""
    monkeypatch.setattr(circumstances, "commit", lambda *_: "abc")
    assert command.main(["--only", "sound"]) == 0
    assert command.main(["--only", "sound", "--resume"]) == 0
    assert "measured already" in capsys.readouterr().err


def test_a_stop_keeps_what_was_finished(small, monkeypatch):
    """Ctrl-C in the second row: the first is there, exit code 130."""
    finished = command.measure

    def measure(experiment, *rest):
        if experiment.name == "broken":
            raise KeyboardInterrupt
        return finished(experiment, *rest)

    monkeypatch.setattr(command, "measure", measure)
    assert command.main(["--all"]) == 130
    assert [*results.load(small / "trust.json")] == ["sound"]


@pytest.mark.parametrize("args", [[], ["--only", "nothing"]])
def test_what_is_not_there_is_refused(args, capsys):
    """Exit code 2, with what is allowed."""
    with pytest.raises(SystemExit) as caught:
        command.main(args)
    assert caught.value.code == 2
    assert "--all" in capsys.readouterr().err


def test_the_list_names_all(capsys):
    """A line for each."""
    assert command.main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(EXPERIMENTS)


def test_the_page_is_that_of_the_results():
    """What stands in `docs` has every row of the file."""
    page = results.PAGE.read_text(encoding="utf-8")
    for row in results.load(results.RESULTS).values():
        assert f"| {row['title']} | {row['tried']:,} | {row['lost']:,} |" in page
