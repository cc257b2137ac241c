"""The lint over a page: one broken rule at a time."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.layout import Layout
from analysis.publish.lint import lint
from analysis.publish.page import render

SOUND = (
    '<!doctype html><html lang="en-GB"><head><meta http-equiv="Content-Security-Policy" content="x">'
    '<title>Report</title></head><body><main id="main"><h1>Report</h1>{}</main></body></html>'
)
HOME, WORK, TEMP, ROOT = (f"/{folder}/of" for folder in ("home", "work", "tmp", "root"))
DRIVE = f"C:{chr(92)}of"
ALT = "Bars of the male share, from 26 per cent of police victims down to none supported."


def page(body: str) -> str:
    return SOUND.replace("{}", body)


def table(body: str, head: str = '<tr><th scope="col">A</th><th scope="col">B</th></tr>') -> str:
    return f"<table><caption>Shares</caption><thead>{head}</thead><tbody>{body}</tbody></table>"


def test_sound_page_passes(make_run: Callable[..., Path], layout: Layout) -> None:
    """A page as published has nothing to name, and neither has the smallest one."""
    folder = make_run()
    render(folder, layout)
    assert lint((folder / "report.html").read_text("utf-8")) == []
    assert lint(page(table('<tr><th scope="row">None</th><td>0</td></tr>'))) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<p id="a">x</p><p id="a">y</p>', 'id "a" is used 2 times'),
        ("<h1>Second</h1>", "the page has 2 headings of level 1, not one"),
        ("<h3>Deep</h3>", 'heading "Deep" jumps from level 1 to 3'),
        ("<h2></h2>", "a heading of level 2 is empty"),
        ('<img src="data:image/png;base64,AA">', "an image has no alt text"),
        ('<img src="data:," alt="figure-1.png">', 'alt text says nothing: "figure-1.png"'),
        (
            '<img src="data:," alt="No description has been provided for this image">',
            'alt text says nothing: "No description has been provided for this image"',
        ),
        ('<img src="data:," alt="Chart 3">', 'alt text says nothing: "Chart 3"'),
        (f'<img src="https://x.org/a.png" alt="{ALT}">', "<img> loads https://x.org/a.png from elsewhere"),
        (f'<img src="//x.org/a.png" alt="{ALT}">', "<img> loads //x.org/a.png from elsewhere"),
        ('<link href="a.css">', "<link> loads a.css: a page stands on its own"),
        (
            "<style>p { background: url(https://x.org/a) }</style>",
            "a style sheet loads something from elsewhere",
        ),
        ('<iframe src="a"></iframe>', "<iframe> is not allowed on a page"),
        ("<script>alert(1)</script>", "a script is not the site's own"),
        ('<p onclick="x()">a</p>', "<p> carries a script in onclick"),
        ('<p style="color: red">a</p>', "<p> carries its own style, which the security policy blocks"),
        ('<a href="">words</a>', 'link "words" leads nowhere'),
        ('<a href="#lost">words</a>', 'link "words" leads to #lost, which is not on the page'),
        ('<a href="https://x.org"> </a>', "a link to https://x.org has no words"),
        ('<a href="javascript:x()">words</a>', 'link "words" is not a plain link'),
        (
            table('<tr><th scope="row">a</th><td>1</td></tr>').replace("<caption>Shares</caption>", ""),
            "a table has no caption (a table typed in Markdown has none: use run.table)",
        ),
        (
            table("<tr><th>a</th><td>1</td></tr>"),
            'table "Shares" has a header cell without scope',
        ),
        (table("<tr><td>a</td><td>1</td></tr>"), 'table "Shares" has a row without a header cell'),
        (
            table('<tr><th scope="row">a</th><td></td></tr>'),
            'table "Shares" has a cell that is blank or says None or nan',
        ),
        (
            table('<tr><th scope="row">a</th><td>None</td></tr>'),
            'table "Shares" has a cell that is blank or says None or nan',
        ),
        ("<p>Share: nan</p>", 'a missing value is printed as such: "Share: nan"'),
        ("<p>since NaT</p>", 'a missing value is printed as such: "since NaT"'),
        ("<p>from None to 3</p>", 'a missing value is printed as such: "from None to 3"'),
        ("<p>Of {n} people</p>", 'a placeholder was not filled: "Of {n} people"'),
        ("<p>about {share:.1%}</p>", 'a placeholder was not filled: "about {share:.1%}"'),
        ("<p>for $n$ people</p>", 'a formula was not rendered: "for $n$ people"'),
        (r"<p>\frac{a}{b}</p>", r'a formula was not rendered: "\frac{a}{b}"'),
        (
            "<p>Traceback (most recent call last)</p>",
            'an error or a warning is on the page: "Traceback (most recent call last)"',
        ),
        ("<p>FutureWarning: soon</p>", 'an error or a warning is on the page: "FutureWarning: soon"'),
        ('<p class="stderr">x</p>', "what a kernel wrote to stderr is on the page"),
        (f"<p>read {HOME}/a.csv</p>", f'an absolute path is on the page: "{HOME}/a.csv"'),
        (f"<pre>open({WORK})</pre>", f'an absolute path is on the page: "{WORK})"'),
        (f"<code>{DRIVE}</code>", f'an absolute path is on the page: "{DRIVE}"'),
        (f'<p title="{TEMP}">a</p>', f'an absolute path is on the page: "{TEMP}"'),
        ('<b class="dd-tier dd-tier-synthetic">S</b>', "synthetic data are shown without the banner"),
        ("<p>open", "line 1: </main> does not close <p>"),
    ],
)
def test_each_fault_is_named(body: str, fault: str) -> None:
    """One fault gives one sentence that says what and where."""
    assert lint(page(body)) == [fault]


@pytest.mark.parametrize(
    ("gone", "fault"),
    [
        (' lang="en-GB"', "the page names no language"),
        ("<title>Report</title>", "the page has 0 titles, not one"),
        ("<h1>Report</h1>", "the page has 0 headings of level 1, not one"),
        (' http-equiv="Content-Security-Policy"', "the page has no content security policy"),
    ],
)
def test_what_every_page_has_is_missed(gone: str, fault: str) -> None:
    """Language, title, heading and policy are required of every page."""
    assert lint(page("").replace(gone, "")) == [fault]


@pytest.mark.parametrize(
    "words",
    [
        "None of the 225 people supported was a man.",
        "Where none was supported, the evidence is silent on finance and Nan Whaley House.",
        "The grant was £1,811,177 in 2021-22 and rose.",
        "A pathway and/or/work plan; see https://example.org/home/page.",
        "Standard error: not published.",
    ],
)
def test_plain_words_are_not_faults(words: str) -> None:
    """English that looks a little like a fault is left alone."""
    assert lint(page(f"<p>{words}</p>")) == []


def test_code_may_hold_what_prose_may_not() -> None:
    """Templates and missing values are at home in code."""
    assert lint(page("<pre><code>run.say('{n} of $x$', k=None)  # nan</code></pre>")) == []


def test_paths_are_found_inside_drawings() -> None:
    """A path written into an SVG on the page is found, though the page holds it encoded."""
    svg = base64.b64encode(f"<svg><!-- {ROOT}/a.svg --></svg>".encode()).decode()
    body = f'<img src="data:image/svg+xml;base64,{svg}" alt="{ALT}">'
    assert lint(page(body)) == [f'an absolute path is on the page: "{ROOT}/a.svg"']


def test_every_fault_is_named_at_once() -> None:
    """The lint stops at nothing."""
    assert len(lint(page("<h3>Deep</h3><p>nan</p><p>{n}</p><img>"))) == 4
