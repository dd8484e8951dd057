"""Pages as Chromium shows them: charts are drawn, nothing is asked for, and no text runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from diagnosed_folders import diagnosed
from fitted_folders import written

from lactflow.report.blocks import Page, Range, Section
from lactflow.report.courses import over_time
from lactflow.report.numbers import TimeAxis
from lactflow.report.page import write_report
from lactflow.report.render import render

_DRAWN = """
return [...document.querySelectorAll('.lines')].map(each => {
  const canvas = each.querySelector('canvas');
  return canvas !== null && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
});
"""
_SHADED = """
const canvas = document.querySelector('.lines canvas');
const x = Math.round(0.53 * canvas.width);
const pixels = canvas.getContext('2d').getImageData(x, 0, 1, canvas.height).data;
const rows = [...Array(canvas.height).keys()];
const shaded = rows.filter(row => [207, 227, 242].every((part, place) => pixels[4 * row + place] === part));
return shaded.length / canvas.height;
"""
"""Share of an upright line through a chart that has the colour of published ranges."""
_SETTLED = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(arguments[0], 200)))"
"""Charts are drawn once more when the page has got its width."""
_WIDTHS = "return [document.documentElement.scrollWidth, window.innerWidth]"


def asked_for(chrome):
    """Addresses of all requests since the last time, but those of files and of images in the page."""
    events = [json.loads(each["message"])["message"] for each in chrome.get_log("performance")]
    sent = [each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"]
    assert sent
    return [each for each in sent if not each.startswith(("file:", "data:"))]


@pytest.fixture(scope="session")
def axe():
    """The script of axe-core, whose path is in LACTFLOW_AXE; `.ci/run` gets it."""
    path = os.environ.get("LACTFLOW_AXE")
    if not path:
        pytest.skip("LACTFLOW_AXE does not name axe.min.js (npm install axe-core)")
    return Path(path).read_text(encoding="utf-8")


@pytest.fixture
def look(browser, tmp_path):
    """Open the page of a folder; afterwards nothing has been complained of or asked for."""

    def opened(folder, *, dark=False, width=1200):
        file = write_report(folder, tmp_path / "page.html")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.get(file.as_uri())
        return browser

    yield opened
    assert browser.get_log("browser") == []
    assert browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)") == []
    assert browser.execute_script("return window.ran") is None
    assert asked_for(browser) == []


@pytest.fixture
def folders(request, write_validation, tmp_path):
    """One of each kind."""
    kinds = ("run", "comparison", "sweep", "calibration")
    return {
        **{kind: request.getfixturevalue(f"finished_{kind}") for kind in kinds},
        "validation": write_validation(),
        "fit": written(tmp_path / "fit"),
        "diagnosis": diagnosed(tmp_path / "diagnosis"),
        "ranking": request.getfixturevalue("screened"),
    }


@pytest.mark.parametrize(
    "kind", ["run", "comparison", "fit", "diagnosis", "validation", "sweep", "ranking", "calibration"]
)
@pytest.mark.parametrize(("dark", "width"), [(False, 1200), (True, 360)])
def test_pages_are_drawn(look, folders, kind, dark, width):
    """Each chart has ink, in both colour schemes; a phone's screen is wide enough."""
    chrome = look(folders[kind], dark=dark, width=width)
    chrome.execute_async_script(_SETTLED)
    drawn = chrome.execute_script(_DRAWN)
    assert all(drawn)
    assert len(drawn) == {"run": 11}.get(kind, 0)
    needed, there = chrome.execute_script(_WIDTHS)
    assert needed <= there
    ground = chrome.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(18, 22, 27)" if dark else "rgb(255, 255, 255)")


@pytest.mark.parametrize(
    "kind", ["run", "comparison", "fit", "diagnosis", "validation", "sweep", "ranking", "calibration"]
)
@pytest.mark.parametrize("screen", [{"dark": False, "width": 1200}, {"dark": True, "width": 390}])
def test_pages_are_accessible(look, folders, axe, kind, screen):
    """No rule of axe-core is broken: names, contrast, headings, what keys can reach."""
    chrome = look(folders[kind], **screen)
    chrome.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})  # the policy of the page lets no other script in
    found = chrome.execute_async_script("axe.run(document).then(arguments[0])")
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == []
    assert len(found["passes"]) > 20


def test_a_broken_rule_would_be_seen(browser, axe, tmp_path):
    """An image without a name."""
    (tmp_path / "page.html").write_text(
        "<html lang=en><title>x</title><main><svg role=img></svg></main>", encoding="utf-8"
    )
    browser.get((tmp_path / "page.html").as_uri())
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
    found = browser.execute_async_script("axe.run(document).then(arguments[0])")
    assert "svg-img-alt" in [each["id"] for each in found["violations"]]
    browser.get_log("browser")
    browser.get_log("performance")


def test_a_slider_moves_the_stations(look, folders):
    """By its keys; what bars and words say is the frame of that time."""
    chrome = look(folders["run"])
    slider = chrome.find_element("css selector", "[data-slideshow] input")
    frames = chrome.execute_script("return JSON.parse(document.getElementById('charts').textContent).pipeline")
    chrome.execute_script("arguments[0].scrollIntoView()", slider)
    slider.send_keys("\ue011")  # home
    slider.send_keys("\ue014")  # right
    assert chrome.find_element("css selector", "[data-slideshow] output").text == frames["times"][1]
    shown = [each.text for each in chrome.find_elements("css selector", "[data-slideshow] .bars [data-text]")]
    assert [int(text.split()[0]) for text in shown] == [row[0] for row in frames["frames"][1]]


def test_a_table_that_is_cut_says_so_and_is_scrolled_by_keys(look, folders):
    """On a phone: a line above it, a name, a place in the order of Tab; on a wide page there is none."""
    from selenium.webdriver.common.keys import Keys

    chrome = look(folders["run"], width=390)
    chrome.execute_async_script(_SETTLED)
    cut = "return [...document.querySelectorAll('.scroll')].filter(each => each.checkVisibility())"
    tables = chrome.execute_script(cut)
    wide = [each for each in tables if chrome.execute_script("return arguments[0].scrollWidth > 390", each)]
    assert wide
    for each in tables:
        hint = chrome.execute_script("return arguments[0].previousElementSibling", each)
        assert hint.is_displayed() == chrome.execute_script(
            "return arguments[0].scrollWidth > arguments[0].clientWidth + 1", each
        )
        assert each.get_attribute("role") == "region"
        assert each.get_attribute("aria-label")
    assert "scroll sideways" in chrome.execute_script("return arguments[0].previousElementSibling.textContent", wide[0])
    chrome.execute_script("arguments[0].focus()", wide[0])
    wide[0].send_keys(Keys.ARROW_RIGHT)
    chrome.execute_async_script(_SETTLED)
    assert chrome.execute_script("return arguments[0].scrollLeft", wide[0]) > 0
    left = "return arguments[0].getBoundingClientRect().left"
    name = wide[0].find_element("css selector", "tbody th")
    assert chrome.execute_script(left, name) == chrome.execute_script(left, wide[0])
    chrome = look(folders["run"], width=1200)
    chrome.execute_async_script(_SETTLED)
    assert not [each for each in chrome.find_elements("css selector", ".more") if each.is_displayed()]


def test_folded_tables_are_open_on_paper(look, tmp_path):
    """As nobody can open them there; long ones, such as those of papers, stay folded. Afterwards all are as before."""
    chrome = look(written(tmp_path / "fit"))
    of_each = "[each.open, each.querySelectorAll('tr').length]"
    folded = f"return [...document.querySelectorAll('details.folded')].map(each => {of_each})"
    before = chrome.execute_script(folded)
    assert {is_open for is_open, _ in before} == {False}
    chrome.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert chrome.execute_script(folded) == [[rows <= 41, rows] for _, rows in before]
    assert any(rows <= 41 for _, rows in before)
    chrome.execute_script("dispatchEvent(new Event('afterprint'))")
    assert chrome.execute_script(folded) == before


def test_published_ranges_are_drawn_whole(browser, tmp_path):
    """One from 50 to 100 behind values up to 20 has nearly half of the field."""
    published = [Range(0.0, 10.0, 50.0, 100.0, "Somebody 2031")]
    times_min, milk = [720.0, 7200.0, 13000.0], {"milk": [10.0, 20.0, 20.0]}
    chart = over_time(
        TimeAxis(0.0, 14400.0), times_min, milk, "mL", name="milk", title="Milk", caption="", published=published
    )
    file = tmp_path / "page.html"
    file.write_bytes(render(Page("run", "title", "subtitle", "complete", [Section("milk", "Milk", [chart])])))
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "light"}]}
    )
    browser.get(file.as_uri())
    browser.execute_async_script(_SETTLED)
    assert 0.25 < browser.execute_script(_SHADED) < 0.45
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("kind", ["run", "comparison", "fit", "validation", "sweep", "calibration"])
def test_no_text_runs(look, hostile, kind):
    """Payloads in every name are shown and not run."""
    chrome = look(hostile[kind])
    assert "onerror=window.ran=1" in chrome.execute_script("return document.body.textContent")
    assert chrome.execute_script("return document.images.length") == 0


def test_verdicts_are_filtered_by_keyboard(look, folders):
    """An arrow chooses the next verdict, and the others are hidden."""
    from selenium.webdriver.common.keys import Keys

    chrome = look(folders["validation"])
    chrome.find_element("css selector", "input[value='met']").send_keys(Keys.ARROW_RIGHT)
    shown = chrome.execute_script(
        "return [...document.querySelectorAll('tr[data-verdict]')].filter(each => each.checkVisibility())"
        ".map(each => each.dataset.verdict)"
    )
    assert shown == ["not met"]
    assert chrome.execute_script("return document.querySelector('[data-filtered]').textContent") == "1 of 5 are shown"


def test_one_measure_is_shown_at_a_time(look, folders):
    """The first is milk removed; another is chosen."""
    from selenium.webdriver.support.ui import Select

    chrome = look(folders["comparison"])
    shown = (
        "return [...document.querySelectorAll('[data-choice]')].filter(each => each.checkVisibility())"
        ".map(each => each.querySelector('h3').textContent)"
    )
    assert chrome.execute_script(shown) == ["milk removed"]
    Select(chrome.find_element("css selector", ".controls select")).select_by_visible_text("fat")
    assert chrome.execute_script(shown) == ["fat"]


def test_measures_and_rankings_are_chosen_apart(look, folders):
    """Two lists, each with its own figures."""
    from selenium.webdriver.support.ui import Select

    chrome = look(folders["ranking"])
    shown = (
        "return [...document.querySelectorAll('[data-choice]')].filter(each => each.checkVisibility())"
        ".map(each => each.dataset.choice + ': ' + each.querySelector('h3').textContent)"
    )
    assert chrome.execute_script(shown) == ["measures: milk in both breasts", "ranking: milk in both breasts"]
    _, ranking = chrome.find_elements("css selector", ".controls select")
    Select(ranking).select_by_visible_text("milk removed, day 30")
    assert chrome.execute_script(shown) == ["measures: milk in both breasts", "ranking: milk removed, day 30"]


def test_the_reading_line_moves_by_keyboard(look, folders):
    """Arrows go from value to value, in all charts of the same time together."""
    from selenium.webdriver.common.keys import Keys

    chrome = look(folders["run"])
    values = "return [...document.querySelectorAll('[data-chart=\"{}\"] .u-value')].map(each => each.textContent)"
    before = chrome.execute_script(values.format("prolactin"))
    chart = chrome.find_element("css selector", "[data-chart='prolactin']")
    chart.send_keys(Keys.ARROW_RIGHT)
    chart.send_keys(Keys.ARROW_RIGHT)
    after = chrome.execute_script(values.format("prolactin"))
    assert after != before
    assert "-" not in after
    assert "-" not in chrome.execute_script(values.format("oxytocin"))


def test_a_request_would_be_seen(browser, tmp_path):
    """What the other tests never find is found where it is."""
    file = tmp_path / "asking.html"
    file.write_text("<img src='http://lactflow.invalid/x.png'>", encoding="utf-8")
    browser.get(file.as_uri())
    assert asked_for(browser) == ["http://lactflow.invalid/x.png"]
    assert browser.get_log("browser")
