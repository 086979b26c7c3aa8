"""The page: its numbers are the analysis', and it asks nobody for anything."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

import gaitpose
from gaitpose.gait.findings import Finding
from gaitpose.report import content
from gaitpose.report.blocks import shown_stretch
from gaitpose.report.html import render
from gaitpose.report.names import number

FILES = ("gait.json", "parameters.csv", "overlay.mp4")
LOADING = {"src", "srcset", "poster", "data", "background", "action", "formaction"}
VOID = {"meta", "img", "br", "input", "link", "hr"}


@dataclass
class Page(HTMLParser):
    """What a browser would see."""

    html: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    scripts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._row: str | None = None
        self._cell: list[str] | None = None
        self._stack: list[tuple[str, dict[str, str]]] = []
        self.feed(self.html)
        self.unclosed = [tag for tag, _ in self._stack]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in VOID:
            self._stack.append((tag, given))
        if tag == "tr" and "data-parameter" in given:
            self._row = given["data-parameter"]
            self.rows[self._row] = []
        if self._row and tag in ("td", "th"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        assert self._stack and self._stack[-1][0] == tag, f"</{tag}> closes {self._stack[-1:]}"
        self._stack.pop()
        if self._row and tag in ("td", "th"):
            self.rows[self._row].append(" ".join("".join(self._cell or []).split()))
            self._cell = None
        if tag == "tr":
            self._row = None

    def handle_data(self, data: str) -> None:
        if self._stack and self._stack[-1][0] == "script":
            self.scripts[self._stack[-1][1].get("id", "")] = data
        elif self._stack and self._stack[-1][0] != "style":
            self.text.append(data)
            if self._cell is not None:
                self._cell.append(data)


@pytest.fixture(scope="module")
def html(analysis: gaitpose.Analysis) -> str:
    return render(analysis, FILES)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_every_element_is_closed(page: Page) -> None:
    assert page.unclosed == []


def test_nothing_is_loaded_from_anywhere(page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag not in ("link", "iframe", "object", "embed", "base"), tag
        assert tag != "script" or "src" not in attributes
        for name in LOADING & set(attributes):
            assert attributes[name].startswith("data:"), (tag, name, attributes[name][:60])
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert not [link for link in links if ":" in link], "links lead to files beside the page only"


def test_style_loads_nothing(html: str) -> None:
    styles = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert styles and not any("url(" in style or "@import" in style for style in styles)


def test_the_browser_is_told_to_refuse_all_requests(page: Page) -> None:
    policy = next(
        attributes["content"]
        for tag, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_the_file_is_small_enough_to_send(html: str) -> None:
    assert len(html.encode()) < 6_000_000


@pytest.mark.parametrize("name", ["step_length", "stance_percent", "stride_time", "knee_range"])
def test_numbers_of_both_sides_are_those_of_the_summary(
    name: str, page: Page, analysis: gaitpose.Analysis
) -> None:
    rows = content.parameter_rows(analysis) + content.joint_rows(analysis)
    row = next(each for each in rows if each.name == name)
    summary = analysis.summary.set_index(["name", "side"])
    for column, side in ((1, "left"), (2, "right")):
        values = summary.loc[(name, side)]
        mean, sd = number(values["mean"], row.decimals), number(values["sd"], row.decimals)
        assert page.rows[name][column].startswith(f"{mean} ± {sd}")


def test_speed_and_cadence_are_one_number_for_the_walk(
    page: Page, analysis: gaitpose.Analysis
) -> None:
    summary = analysis.summary.set_index("name")
    assert page.rows["speed"][1].startswith(f"{summary.loc['speed', 'mean']:.2f} ±")
    assert page.rows["cadence"][1].startswith(f"{summary.loc['cadence', 'mean']:.1f} ±")


def test_drawn_curves_are_the_means(page: Page, analysis: gaitpose.Analysis) -> None:
    figure = json.loads(page.scripts["curve-knee"])
    table = content.curve_table(analysis)
    for side in ("left", "right"):
        drawn = next(trace for trace in figure["data"] if trace.get("name") == side)
        own = table[(table["joint"] == "knee") & (table["side"] == side)]
        np.testing.assert_allclose(drawn["y"], own["mean_deg"], atol=0.006)


def test_every_plot_has_its_data_and_words(page: Page) -> None:
    plots = [attributes for _, attributes in page.tags if "data-figure" in attributes]
    assert len(plots) >= 6
    for attributes in plots:
        assert len(attributes["aria-label"]) > 20
        go.Figure(json.loads(page.scripts[attributes["data-figure"]]))


def test_every_image_has_words_and_is_well_formed(page: Page) -> None:
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(images) == 4
    for attributes in images:
        assert len(attributes["alt"]) > 20
        kind, _, body = attributes["src"].partition(",")
        assert kind == "data:image/svg+xml;base64"
        ET.fromstring(base64.b64decode(body))


def test_each_figure_names_the_file_with_its_data(page: Page) -> None:
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert {"curves.csv", "events.csv", "angles.csv", "parameters.csv"} <= links


def test_what_users_type_is_not_markup(html: str, page: Page) -> None:
    assert "P-017 <b>" not in html
    assert any("P-017 <b>, with exoskeleton" in text for text in page.text)


def test_it_says_what_it_is_not(page: Page) -> None:
    text = " ".join(page.text)
    assert "not a medical device" in text
    assert "One camera sees one plane" in text


def test_findings_stand_first_and_the_gravest_on_top(analysis: gaitpose.Analysis) -> None:
    findings = (
        Finding("noted", "info", "Something was noted."),
        Finding("broken", "error", "Something is </script> missing."),
    )
    html = render(replace(analysis, quality=findings))
    page = Page(html)
    codes = [attributes["data-code"] for _, attributes in page.tags if "data-code" in attributes]
    assert codes == ["broken", "noted"]
    assert "Some numbers could not be measured" in " ".join(page.text)
    assert html.index('data-code="broken"') < html.index('id="parameters"')


def test_every_cycle_is_listed_and_reasons_are_given(analysis: gaitpose.Analysis) -> None:
    table = analysis.cycle_table.copy()
    table.loc[table.index[0], ["used", "reason"]] = [False, "a gap at the left knee"]
    page = Page(render(replace(analysis, cycle_table=table)))
    text = " ".join(" ".join(page.text).split())
    assert text.count("left out: a gap at the left knee") == 2, "in the list and in the table"
    used = table[table["used"]]
    assert f"{(used['side'] == 'left').sum()} left and" in text


def test_without_any_cycle_there_is_still_a_report(
    without_cycles: gaitpose.Analysis, tmp_path: Path
) -> None:
    written = {path.name: path for path in without_cycles.save(tmp_path)}
    page = Page(written["report.html"].read_text("utf-8"))
    assert "curve-knee" not in page.scripts
    assert "steps" in page.scripts
    assert "0 left and 0 right cycles entered the means" in " ".join(page.text)
    assert written["cycles.csv"].read_text().startswith("side,cycle,percent,hip_deg")


def test_limits_speak_of_this_recording(without_length: gaitpose.Analysis) -> None:
    text = " ".join(Page(render(without_length)).text)
    assert "lengths and speed are in leg lengths" in text


def test_the_same_analysis_gives_the_same_page(analysis: gaitpose.Analysis, html: str) -> None:
    assert render(analysis, FILES) == html


def test_a_long_recording_still_makes_a_page_that_can_be_sent() -> None:
    time = np.arange(0, 600, 1 / 120)
    columns = {f"{side}_knee_deg": np.sin(time) for side in ("left", "right")}
    long = pd.DataFrame({"time_s": time, **columns})
    shown, words = shown_stretch(long)
    assert words == "the first 60 s"
    assert shown["time_s"].iloc[-1] == pytest.approx(60, abs=0.05)
    assert len(shown) == pytest.approx(60 * 60, abs=2)
    whole, words = shown_stretch(long.iloc[:1200])
    assert (len(whole), words) == (600, "the recording")
