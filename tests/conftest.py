"""What all tests share: a way to simulate a scenario in memory, and its facts as frames; a browser."""

from __future__ import annotations

import json
import os
import shutil
import signal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

from lactflow.cli import main
from lactflow.config.model import RunConfig
from lactflow.experiments import crew as crew_module
from lactflow.pipeline import unpack
from lactflow.records import MemoryRecorder
from lactflow.simulation import simulate

# How long an example takes says more about the machine than about the code, so there is no limit to it. `.ci/run`
# selects the profile "ci", in which the examples are the same in every run; elsewhere they are drawn anew.
settings.register_profile("lactflow", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("lactflow"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "lactflow"))


def pytest_configure():
    """Tests of closed terminals work under `nohup` too, which makes this process and its children deaf to SIGHUP."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk():
    """
    `os.fsync` checks its argument and returns, in the process of the tests.

    What is durable matters after a loss of power, which no test has; a killed process loses nothing that was written.
    Tests of the order of the steps put their own function in its place, and processes that tests start call the real
    one.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: os.fstat(descriptor) and None)
        yield


@pytest.fixture
def dying(tmp_path_factory, monkeypatch):
    """
    Have workers end in the middle of some units, named `mother-replicate`; gives the function that says which.

    That takes the units, how often each ends its worker, and by which signal; it returns a function that counts the
    deaths so far.
    """
    folder = tmp_path_factory.mktemp("deaths")
    added = [("report_sections", "dying", "dying_workers:SECTION")]
    monkeypatch.setattr(crew_module, "added_references", lambda _: added)

    def plan(*units, times=1, number=signal.SIGKILL):
        said = {"folder": str(folder), "units": units, "times": times, "signal": number}
        monkeypatch.setenv("LACTFLOW_TESTS_DEATHS", json.dumps(said))
        return lambda: len(list(folder.iterdir()))

    return plan


def pytest_collection_modifyitems(config, items):
    """
    The mutation run takes hours: it is left out unless `-m` names it. What is longest begins first.

    A test of minutes that begins last is run by one process while the others wait.
    """
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)
    left_out = [item for item in items if item.get_closest_marker("mutation")]
    if left_out and "mutation" not in config.option.markexpr:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


class Simulated:
    """A scenario that was simulated in memory."""

    def __init__(self, config: RunConfig, recorder: MemoryRecorder) -> None:
        self.config = config
        self.recorder = recorder

    def table(self, kind: type[tuple[Any, ...]]) -> pd.DataFrame:
        """All facts of one kind."""
        rows = [fact for fact in self.recorder.facts if type(fact) is kind]
        return pd.DataFrame(rows, columns=list(kind._fields))  # type: ignore[attr-defined]

    def visits(self) -> pd.DataFrame:
        """Visits with the names of their stations."""
        frame = pd.DataFrame(unpack(self.recorder.visits or b""))
        keys = self.recorder.keys
        for field in ("breast", "lobe", "line", "station"):
            names = np.array([getattr(key, field) for key in keys])
            frame[f"{field}_name"] = names[frame["station"]]
        return frame


@pytest.fixture(scope="session")
def play():
    """Simulate a scenario given as config keys; the format is filled in."""

    def player(*, visits: bool = True, replicate: int = 0, **keys: Any) -> Simulated:
        config = RunConfig.model_validate({"format": 1, **keys})
        recorder = MemoryRecorder(visits=visits)
        simulate(config, recorder, replicate=replicate)
        return Simulated(config, recorder)

    return player


@pytest.fixture(scope="session")
def every_three_hours(play):
    """Four days of feeds every three hours."""
    return play(days=4.0, schedule=({"kind": "every", "hours": 3},))


@pytest.fixture(scope="session")
def sealed(play):
    """The left breast sealed for 30 hours and then emptied, the right one fed every three hours."""
    return play(
        days=2.0,
        schedule=(
            {"kind": "every", "hours": 3, "side": "right"},
            {"kind": "pump", "from_day": 31.25, "times": ("06:00",), "minutes": 20, "side": "left"},
        ),
        record={"sample_min": 30.0},
    )


_CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Chromium, driven by its driver; it writes down what pages complain of and what they ask for."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if chromium is None or driver is None:
        if os.environ.get("LACTFLOW_NEEDS_CHROMIUM"):
            pytest.fail("Chromium or chromedriver is missing, and LACTFLOW_NEEDS_CHROMIUM asks for them")
        pytest.skip("Chromium and chromedriver are not installed (apt-get install chromium chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for flag in (*_CHROMIUM_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    chrome.get("about:blank")
    chrome.get_log("performance")  # of the page that Chromium begins with
    yield chrome
    chrome.quit()


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    """Call lactflow in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def caller(*args: str):
        result = CliRunner().invoke(main, list(args))
        assert result.exception is None or type(result.exception) is SystemExit
        assert "Traceback" not in result.output
        return result

    return caller
