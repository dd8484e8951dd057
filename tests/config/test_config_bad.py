"""Bad configs: exit code 2, every problem with its place and key, no traceback, nothing written."""
# ruff: noqa: E501 - a case and its whole message stand in one line

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from lactflow.cli import main
from lactflow.config.scenario import load_scenario
from lactflow.config.tree import all_keys
from lactflow.errors import ConfigError

pytestmark = pytest.mark.timeout(180)  # what takes so long to refuse is a hang

PLACE = re.compile(r"bad\.yaml:\d+:\d+: ")


def problems_of(raw: str | bytes, folder: Path) -> list[str]:
    """Problem lines of `lactflow run` on a config; checks exit code, form and that nothing was written."""
    path = folder / "bad.yaml"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    before = sorted(folder.rglob("*"))
    result = CliRunner().invoke(main, ["run", "bad.yaml", "--out", "out"])
    assert result.exit_code == 2
    assert type(result.exception) is SystemExit
    assert result.stdout == ""
    assert sorted(folder.rglob("*")) == before
    lines = result.stderr.splitlines()
    assert all(line.isprintable() for line in lines)
    assert "Traceback" not in result.stderr
    return lines


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("body", "line"),
    [
        # Unknown keys at each level
        ("tile: x", "bad.yaml:2:1: tile: unknown key (nearest: title)"),
        ("gland: {lumn: {}}", "bad.yaml:2:9: gland.lumn: unknown key (nearest: lumen)"),
        ("gland: {lumen: {capacity: 3}}", "bad.yaml:2:17: gland.lumen.capacity: unknown key (nearest: capacity_ml)"),
        ("capacity_ml: 3", "bad.yaml:2:1: capacity_ml: unknown key (nearest: gland.lumen.capacity_ml)"),
        ("infants: [{apetite: 3}]", "bad.yaml:2:12: infants.0.apetite: unknown key (nearest: appetite)"),  # codespell:ignore apetite
        ("infants: [{appetite_ml: 3}]", "bad.yaml:2:12: infants.0.appetite_ml: unknown key (nearest: appetite)"),
        ("dyad: {pump: {eficiency: 1}}", "bad.yaml:2:15: dyad.pump.eficiency: unknown key (nearest: efficiency)"),  # codespell:ignore eficiency
        ("record: {visit: true}", "bad.yaml:2:10: record.visit: unknown key (nearest: visits)"),
        ("resolution: {packet: 1}", "bad.yaml:2:14: resolution.packet: unknown key (nearest: packet_ml)"),
        ("mother: {zzz: 1}", "bad.yaml:2:10: mother.zzz: unknown key (allowed: cohort, variation"),
        ("schedule: [{kind: every, hours: 3, sides: left}]", "bad.yaml:2:36: schedule.0.sides: unknown key (nearest: side)"),
        ('"tit\\u202ele": 1', "bad.yaml:2:1: 'tit\\u202ele': unknown key (nearest: title)"),
        # Types
        ("days: '5'", "bad.yaml:2:7: days: found text '5' (allowed: a number above 0 up to 1000 days)"),
        ("days: five", "bad.yaml:2:7: days: found text 'five' (allowed: a number above 0 up to 1000 days)"),
        ("days: true", "bad.yaml:2:7: days: found true (allowed: a number above 0 up to 1000 days)"),
        ("days:", "bad.yaml:2:1: days: found nothing (allowed: a number above 0 up to 1000 days)"),
        ("days: [1]", "bad.yaml:2:7: days: found a list (allowed: a number above 0 up to 1000 days)"),
        ("seed: 1.5", "bad.yaml:2:7: seed: found 1.5 (allowed: a whole number from 0 to 9223372036854775807)"),
        ("title: 5", "bad.yaml:2:8: title: found 5 (allowed: text)"),
        ("record: {visits: yes}", "bad.yaml:2:18: record.visits: found text 'yes' (allowed: true or false)"),
        ("gland: {lumen: 5}", "bad.yaml:2:16: gland.lumen: found 5 (allowed: a mapping of capacity_ml, largest_fullness, residual_fraction)"),
        ("gland: {lumen: {capacity_ml: big}}", "bad.yaml:2:30: gland.lumen.capacity_ml: found text 'big' (allowed: a number from 10 to 1500 mL)"),
        ("infants: {}", "bad.yaml:2:10: infants: found a mapping (allowed: a list of mappings)"),
        ("schedule: {kind: every}", "bad.yaml:2:11: schedule: found a mapping (allowed: a list of mappings)"),
        ("schedule: [every]", "bad.yaml:2:12: schedule.0: found text 'every' (allowed: a mapping with a kind: on_demand, every, clock, cluster, log, wean, none, pump, responsive, power_pump, hand, bottle, once, discard)"),
        # Ranges
        ("gland: {lumen: {capacity_ml: 9999}}", "bad.yaml:2:30: gland.lumen.capacity_ml: 9999 mL is outside 10 to 1500 mL"),
        ("gland: {lobes_per_breast: 0}", "bad.yaml:2:27: gland.lobes_per_breast: 0 is outside 1 to 60"),
        ("days: 0", "bad.yaml:2:7: days: 0 days is outside 0 to 1000 days, 0 itself left out"),
        ("days: -1e308", "bad.yaml:2:7: days: -1e+308 days is outside 0 to 1000 days, 0 itself left out"),
        ("start_day: -61", "bad.yaml:2:12: start_day: -61 is outside -60 to 1000"),
        ("days: .nan", "bad.yaml:2:7: days: '.nan' is not a finite number"),
        ("days: .inf", "bad.yaml:2:7: days: '.inf' is not a finite number"),
        ("seed: 1" + "0" * 300, "bad.yaml:2:7: seed: a number of 997 bits is outside 0 to 9223372036854775807"),
        ("infants: [{}, {}, {}, {}, {}]", "bad.yaml:2:10: infants: has 5 entries (allowed: at most 4)"),
        ("interventions: [{kind: seal, start_day: 31}]", "bad.yaml:2:17: interventions.0.side: missing (allowed: left, right)"),
        ("interventions: [{kind: stress}]", "bad.yaml:2:17: interventions.0.start_day: missing (allowed: a number from -400 to 4000)"),
        ("interventions: [{kind: retained_placenta, share: 1.1}]", "bad.yaml:2:50: interventions.0.share: 1.1 is outside 0 to 1, 0 itself left out"),
        ("knock_outs: [lif, stat33]", "bad.yaml:2:19: knock_outs.1: 'stat33' is unknown"),
        ("gland: {checkpoints: {signals_min: 10}}", "bad.yaml:2:9: gland.checkpoints: unknown key (nearest: checkpoint_min)"),
        ("gland: {established: {active_cells: 0.5}}", "bad.yaml:2:23: gland.established.active_cells: unknown key"),
        ("schedule: [{kind: wean, days: 0}]", "bad.yaml:2:31: schedule.0.days: 0 days is outside 0 to 1000 days, 0 itself left out"),
        ("schedule: [{kind: on_demand, miss: [{days: []}]}]", "bad.yaml:2:44: schedule.0.miss.0.days: has 0 entries (allowed: at least 1)"),
        ("schedule: [{kind: clock, times: []}]", "bad.yaml:2:33: schedule.0.times: has 0 entries (allowed: at least 1)"),
        # Names
        ("species: cow", "bad.yaml:2:10: species: 'cow' is unknown (allowed: human)"),
        ("name: a/b", "bad.yaml:2:7: name: 'a/b' is not allowed (allowed: only letters, digits, dot, underscore and hyphen, not beginning with a dot)"),
        ("name: ''", "bad.yaml:2:7: name: has 0 characters (allowed: at least 1)"),
        ("name: " + "x" * 65, "bad.yaml:2:7: name: has 65 characters (allowed: at most 64)"),
        ("schedule: [{kind: evry}]", "bad.yaml:2:19: schedule.0.kind: 'evry' is unknown (allowed: on_demand, every, clock, cluster, log, wean, none, pump, responsive, power_pump, hand, bottle, once, discard; nearest: every)"),  # codespell:ignore evry
        ("schedule: [{kind: 5}]", "bad.yaml:2:19: schedule.0.kind: found 5 (allowed: on_demand, every, clock, cluster, log, wean, none, pump, responsive, power_pump, hand, bottle, once, discard)"),
        ("schedule: [{hours: 5}]", "bad.yaml:2:12: schedule.0.kind: missing (allowed: on_demand, every, clock, cluster, log, wean, none, pump, responsive, power_pump, hand, bottle, once, discard)"),
        ("schedule: [{kind: every}]", "bad.yaml:2:12: schedule.0.hours: missing (allowed: a number from 0.25 to 240 h)"),
        ("schedule: [{kind: every, hours: 3, side: lef}]", "bad.yaml:2:42: schedule.0.side: 'lef' is unknown (allowed: left, right, both, alternate, preferred; nearest: left)"),
        # Clock times
        ("birth_clock: '24:00'", "bad.yaml:2:14: birth_clock: '24:00' is not a clock time (allowed: 00:00 to 23:59, two digits each)"),
        ("birth_clock: 10", "bad.yaml:2:14: birth_clock: found 10 (allowed: a clock time, 00:00 to 23:59)"),
        ("schedule: [{kind: clock, times: [7:30]}]", "bad.yaml:2:34: schedule.0.times.0: '7:30' is not a clock time (allowed: 00:00 to 23:59, two digits each)"),
        ("schedule: [{kind: pump, times: [1030]}]", "bad.yaml:2:33: schedule.0.times.0: found 1030 (allowed: a clock time, 00:00 to 23:59)"),
        ('schedule: [{kind: on_demand, night_gap: {from: "22:00"}}]', "bad.yaml:2:41: schedule.0.night_gap.to: missing (allowed: a clock time, 00:00 to 23:59)"),
        ('schedule: [{kind: on_demand, night_gap: {from: "22:00", to: "22:00"}}]', "bad.yaml:2:41: schedule.0.night_gap: a night gap from 22:00 to 22:00 has no length"),
        ('schedule: [{kind: on_demand, miss: [{days: [31], from: "08:00", to: "07:00"}]}]', "bad.yaml:2:37: schedule.0.miss.0: hours from 08:00 to 07:00 end before they begin"),
        ('schedule: [{kind: clock, times: ["07:00", "07:00"]}]', "bad.yaml:2:12: schedule.0: sessions at 07:00 and 07:00 overlap"),
        ('schedule: [{kind: power_pump, times: ["07:00", "07:30"]}]', "bad.yaml:2:12: schedule.0: sessions at 07:00 and 07:30 overlap"),
        ('schedule: [{kind: clock, times: ["23:00"], night_gap: {from: "22:00", to: "06:00"}}]', "bad.yaml:2:12: schedule.0: the session at 23:00 never takes place"),
        ("schedule: [{kind: cluster, feeds: 12, clusters: 2, gap_min: 200}]", "bad.yaml:2:12: schedule.0: clusters overlap: 6 feeds 200 min apart"),
        ("schedule: [{kind: pump}]", "bad.yaml:2:12: schedule.0: this needs clock times, per_day or after_feeds: true"),
        # Keys right by themselves that contradict each other
        ("resolution: {packet_ml: 5}", "bad.yaml:2:25: resolution.packet_ml: 5 mL is too coarse for the smallest of 9 lobes (largest allowed: "),
        ("schedule: [{kind: none}, {kind: every, hours: 3}]", "bad.yaml:2:12: schedule.0: the phase from day 30 never applies"),
        ("schedule: [{kind: none, from_day: 20}]", "bad.yaml:2:35: schedule.0.from_day: day 20 is before the run begins"),
        ("infants: [{born_day: 40}]", "bad.yaml:2:22: infants.0.born_day: nobody is born on day 40 (allowed: 1 or less, an elder child; a second birth needs an intervention `pregnancy`)"),
        ("infants: []\nschedule: [{kind: every, hours: 3}]", "bad.yaml:2:10: infants: there is no infant for the feeds"),
        ("interventions: [{kind: seal, start_day: 31, end_day: 31, side: left}]", "bad.yaml:2:17: interventions.0: end_day 31 is not after start_day 31"),
        ("interventions: [{kind: oxytocin, start_day: 31, times: ['8:00']}]", "bad.yaml:2:57: interventions.0.times.0: '8:00' is not a clock time (allowed: 00:00 to 23:59, two digits each)"),
        ("interventions: [{kind: oxytocin, start_day: 31, times: '08:00'}]", "bad.yaml:2:56: interventions.0.times: found text '08:00' (allowed: a list, each entry a clock time, 00:00 to 23:59)"),
        ("interventions: [{kind: oxytocin, start_day: 31, doses: 4}]", "bad.yaml:2:17: interventions.0: end_day, every_days and doses need times (allowed without times: one dose, when start_day begins)"),
        ("interventions: [{kind: stress, start_day: 31, end_day: 5000}]", "bad.yaml:2:56: interventions.0.end_day: 5000 is outside -400 to 4000"),
        ("interventions: [{kind: stress, start_day: 31, start_time: 8}]", "bad.yaml:2:59: interventions.0.start_time: found 8 (allowed: a clock time, 00:00 to 23:59)"),
        ("birth_clock: '12:00'\ninterventions: [{kind: stress, start_day: 31, start_time: '08:00', end_day: 31, end_time: '20:00'}]", "bad.yaml:3:91: interventions.0.end_time: its end is not after its start (a day begins at 12:00, the time of birth)"),
        ("interventions: [{kind: growth_spurt, start_day: 31, infant: 1}]", "bad.yaml:2:61: interventions.0.infant: there is no infant 1 (infants are numbered from 0; 1 here)"),
        ("interventions: [{kind: duct_obstruction, start_day: 31, side: left, lobe: 9}]", "bad.yaml:2:75: interventions.0.lobe: there is no lobe 9 (allowed: 0 to 8)"),
        ("interventions:\n- {kind: retained_placenta, share: 0.6}\n- {kind: retained_placenta, share: 0.6}", "bad.yaml:4:36: interventions.1.share: fragments of 1.2 placentas are retained in all (allowed: 1)"),
        # Single sessions
        ("schedule: [{kind: once}]", "bad.yaml:2:12: schedule.0.sessions: missing (allowed: a list of mappings)"),
        ("schedule: [{kind: once, sessions: [5]}]", "bad.yaml:2:36: schedule.0.sessions.0: found 5 (allowed: a mapping with what: pump, hand, bottle)"),
        ("schedule: [{kind: once, sessions: [{day: 31}]}]", "bad.yaml:2:36: schedule.0.sessions.0.what: missing (allowed: pump, hand, bottle)"),
        ("schedule: [{kind: once, sessions: [{day: 31, what: botle}]}]", "bad.yaml:2:52: schedule.0.sessions.0.what: 'botle' is unknown (allowed: pump, hand, bottle; nearest: bottle)"),
        ("schedule: [{kind: once, sessions: [{day: 31, what: hand, volume_ml: 3}]}]", "bad.yaml:2:58: schedule.0.sessions.0.volume_ml: unknown key (allowed: what, day, time, minutes, side)"),
        ("schedule: [{kind: once, sessions: [{day: 31, what: hand, minute: 3}]}]", "bad.yaml:2:58: schedule.0.sessions.0.minute: unknown key (nearest: minutes)"),
        ("schedule: [{kind: once, night_gap: {from: '22:00', to: '06:00'}, sessions: [{day: 31, what: hand}]}]", "bad.yaml:2:12: schedule.0: night_gap does not go with once: each session says when it takes place (allowed: day, time)"),
        ("schedule: [{kind: once, sessions: [{day: 29, what: hand}]}]", "bad.yaml:2:42: schedule.0.sessions.0.day: day 29 is before the run begins (allowed: start_day 30 or later)"),
        ("schedule: [{kind: once, sessions: [{day: 31, what: hand}, {day: 31.01, what: pump}]}]", "bad.yaml:2:59: schedule.0.sessions.1: a pumping on day 31.01 begins before sessions.0 is over, on day 31.013889 (allowed: after it; she has one at a time)"),
        ("schedule: [{kind: once, from: night, sessions: [{day: 31, what: bottle, content: own_milk}]}]", "bad.yaml:2:31: schedule.0.from: no phase expresses milk into 'night'"),
        # Logs
        ("schedule: [{kind: log, file: none.csv}]", "bad.yaml:2:30: schedule.0.file: 'none.csv' is not a file in the folder of the config"),
        ("schedule: [{kind: log, file: ../x.csv}]", "bad.yaml:2:30: schedule.0.file: '../x.csv' goes up with '..'"),
        ("schedule: [{kind: log, file: /etc/passwd}]", "bad.yaml:2:30: schedule.0.file: '/etc/passwd' is not relative"),
        # YAML
        ("days: 1\ndays: 2", "bad.yaml:3:1: days: the key stands here twice, first in line 2"),
        ("days: !!float 1", "bad.yaml:2:7: a tag is not allowed"),
        ("---\nformat: 1", "bad.yaml:2:1: a second document begins here"),
        ("days: *a", "bad.yaml:2:7: alias 'a' has no finished anchor"),
        ("? {a: b}\n: 1", "bad.yaml:2:3: a key must be a plain word"),
        ("gland: " + "[" * 40, "bad.yaml:2:39: gland"),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_reported_where_it_stands(folder, body, line):
    """Found, allowed, nearest."""
    (problem,) = problems_of(f"format: 1\n{body}\n", folder)
    assert problem.startswith(line)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("", "bad.yaml:1:1: the file is empty"),
        ("# nothing\n", "bad.yaml:1:1: the file is empty"),
        ("[1]", "bad.yaml:1:1: found a list (needed: a mapping"),
        ("format", "bad.yaml:1:1: found text 'format' (needed: a mapping"),
        ("days: 1\n", "bad.yaml:1:1: format: missing (allowed: 1)"),
        ("format: 2\n", "bad.yaml:1:9: format: found 2 (allowed: 1)"),
        ("format: '1'\n", "bad.yaml:1:9: format: found text '1' (allowed: 1)"),
        (bytes(range(256)), "bad.yaml:"),
        (b"format: 1\ntitle: \xff", "bad.yaml:2:8: byte 0xff is not UTF-8"),
        (b"format: 1\n" + b"# padding\n" * 200_000, "bad.yaml:1:1: larger than 1,000,000 bytes"),
        (b"x" * 10_000_000, "bad.yaml:1:1: larger than 1,000,000 bytes"),
        (b"\x00" * 1000, "bad.yaml:1:1: control character"),
    ],
)
def test_files_that_are_no_configs_are_refused(folder, raw, line):
    """Empty, binary, huge, of another shape."""
    (problem,) = problems_of(raw, folder)
    assert problem.startswith(line)


def test_everything_wrong_is_reported_at_once(folder):
    """In the order of the file."""
    lines = problems_of(
        "format: 3\nnmea: x\nseed: true\ngland: {lumen: {capacity_ml: 1}}\nschedule: [{kind: x}, {kind: every}]\n",
        folder,
    )
    assert [PLACE.sub("", line).split(":")[0] for line in lines] == [
        "format", "nmea", "seed", "gland.lumen.capacity_ml", "schedule.0.kind", "schedule.1.hours"
    ]  # fmt: skip
    assert all(PLACE.match(line) for line in lines)


def test_thousands_of_problems_are_cut(folder):
    """Nobody reads more than fifty, and nobody waits for them."""
    lines = problems_of("format: 1\n" + "".join(f"capcity_{n}: 1\n" for n in range(4000)), folder)
    assert len(lines) == 51
    assert lines[-1] == "bad.yaml: ... and 3,950 more problems"


def test_a_missing_config_is_reported(folder):
    """And nothing is made."""
    result = CliRunner().invoke(main, ["run", "none.yaml"])
    assert result.exit_code == 2
    assert result.stderr.startswith("none.yaml: there is no such file")
    assert list(folder.iterdir()) == []


GOOD = """\
format: 1
days: 2
seed: 3
birth_clock: "06:30"
resolution: {packet_ml: 0.1}
gland:
  lumen: {capacity_ml: 150}
infants: [{birth_weight_kg: 3.4, preferred_side: right}]
knock_outs: [oxytocin_receptor]
interventions:
  - {kind: seal, side: left, start_day: 30.5, end_day: 31}
  - {kind: retained_placenta, share: 0.3}
schedule:
  - {kind: every, hours: 3, side: both}
  - {kind: clock, times: ["07:00", 12:30], from_day: 31}
  - {kind: on_demand, from_day: 31.5, night_gap: {from: "22:00", to: "06:00"}, miss: [{days: [31], from: "08:00"}]}
  - {kind: pump, times: ["06:00"], minutes: 20}
record: {visits: true, sample_min: 30}
"""

_PIECES = st.sampled_from(
    ["{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "&a ", "*a", "!x ", "'", '"', "#", "|", ">", "%", "---\n", "\t",
     "\0", "\x1b", "1e999", "nan", ".nan", "~", "<<", "? ", "null", "true", "-1", "1e308", "0x", "\u2028", "ü", "99999999999"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good config with pieces cut out and put in."""
    text = GOOD
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.one_of(_PIECES, st.text(max_size=4))) + text[end:]
    return text.encode("utf-8", "surrogatepass")


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
        st.sampled_from(["10:30", "every", "left", "kind", "log", 10**400, 1e308, -0.0]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from([key.rsplit(".", 1)[-1] for key in all_keys()]), st.text(max_size=5)), inner, max_size=4),
    ),
    max_leaves=8,
)  # fmt: skip


def check_lines(error: ConfigError) -> None:
    """Problems are lines that a terminal can show."""
    assert error.problems
    assert all(str(problem).isprintable() and len(str(problem)) < 1000 for problem in error.problems)


def loads_or_refuses(raw: bytes, *args, **options) -> None:
    """Nothing but a scenario or a `ConfigError` of clean lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bad.yaml"
        path.write_bytes(raw)
        try:
            load_scenario(path, *args, **options)
        except ConfigError as error:
            check_lines(error)


@settings(max_examples=150)
@given(mutated())
def test_any_mutation_loads_or_is_refused(raw):
    """Never a traceback."""
    loads_or_refuses(raw)


@pytest.mark.slow
@settings(max_examples=150)
@given(st.sampled_from([key for key in all_keys() if "." not in key and key != "format"]), VALUES)
def test_any_value_of_an_option_loads_or_is_refused(key, value):
    """From Python any object may come."""
    loads_or_refuses(b"format: 1\n", **{key: value})


@settings(max_examples=150)
@given(st.one_of(st.sampled_from(all_keys()), st.text(max_size=12)), st.text(max_size=12))
def test_any_setting_loads_or_is_refused(key, value):
    """On the command line too."""
    loads_or_refuses(GOOD.encode(), [f"{key}={value}"])
