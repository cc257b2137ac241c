"""Figures as people read them, claim first, with words for those who cannot see them; and as files."""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final, cast

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.transforms import Bbox

from analysis.errors import UsageError
from analysis.present import prose, style
from analysis.present.canvas import LINE, Chart, inches, lines, wrap
from analysis.present.provenance import NOTHING, Basis, notes_html, sources_html
from analysis.present.tables import grid_html, lettered
from analysis.record import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

ALT_LENGTH: Final = 40
"""Fewest characters that can say what a figure shows."""
_FILLER = re.compile(r"\b(?:image|picture|screenshot) of\b|\bno description\b", re.IGNORECASE)
_EDITORS = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_NONE = re.compile(r"\b(?:no|none|not)\b", re.IGNORECASE)
_TITLE_POINTS: Final = 13.0


def check_alt(alt: str, title: str, said: Mapping[str, Any], *, where: str) -> None:
    """Refuse alt text that does not say what the figure shows.

    Raises
    ------
    UsageError
        If it is short, repeats the title, is filler, or says neither a computed value nor that there is none.
    """
    text = " ".join(alt.split())
    fault = ""
    if len(text) < ALT_LENGTH:
        fault = f"the alt text has {len(text)} characters and cannot say what the figure shows"
    elif text.casefold() == " ".join(title.split()).casefold():
        fault = "the alt text repeats the title"
    elif _FILLER.search(text):
        fault = "the alt text is filler"
    elif not said and not _NONE.search(text):
        fault = "the alt text says no computed value, nor that there is none"
    if fault:
        cure = "Say what is compared, the highest and the lowest value by name ({n}), and what follows."
        raise UsageError(fault, where=where, cure=cure)


def svg(drawing: Drawing, box: Bbox | None = None) -> bytes:
    """Return a drawing as SVG, the same bytes for the same drawing."""
    out = io.BytesIO()
    FigureCanvasSVG(drawing)
    drawing.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches=box)
    return out.getvalue()


def png(drawing: Drawing, box: Bbox | None = None) -> bytes:
    """Return a drawing as PNG at `style.DPI`, the same bytes for the same drawing."""
    out = io.BytesIO()
    FigureCanvasAgg(drawing)
    drawing.savefig(out, format="png", dpi=style.DPI, metadata={"Software": None}, bbox_inches=box)
    return out.getvalue()


def drawn(chart: Chart, width: float, basis: Basis = NOTHING) -> bytes:
    """Return a chart as SVG at a width [inches], without title or source, which the page says in text."""
    with mpl.rc_context(style.RC):
        return lean(svg(_marked(chart.draw(width), basis)))


def _marked(drawing: Drawing, basis: Basis) -> Drawing:
    """Write across a drawing that it is synthetic, if it rests on a synthetic sample."""
    if "synthetic" in basis.tiers:
        width, height = drawing.get_size_inches()
        drawing.text(
            0.5,
            0.5,
            "SYNTHETIC",
            ha="center",
            va="center",
            rotation=min(30.0, math.degrees(math.atan2(height, width))),
            fontsize=min(9.5 * width, 30 * height),
            fontweight="bold",
            color=style.REFERENCE,
            alpha=0.16,
            zorder=10,
        )
    return drawing


def lean(drawing: bytes) -> bytes:
    """Return an SVG without what only editors read, and with hundredths of a point, to keep pages small."""
    text = _EDITORS.sub("", drawing.decode())
    text = re.sub(r"\s*\n\s*", " ", text).replace("> <", "><")
    return re.sub(r"(\d*[1-9]\d*\.\d\d)\d+", r"\1", text).strip().encode()


def exports(chart: Chart, title: str, basis: Basis) -> dict[str, bytes]:
    """Return the chart as it travels alone: PNG and SVG with claim, tiers and sources drawn in."""
    with mpl.rc_context(style.RC):
        drawing = _marked(chart.draw(style.WIDE), basis)
        box = _dress(drawing, prose.words(title), basis)
        return {"png": png(drawing, box), "svg": svg(drawing, box)}


def _dress(drawing: Drawing, title: str, basis: Basis) -> Bbox:
    """Write title and sources outside the drawing and return the box [inches] that holds it all."""
    width, height = drawing.get_size_inches()
    above = wrap(title, width, _TITLE_POINTS, bold=True)
    below = "\n".join(wrap(line, width, style.SMALL) for line in _credits(basis))
    over, under = lines(above) * LINE * 1.2 + 0.14, lines(below) * LINE + 0.14
    _line(drawing, height + over - 0.05, above, size=_TITLE_POINTS, weight="bold", color=style.INK)
    _line(drawing, -0.1, below, size=style.SMALL, weight="normal", color=style.MUTED)
    return Bbox([[-0.1, -under], [width + 0.1, height + over + 0.05]])


def _credits(basis: Basis) -> list[str]:
    said = [f"{citation.tier.capitalize()} evidence: {citation.text}" for citation in basis.citations]
    return [*(f"[note {number}] {note}" for number, note in enumerate(basis.footnotes, 1)), *said]


def _line(drawing: Drawing, y: float, text: str, *, size: float, weight: str, color: str) -> None:
    drawing.text(
        0,
        y,
        text,
        transform=inches(drawing),
        va="top",
        ha="left",
        fontsize=size,
        fontweight=weight,
        color=color,
        linespacing=1.2,
    )


def figure_html(figure: Figure, chart: Chart, basis: Basis, anchor: str) -> str:
    """Return a figure as HTML that stands by itself: claim, drawing for two widths, data, notes, sources."""
    caption = figure["caption"]
    words = f'<span class="dd-figure-caption">{prose.html(caption)}</span>' if caption else ""
    return (
        f'<figure class="dd-figure" id="{anchor}"><figcaption><span class="dd-figure-title">'
        f"{prose.html(figure['title'])}</span>{words}</figcaption>"
        + _picture(chart, figure["alt"], basis)
        + _data(figure, anchor)
        + notes_html(basis.footnotes, anchor)
        + sources_html(basis, letters=lettered(figure["columns"]))
        + "</figure>"
    )


def _picture(chart: Chart, alt: str, basis: Basis) -> str:
    wide, narrow = drawn(chart, style.WIDE, basis), drawn(chart, style.NARROW, basis)
    width, height = (round(96 * side) for side in _size(wide))
    return (
        f'<picture><source media="(max-width: {style.NARROW_BELOW})" srcset="{_uri(narrow)}">'
        f'<img src="{_uri(wide)}" width="{width}" height="{height}" alt="{escape(alt)}"></picture>'
    )


def _size(drawing: bytes) -> tuple[float, float]:
    found = re.search(
        rb'width="([\d.]+)pt" height="([\d.]+)pt"|height="([\d.]+)pt"[^>]*?width="([\d.]+)pt"', drawing
    )
    if not found:
        raise UsageError("the drawing has no size", where="figure")
    parts = cast("tuple[bytes | None, ...]", found.groups())
    width, height = (parts[0], parts[1]) if parts[0] else (parts[3], parts[2])
    return float(width or 0) / 72, float(height or 0) / 72


def _uri(drawing: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode('ascii')}"


def _data(figure: Figure, anchor: str) -> str:
    grid = grid_html(f"Data: {figure['title']}", figure["columns"], figure["cells"], anchor)
    return f"<details><summary>Show the data of this figure</summary>{grid}</details>"


def text(figure: Figure) -> str:
    """Return a figure in one line of plain text."""
    return f"Figure: {prose.words(figure['title'])}. {figure['alt']}"


def words_alone(figure: Figure, report: str) -> str:
    """Return the words of a figure as they travel beside it: claim, alt text, caption, sources, citation.

    Parameters
    ----------
    figure
        As displayed.
    report
        Title, area and period of the report it is from.
    """
    basis = figure["provenance"]
    title = prose.words(figure["title"])
    caption = [f"Caption: {prose.words(figure['caption'])}"] if figure["caption"] else []
    lines = [
        f"Title: {title}",
        f"Alternative text: {figure['alt']}",
        *caption,
        f"Evidence: {', '.join(basis['tiers'])}",
        *(f"Source: {source}" for source in basis["sources"]),
        *(f"Note: {note}" for note in basis["footnotes"]),
        f"Cite as: {title}. Figure in: {report}. Deep Dives.",
    ]
    return "\n".join(lines) + "\n"
