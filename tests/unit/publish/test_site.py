"""The index over all runs and the page of the questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from handmade_run import absence, cells, code, markdown, report

from analysis.errors import DataRefused, RenderFailed
from analysis.layout import Layout
from analysis.publish.lint import lint
from analysis.publish.page import render
from analysis.publish.site import build
from analysis.publish.tree import Node, parse

MakeRun = Callable[..., Path]
QUESTIONS = """ref,kind,group,source_id,section,words
M1,ask,Male survivors,norfolk-refresh-2023,2.6b,Deep dive on male survivors
M2,need,Male survivors,norfolk-refresh-2023,2.6b,"“To understand the services"", so to speak"
H1,gap,Mental health,elsewhere,1.5,What of therapy?
"""
COVERAGE = """ref,notebook,section,status,missing
M1,male_survivors,pathway,partly,sex of every person referred
M1,male_survivors,visibility,answered,
M2,mental_health,waits,partly,
H1,,,not possible,days from referral to first session
"""


@pytest.fixture
def asked(layout: Layout) -> Layout:
    """Return a checkout with three questions."""
    folder = layout.data / "questions"
    folder.mkdir()
    (folder / "questions.csv").write_text(QUESTIONS, encoding="utf-8")
    (folder / "coverage.csv").write_text(COVERAGE, encoding="utf-8")
    (layout.data / "published" / "sources.csv").write_text(
        "source_id,title,publisher\nnorfolk-refresh-2023,Refresh,Norfolk County Council\n", encoding="utf-8"
    )
    return layout


def area_run(
    make_run: MakeRun, layout: Layout, area: str, period: str, folder: str = "male_survivors"
) -> None:
    """Make a finished run of another area; ``--scope-women`` in the name makes it a variant."""
    body = cells()
    scope = "women" if "--" in folder else "all"
    given = {"area": area, "period": period, "confidence": 0.95, "scope": scope}
    opened = report(area=area, area_name=area.title(), period=period, parameters=given)
    body[2] = code("begin", "begin()", opened)
    render(make_run(f"{area}/{period}/{folder}", body), layout)


def items(path: Path) -> tuple[str, list[Node]]:
    html = path.read_text("utf-8")
    page, _ = parse(html)
    return html, [node for node in page.all("li") if "data-item" in node.attrs]


def test_index_lists_every_run_with_its_first_finding(
    make_run: MakeRun, layout: Layout, tmp_path: Path
) -> None:
    """Areas come by name, the latest period first; each report is a link with its finding and its tiers."""
    area_run(make_run, layout, "norfolk", "2022-23")
    area_run(make_run, layout, "leicestershire", "2018-20")
    area_run(make_run, layout, "leicestershire", "2023-24")
    index = build(tmp_path / "reports", layout)
    html, found = items(index)
    assert index == tmp_path / "reports" / "index.html"
    assert lint(html) == []
    links = [next(item.all("a")).attrs["href"] for item in found]
    assert links == [
        "leicestershire/2023-24/male_survivors/report.html",
        "leicestershire/2018-20/male_survivors/report.html",
        "norfolk/2022-23/male_survivors/report.html",
    ]
    assert all((index.parent / link).is_file() for link in links)
    assert "Men are 26.0% of victims known to the police" in found[0].text
    assert found[0].attrs["data-tier"] == "published reference"


def test_variants_are_told_apart(make_run: MakeRun, layout: Layout, tmp_path: Path) -> None:
    """A report run with another parameter says which."""
    area_run(make_run, layout, "norfolk", "2022-23")
    area_run(make_run, layout, "norfolk", "2022-23", "male_survivors--scope-women")
    _, found = items(build(tmp_path / "reports", layout))
    assert [next(item.all("a")).text for item in found] == ["Male survivors", "Male survivors scope: women"]


def test_filters_offer_what_there_is(make_run: MakeRun, layout: Layout, tmp_path: Path) -> None:
    """Filters are hidden until the script runs, so that without it everything is shown."""
    area_run(make_run, layout, "norfolk", "2022-23")
    html, _ = items(build(tmp_path / "reports", layout))
    page, _ = parse(html)
    choices = {
        node.attrs["data-by"]: [option.attrs["value"] for option in node.all("option")]
        for node in page.all("select")
    }
    assert choices == {
        "area": ["", "norfolk"],
        "period": ["", "2022-23"],
        "dive": ["", "male_survivors"],
        "tier": ["", "published", "reference"],
    }
    bar = next(node for node in page.all("div") if "filters" in node.classes)
    assert "hidden" in bar.attrs
    assert not any("hidden" in item.attrs for item in page.all("li", "section"))


def test_run_without_a_page_is_listed_as_unfinished(
    make_run: MakeRun, layout: Layout, tmp_path: Path
) -> None:
    """A run that was not rendered is named, not linked and not hidden."""
    make_run()
    html, found = items(build(tmp_path / "reports", layout))
    assert found == []
    assert "<li>norfolk/2022-23/male_survivors</li>" in html


def test_empty_site_says_so(layout: Layout, tmp_path: Path) -> None:
    """No run makes an index all the same, without a page of questions the checkout does not list."""
    index = build(tmp_path / "new" / "reports", layout)
    assert "0 reports" in index.read_text("utf-8")
    assert not (index.parent / "questions.html").exists()


def test_site_is_byte_identical(make_run: MakeRun, asked: Layout, tmp_path: Path) -> None:
    """Building twice gives the same bytes."""
    area_run(make_run, asked, "norfolk", "2022-23")
    out = tmp_path / "reports"
    before = (build(out, asked).read_bytes(), (out / "questions.html").read_bytes())
    assert (build(out, asked).read_bytes(), (out / "questions.html").read_bytes()) == before


def test_questions_link_to_the_sections_that_answer(make_run: MakeRun, asked: Layout, tmp_path: Path) -> None:
    """Each question has its best status, its sections by area, and says where the evidence stops."""
    area_run(make_run, asked, "norfolk", "2022-23")
    build(tmp_path / "reports", asked)
    html, found = items(tmp_path / "reports" / "questions.html")
    assert lint(html) == []
    first = found[0]
    assert "● Answered" in first.text
    assert [link.attrs["href"] for link in first.all("a")] == [
        "norfolk/2022-23/male_survivors/report.html#pathway",
        "norfolk/2022-23/male_survivors/report.html#visibility",
    ]
    assert "Male survivors: The pathway Norfolk 2022-23: Male survivors: The pathway not in the" in first.text
    assert first.text.count("not in the evidence") == 1
    assert "Norfolk County Council, Refresh, 2.6b" in first.text


def test_section_links_lead_to_headings(make_run: MakeRun, asked: Layout, tmp_path: Path) -> None:
    """Every anchor the page of questions names is on the report it names."""
    area_run(make_run, asked, "norfolk", "2022-23")
    build(tmp_path / "reports", asked)
    _, found = items(tmp_path / "reports" / "questions.html")
    links = [link.attrs["href"].split("#") for item in found for link in item.all("a")]
    assert links
    for href, anchor in links:
        assert f'<h2 id="{anchor}">' in (tmp_path / "reports" / href).read_text("utf-8")


def test_questions_without_an_answer_say_what_to_record(
    make_run: MakeRun, asked: Layout, tmp_path: Path
) -> None:
    """A question no run has answered yet says so, and one that none can answer names the missing field."""
    area_run(make_run, asked, "norfolk", "2022-23")
    build(tmp_path / "reports", asked)
    _, found = items(tmp_path / "reports" / "questions.html")
    assert "◐ Partly answered Mental health: Waits no report has been made yet" in found[1].text
    assert "○ Not possible yet Would have to be recorded days from referral to first session" in found[2].text


def test_unknown_status_is_refused(asked: Layout, tmp_path: Path) -> None:
    """A typing slip in the coverage table is named with its cure."""
    path = asked.data / "questions" / "coverage.csv"
    path.write_text(COVERAGE.replace("partly", "partyl", 1), encoding="utf-8")
    with pytest.raises(DataRefused, match=r'M1 has the unknown status "partyl"\. Did you mean "partly"\?'):
        build(tmp_path, asked)


def test_table_without_a_column_is_refused(asked: Layout, tmp_path: Path) -> None:
    """A missing column is named."""
    (asked.data / "questions" / "questions.csv").write_text("ref,kind\n", encoding="utf-8")
    with pytest.raises(DataRefused, match="no column group, source_id, section, words"):
        build(tmp_path, asked)


def test_faults_of_the_index_are_refused(make_run: MakeRun, layout: Layout, tmp_path: Path) -> None:
    """An index that breaks a rule is not written."""
    folder = make_run(body=cells())
    render(folder, layout)
    body = cells()
    body[2] = code("begin", "begin()", report(title="Of {n} men"))
    make_run(body=body)
    with pytest.raises(RenderFailed, match=r"index\.html: the page breaks .* rule"):
        build(tmp_path / "reports", layout)
    assert not (tmp_path / "reports" / "index.html").exists()


def test_limits_do_not_count_as_missing_sections(make_run: MakeRun, layout: Layout, tmp_path: Path) -> None:
    """A card counts sections the evidence cannot answer, without the section on limits."""
    body = [
        *cells(),
        markdown("stays", "## Stays"),
        code("s", "", absence("stays", "stays", "None was printed.")),
    ]
    render(make_run(body=body), layout)
    _, found = items(build(tmp_path / "reports", layout))
    assert "2 of 5 sections not in the evidence" in found[0].text


def with_store(make_run: MakeRun, layout: Layout, period: str, tier: str) -> None:
    """Make a finished run that read a store."""
    body = cells()
    given = {"area": "norfolk", "period": period, "confidence": 0.95, "scope": "all"}
    opened = report(area="norfolk", area_name="Norfolk", period=period, parameters=given)
    body[2] = code("begin", "begin()", opened)
    store = {"path": f"{tier}/norfolk", "sha256": "12" * 32, "tier": tier}
    render(make_run(f"norfolk/{period}/male_survivors", body, inputs=[store]), layout)


def test_the_site_marks_synthetic_reports_and_those_not_released(
    make_run: MakeRun, asked: Layout, tmp_path: Path
) -> None:
    """A badge on the card, a banner on the index and on the questions, and what the tier means."""
    area_run(make_run, asked, "norfolk", "2022-23")
    index = build(tmp_path / "reports", asked)
    for name in ("index.html", "questions.html"):
        plain = (tmp_path / "reports" / name).read_text("utf-8")
        assert '<div class="synthetic-banner"' not in plain
        assert "synthetic</span>" not in plain
    with_store(make_run, asked, "2021-22", "synthetic")
    with_store(make_run, asked, "2020-21", "records")
    build(tmp_path / "reports", asked)
    html, cards = items(index)
    assert "<strong>SYNTHETIC DATA.</strong> 1 report is made from a generated sample" in html
    by_period = {card.attrs["data-period"]: card for card in cards}
    assert "synthetic" in by_period["2021-22"].attrs["data-tier"]
    assert "Synthetic" in by_period["2021-22"].text
    assert "not released" in by_period["2020-21"].text
    assert "not released" not in by_period["2022-23"].text
    questions = (tmp_path / "reports" / "questions.html").read_text("utf-8")
    assert '<div class="synthetic-banner"' in questions
    assert '<span class="absent">synthetic</span>' in questions
    assert lint(html) == lint(questions) == []
