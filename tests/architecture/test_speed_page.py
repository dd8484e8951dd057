"""The generated part of `docs/background/speed.md`, from made-up results."""

from __future__ import annotations

from speed_page import SECTIONS, speed_part

ABOUT = {
    "build": "compiled",
    "commit": "abc",
    "date": "2031-01-01",
    "machine": "two cores",
    "versions": {"python": "3.11.7", "simpy": "4.1.2"},
}
COMMAND = {**ABOUT, "wall_s": 12.345, "wall_s_range": [11.0, 13.0], "cpu_s": 2048.5, "rounds": 3, "others_cores": 0.02}


def test_a_figure_has_its_range_and_its_circumstances():
    """Three digits and the range; commit, date, machine, versions; no word on other work where there was none."""
    text = speed_part({"fit": COMMAND})
    assert "| figure | here (compiled) |\n|---|---|\n| time by the clock [s] | 12.3 (11 to 13) |\n" in text
    assert "| CPU time of all its processes [s] | 2,048 |" in text
    assert "3 rounds at commit abc, 2031-01-01, two cores; python 3.11.7, simpy 4.1.2." in text
    assert "other work" not in text
    assert "Not measured yet: the whole gland;" in text


def test_another_commit_stands_beside_it():
    """Its figures and how many times better these are; a figure that it lacks is an empty cell."""
    other = {
        "commit": "old",
        "build": "pure Python",
        "wall_s": 40.0,
        "gain": {"wall_s": 3.24, "wall_s_range": [3, 3.5]},
    }
    text = speed_part({"fit": {**COMMAND, "against": other}})
    assert "| figure | here (compiled) | commit old (pure Python) | times better |" in text
    assert "| time by the clock [s] | 12.3 (11 to 13) | 40 | 3.24 (3 to 3.5) |" in text
    assert "| CPU time of all its processes [s] | 2,048 |  |  |" in text


def test_a_busy_machine_is_named():
    """And an unknown one is not."""
    busy = speed_part({"fit": {**COMMAND, "rounds": 1, "others_cores": 1.25}})
    assert "One round at commit abc" in busy
    assert "**The machine did other work meanwhile** (1.2 cores" in busy
    assert "other work" not in speed_part({"fit": {**COMMAND, "others_cores": None}})


def test_every_row_has_a_section():
    """As `benchmarks/all.py` measures them, in its order."""
    source = (speed_part.__globals__["RESULT"].parents[1] / "all.py").read_text(encoding="utf-8")
    places = [source.index(f'    "{name}": ') for name in SECTIONS]
    assert places == sorted(places)
    assert source.count("_command(") + source.count("Row(") >= len(SECTIONS)
