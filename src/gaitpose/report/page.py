"""What stands on the page, ready to be printed: every text and number the template shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from gaitpose.gait.findings import Finding
from gaitpose.gait.result import GaitAnalysis
from gaitpose.report import blocks, content
from gaitpose.report.blocks import Block
from gaitpose.report.content import Row
from gaitpose.report.limits import limits_of
from gaitpose.report.names import number
from gaitpose.report.usual import usual_for
from gaitpose.skeleton import SIDES

TAGS = {"error": "Problem", "warning": "Caution", "info": "Note"}
"""Plain words for a finding's severity, gravest first."""

CARDS = ("speed", "cadence", "stride_length", "stride_time")

FILES = {
    "overlay.mp4": "the video with skeleton, angles and events",
    "gait.json": "everything in this report, for programs",
    "parameters.csv": "every parameter of every cycle",
    "events.csv": "foot strikes and foot offs",
    "angles.csv": "joint angles over time",
    "cycles.csv": "joint angles of every cycle used, 0 to 100 %",
    "curves.csv": "mean and standard deviation of the joint angles",
    "poses.trc": "joint positions, for OpenSim and motion-capture software",
    "angles.mot": "joint angles, for OpenSim",
    "poses.nc": "joint positions as they came in, with confidence (netCDF, movement layout)",
}
"""Files that may stand beside the report, with what they hold."""


@dataclass(frozen=True)
class Card:
    """One of the large numbers at the top."""

    words: str
    value: str
    unit: str


@dataclass(frozen=True)
class Cycle:
    """One line of the list of cycles."""

    side: str
    number: int
    start: str
    end: str
    walk: str
    used: bool
    reason: str


@dataclass(frozen=True)
class TaggedFinding:
    """A quality finding with the word that stands before it."""

    code: str
    severity: str
    tag: str
    message: str


@dataclass(frozen=True)
class Page:
    """Everything that the template prints; see ``templates/report.html.j2``."""

    version: str
    title: str
    who: str
    facts: list[tuple[str, str]]
    verdict: str
    findings: list[TaggedFinding]
    cards: list[Card]
    parameters: list[Row]
    joints: list[Row]
    norm_speed: str
    curves: Block | None
    sides: Block | None
    timeline: Block
    angles: Block
    cycle_sentence: str
    reasons: list[tuple[str, int]]
    cycles: list[Cycle]
    limits: list[str]
    provenance: list[tuple[str, str]]
    settings: list[tuple[str, str]]
    files: list[tuple[str, str]]

    @property
    def plot_data(self) -> list[tuple[str, Markup]]:
        """Identifier and JSON of every interactive plot."""
        found = [self.curves, self.sides, self.timeline, self.angles]
        plots = [plot for block in found if block is not None for plot in block.plots]
        return [(plot.identifier, Markup(plot.json)) for plot in plots]


def page_of(analysis: GaitAnalysis, files: tuple[str, ...] = ()) -> Page:
    """Collect what stands on the page.

    Parameters
    ----------
    analysis : GaitAnalysis
    files : tuple of str
        Names of the files beside the report.
    """
    usual = usual_for(analysis)
    curves = blocks.curve_block(analysis)
    who = _who(analysis)
    return Page(
        version=str(analysis.provenance.get("gaitpose", "")),
        title=f"Gait report · {who}",
        who=who,
        facts=_facts(analysis),
        verdict=_verdict(analysis),
        findings=sorted_findings(analysis.quality),
        cards=_cards(analysis),
        parameters=content.parameter_rows(analysis),
        joints=content.joint_rows(analysis),
        norm_speed=usual.speed_text() if usual else "",
        curves=curves,
        sides=blocks.side_block(analysis),
        timeline=blocks.timeline_block(analysis),
        angles=blocks.angle_block(analysis),
        cycle_sentence=cycle_sentence(analysis),
        reasons=_reasons(analysis),
        cycles=_cycles(analysis),
        limits=limits_of(analysis),
        provenance=list(flattened(analysis.provenance)),
        settings=list(flattened(analysis.settings.model_dump())),
        files=[(name, FILES[name]) for name in files if name in FILES],
    )


def sorted_findings(findings: tuple[Finding, ...] | list[Finding]) -> list[TaggedFinding]:
    """Return the findings, gravest first, with their words."""
    order = list(TAGS)
    ranked = sorted(findings, key=lambda finding: order.index(finding.severity))
    return [TaggedFinding(f.code, f.severity, TAGS[f.severity], f.message) for f in ranked]


def cycle_sentence(analysis: GaitAnalysis) -> str:
    """Say how many cycles were used and left out."""
    table = analysis.cycle_table
    used = table[table["used"]]
    counts = {side: int((used["side"] == side).sum()) for side in SIDES}
    left_out = len(table) - len(used)
    return (
        f"{counts['left']} left and {counts['right']} right cycles entered the means; "
        f"{left_out or 'none'} {'was' if left_out == 1 else 'were'} left out."
    )


def flattened(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested settings or facts as pairs of dotted name and text; what is None is left out."""
    for name, value in facts.items():
        dotted = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from flattened(value, f"{dotted}.")
        elif value is not None:
            yield dotted, value if isinstance(value, str) else json.dumps(value, default=str)


def _who(analysis: GaitAnalysis) -> str:
    name = analysis.subject.identifier or "Subject without a name"
    condition = analysis.recording.condition
    return f"{name}, {condition}" if condition else name


def _facts(analysis: GaitAnalysis) -> list[tuple[str, str]]:
    start, stop = content.recorded_span(analysis)
    source = analysis.provenance.get("input", {})
    facts = [
        ("Recording", str(source.get("name", ""))),
        (
            "Length",
            f"{number(stop - start, 1)} s, {number(content.frame_rate(analysis), 0)} frames/s",
        ),
        ("Walked on", content.surface_words(analysis)),
        ("Passes", str(len(analysis.passes))),
        ("Leg length", content.leg_length_words(analysis)),
        ("Analysed", str(analysis.provenance.get("created", ""))[:10]),
    ]
    return [(name, value) for name, value in facts if value]


def _verdict(analysis: GaitAnalysis) -> str:
    severities = {finding.severity for finding in analysis.quality}
    if "error" in severities:
        return "Some numbers could not be measured. Read the problems before the rest."
    if "warning" in severities:
        return "Measured, with reservations. Read the cautions before the numbers."
    return "Nothing was found that would put the numbers in doubt."


def _cards(analysis: GaitAnalysis) -> list[Card]:
    cards = []
    for row in content.parameter_rows(analysis):
        if row.name not in CARDS:
            continue
        measured = content.overall(row)
        if measured is not None:
            cards.append(Card(row.words, number(measured, row.decimals), row.unit))
    return cards


def _reasons(analysis: GaitAnalysis) -> list[tuple[str, int]]:
    """Return why cycles were left out, and how many for each reason."""
    dropped = analysis.cycle_table[~analysis.cycle_table["used"]]
    return [(str(reason), int(count)) for reason, count in dropped["reason"].value_counts().items()]


def _cycles(analysis: GaitAnalysis) -> list[Cycle]:
    table = analysis.cycle_table.sort_values(["start_s", "side"])
    columns = (
        table[name] for name in ("side", "cycle", "start_s", "end_s", "pass", "used", "reason")
    )
    return [
        Cycle(
            side=str(side),
            number=int(cycle) + 1,
            start=number(float(start), 2),
            end=number(float(end), 2),
            walk=str(int(walk) + 1),
            used=bool(used),
            reason=str(reason),
        )
        for side, cycle, start, end, walk, used, reason in zip(*columns, strict=True)
    ]
