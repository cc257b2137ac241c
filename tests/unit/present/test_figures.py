"""Figures carry words and data, and are the same bytes in every process."""

import base64
import hashlib
import io
import json
import re
import struct
import subprocess
import sys

import pytest

from analysis.errors import UsageError
from analysis.present import charts, figures, provenance

WHERE = "male_survivors, visibility"
TITLE = "Men vanish on the way to safe accommodation"

DIGESTS = """
import hashlib, json
import pandas as pd
from analysis.present import charts, figures, provenance, style
frame = pd.DataFrame({"label": ["A", "B"], "category": ["x", "y"], "count": [3, 4], "base": [9, 9],
    "share": [.3, .4], "low": [.2, .3], "high": [.4, .5]})
basis = provenance.Basis(("published",), (provenance.Citation("n", "Norfolk.", "published"),), (), ("Note.",))
drawn = [charts.intervals(frame, xlabel="x (%)", reference_line=.3), charts.stacked(frame, xlabel="x"),
    charts.heatmap(frame, xlabel="x (%)"), charts.bars(frame, xlabel="x")]
files = {}
for i, chart in enumerate(drawn):
    files |= {f"{i}.{kind}": content for kind, content in figures.exports(chart, "Title", basis).items()}
    files[f"{i}.inline"] = figures.drawn(chart, style.NARROW)
print(json.dumps({name: hashlib.sha256(content).hexdigest() for name, content in files.items()}))
"""


@pytest.fixture
def chart(ladder):
    """The ladder drawn."""
    return charts.intervals(ladder, xlabel="Men as a share of everyone counted (%)")


@pytest.fixture
def basis(ladder, evidence):
    """What the ladder rests on."""
    return provenance.gather([ladder], evidence.sources, where=WHERE)


def test_two_processes_draw_the_same_bytes():
    """PNG, SVG and inline drawings do not depend on the process that drew them."""
    runs = [
        subprocess.run([sys.executable, "-c", DIGESTS], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert json.loads(runs[0]) == json.loads(runs[1])
    assert len(set(json.loads(runs[0]).values())) == 12


def test_exports_bear_no_date_and_no_tool(chart, basis):
    """Files carry neither a time nor the version of what drew them, and a PNG prints at 300 dots an inch."""
    files = figures.exports(chart, TITLE, basis)
    assert b"dc:date" not in files["svg"]
    assert b"Matplotlib" not in files["svg"]
    chunks = dict(png_chunks(files["png"]))
    assert "tEXt" not in chunks
    assert struct.unpack(">I", chunks["pHYs"][:4])[0] == round(300 / 0.0254)


def png_chunks(content):
    """Yield the name and the bytes of each chunk of a PNG."""
    stream = io.BytesIO(content[8:])
    while head := stream.read(8):
        size, name = struct.unpack(">I4s", head)
        yield name.decode(), stream.read(size)
        stream.read(4)


def test_title_and_sources_are_drawn_into_files_alone(chart, basis):
    """A file that travels alone is higher than the drawing beside text by its title, notes and sources."""
    alone = figures._size(figures.exports(chart, TITLE, basis)["svg"])
    beside = figures._size(figures.drawn(chart, 7.4))
    assert alone[0] == pytest.approx(beside[0] + 0.2, abs=0.01)
    assert alone[1] > beside[1] + 4 * 0.2


def test_lean_drawing_is_whole(chart):
    """What is cut from inline drawings is what only editors read: glyphs, marks and words remain."""
    text = figures.drawn(chart, 7.4).decode()
    assert text.startswith("<svg ")
    assert text.endswith("</svg>")
    assert "<!--" not in text
    assert "metadata" not in text
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= ids


@pytest.mark.parametrize(
    ("alt", "fault"),
    [
        ("Men by rung.", "has 12 characters"),
        (TITLE, "repeats the title"),
        ("An image of the chart of the shares of men", "filler"),
        ("The share of men falls from the survey to support", "says no computed value"),
    ],
)
def test_alt_text_that_says_nothing_is_refused(alt, fault):
    """Alt text that is short, filler, or the title again is refused with the fault."""
    with pytest.raises(UsageError) as caught:
        figures.check_alt(alt, TITLE, {}, where=WHERE)
    assert fault in str(caught.value)


def test_alt_text_with_a_value_or_none_passes():
    """Alt text passes with a computed value, or when it says that there is none."""
    figures.check_alt("The share of men falls from 34% to nobody at all.", TITLE, {"a": {}}, where=WHERE)
    figures.check_alt("No share of men is published for any of the rungs.", TITLE, {}, where=WHERE)


def test_html_has_claim_drawings_and_data(chart, basis):
    """The claim comes first, the drawing has two widths and alt text, and the data follow as a table."""
    payload = {
        "id": "visibility",
        "section": "visibility",
        "title": TITLE,
        "alt": 'Men "fall" from 34% to <none>',
        "caption": "",
        "columns": [{"name": "label", "label": "Rung", "unit": "", "kind": "text"}],
        "cells": [["Survey"]],
        "values": [["Survey"]],
        "files": {},
        "provenance": basis.payload(),
    }
    html = figures.figure_html(payload, chart, basis, "figure-visibility")
    assert html.index(TITLE) < html.index("<img ")
    assert 'alt="Men &quot;fall&quot; from 34% to &lt;none&gt;"' in html
    assert "<details><summary>" in html
    drawings = [base64.b64decode(found) for found in re.findall(r"base64,([^\"]+)\"", html)]
    assert len(drawings) == 2
    assert len({hashlib.sha256(drawing).digest() for drawing in drawings}) == 2
    assert "style=" not in html
