"""The page itself: marimo accepts it, its cells run, it is served, and a browser shows what the controls change."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import lactflow
from lactflow.explore import serving
from lactflow.explore.choices import WHO
from lactflow.explore.serving import APP

pytest.importorskip("marimo")
PATIENCE_S = 60.0


def settled(found, what):
    """Ask until there is an answer."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        answer = found()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {PATIENCE_S} s")


def fetched(address):
    """The page at an address; None while there is none."""
    try:
        with urlopen(address) as page:
            return page.read().decode()
    except URLError:
        return None


@contextmanager
def served(folder, *args):
    """`lactflow explore --headless` in a folder of its own, and its address; Ctrl-C ends it."""
    home = folder / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(folder), "MPLCONFIGDIR": str(folder / "fonts")}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(lactflow.__file__).parents[1]), *sys.path])
    command = [sys.executable, "-m", "lactflow", "explore", "--headless", *args]
    (folder / "here").mkdir()
    with subprocess.Popen(
        command, cwd=folder / "here", env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            address = re.match(r"(http://127\.0\.0\.1:\d+) ", process.stdout.readline())[1]
            settled(lambda: fetched(address), "the page")
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            said = process.communicate()
    assert (process.returncode, *said) == (0, "", "")
    assert list((folder / "here").iterdir()) == []
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert list(folder.glob("lactflow-explore-*")) == []


def test_the_cells_run_and_nothing_is_written(tmp_path, monkeypatch):
    """As a script, with the choices that it begins with."""
    monkeypatch.chdir(tmp_path)
    from lactflow.explore.app import app

    outputs, names = app.run()
    assert names["run"].summary() == names["before"].summary()
    texts = [each.text for each in outputs if each is not None]
    assert "One infant, fed on demand" in texts[0]
    assert sum(text.count("&lt;figure ") + text.count("<figure ") for text in texts) == 3
    assert any("The stations of a lobe, day 36, " in text for text in texts)
    assert "milk removed" in texts[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_marimo_accepts_the_file():
    """`marimo check` finds nothing, not even style."""
    found = subprocess.run(
        [sys.executable, "-m", "marimo", "check", "--strict", str(APP)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


@pytest.mark.slow
def test_the_page_is_served_without_a_browser(tmp_path):
    """From this machine alone, and nothing stays behind."""
    with served(tmp_path, "twins", "--days", "2") as address:
        page = fetched(address)
        assert "<title>lactflow explore</title>" in page
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.slow
def test_a_control_changes_what_is_shown(tmp_path, browser):
    """A pump alone, beside an infant; only this machine is asked for anything."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select

    def captions():
        return browser.execute_script("return [...document.querySelectorAll('figcaption')].map(each => each.innerText)")

    browser.get_log("performance")
    with served(tmp_path, "--days", "2") as address:
        browser.get(address)
        first = settled(lambda: len(now := captions()) == 3 and now, "the pictures")
        assert first[0].startswith("Day 31: ")
        who = browser.find_element(By.CSS_SELECTOR, "marimo-dropdown").shadow_root
        Select(who.find_element(By.CSS_SELECTOR, "select")).select_by_visible_text(next(reversed(WHO)))
        second = settled(lambda: (now := captions())[:1] != first[:1] and now, "other pictures")
        assert second[0].startswith("Day 31: 8 sessions took ")
        screen = {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        ends = (
            "return [...document.querySelectorAll('figure, img, svg, table')].map(each => each.getBoundingClientRect())"
        )
        assert all(each["right"] <= 390 for each in browser.execute_script(ends))
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.get("about:blank")
    events = [json.loads(each["message"])["message"] for each in browser.get_log("performance")]
    asked = {each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"}
    assert {url for url in asked if not url.startswith((address, "data:", "blob:", "about:"))} == set()


def test_without_marimo_the_extra_is_named(invoke, monkeypatch):
    """Before anything else."""
    monkeypatch.setattr(serving, "find_spec", lambda name: None if name == "marimo" else find_spec(name))
    found = invoke("explore")
    assert found.exit_code == 2
    assert found.stderr == "the app needs marimo and matplotlib: pip install 'lactflow[notebooks]'\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["twinz"], "nearest: twins"),
        (["--set", "gland.lumen.capcity_ml=1"], "nearest: gland.lumen.capacity_ml"),
        (["--host", "192.0.2.1"], "--host: 192.0.2.1:0 cannot be had: "),
    ],
)
def test_what_is_wrong_is_one_line_before_anything_is_served(invoke, args, words):
    """With what is near, and exit code 2."""
    found = invoke("explore", *args)
    assert found.exit_code == 2
    assert words in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_reported(invoke):
    """By its number."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = invoke("explore", "--port", str(port))
    assert found.exit_code == 2
    assert found.stderr.startswith(f"--port: 127.0.0.1:{port} cannot be had: ")
