"""Leaks in files: images, drawings, tables, workbooks, archives, and files that should not be there."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from building import Planted
from leak import NAME, Leak
from planting import add_file, before_end, chunk, edit_svg, repixel, rezip

Plant = Callable[[Planted], None]
PNG, SVG, CSV, BOOK = "figures/outcomes.png", "figures/outcomes.svg", "tables/outcomes.csv", "tables.xlsx"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{NAME}</dc:creator></x:xmpmeta>'


def png(change: Callable[[bytes], bytes]) -> Plant:
    """Return what changes an image."""
    return lambda run: run.edit_file(PNG, change)


def svg(old: str, new: str, *, page: bool = False) -> Plant:
    """Return what changes a drawing's file, and the drawings of the page if it says so."""
    return lambda run: edit_svg(run, "outcomes", lambda text: text.replace(old, new, 1), page=page)


def table(change: Callable[[bytes], bytes], name: str = CSV) -> Plant:
    """Return what changes a CSV."""
    return lambda run: run.edit_file(name, change)


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Return a change of bytes that must be there."""

    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return change


# -- images and drawings ------------------------------------------------------------------------------

IMAGES = [
    Leak("PNG text chunk", png(before_end(chunk(b"tEXt", b"Comment\0" + NAME.encode()))), ("png-chunks",)),
    Leak("PNG compressed text", png(before_end(chunk(b"zTXt", b"Comment\0\0x"))), ("png-chunks",)),
    Leak(
        "PNG XMP",
        png(before_end(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP.encode()))),
        ("png-chunks",),
    ),
    Leak("PNG EXIF", png(before_end(chunk(b"eXIf", b"MM\0*" + NAME.encode()))), ("png-chunks",)),
    Leak(
        "PNG time",
        png(before_end(chunk(b"tIME", struct.pack(">HBBBBB", 2023, 5, 4, 4, 4, 4)))),
        ("png-chunks",),
    ),
    Leak("PNG chunk of its own", png(before_end(chunk(b"meGn", NAME.encode()))), ("png-chunks",)),
    Leak(
        "PNG resolution",
        png(replaced(struct.pack(">II", 11811, 11811), struct.pack(">II", 11811, 11815))),
        ("png-chunks",),
    ),
    Leak("PNG bytes after the end", png(lambda content: content + NAME.encode()), ("png-chunks",)),
    Leak("PNG another image after the end", png(lambda content: content + content), ("png-chunks",)),
    Leak("PNG bytes behind the pixels", png(repixel(lambda pixels: pixels + NAME.encode())), ("png-pixels",)),
]
G = '<g id="axes_1">'
MARK = '<path d="M 250.5 60.5 L 252.5 60.5 L 252.5 62.5 z" style="fill: #12436d"/>'
BAR = "fill: #12436d"
DRAWINGS = [
    Leak("SVG title", svg(G, f"<title>{NAME}</title>{G}"), ("svg-markup",)),
    Leak("SVG description", svg(G, f"<desc>{NAME}</desc>{G}"), ("svg-markup",)),
    Leak("SVG comment", svg(G, f"<!-- {NAME} -->{G}"), ("svg-markup",)),
    Leak("SVG metadata", svg("<dc:format>", f"<dc:creator>{NAME}</dc:creator><dc:format>"), ("svg-markup",)),
    Leak("SVG text element", svg(G, f"<text>{NAME}</text>{G}"), ("svg-markup",)),
    Leak(
        "SVG embedded raster", svg(G, f'<image xlink:href="data:image/png;base64,AA=="/>{G}'), ("svg-markup",)
    ),
    Leak("SVG script", svg(G, f"<script>1</script>{G}"), ("svg-markup",)),
    Leak("SVG link", svg(G, f'<a xlink:href="https://e.org/{NAME}"/>{G}'), ("svg-markup",)),
    Leak("SVG id", svg('id="axes_1"', 'id="megan_1"'), ("svg-markup",)),
    Leak("SVG data attribute", svg(G, f'<g data-n="{NAME}"></g>{G}'), ("svg-markup",)),
    Leak("SVG style sheet", svg("stroke-linecap: butt}", "stroke-linecap: butt} /* 4 */"), ("svg-markup",)),
    Leak(
        "SVG after its end",
        lambda run: edit_svg(run, "outcomes", lambda text: f"{text}<!-- {NAME} -->", page=False),
        ("svg-markup",),
    ),
    Leak("SVG colour of a bar", svg(BAR, "fill: #12436e", page=True), ("svg-markup",)),
    Leak("SVG invisible element", svg(BAR, "opacity: 0; fill: #12436d", page=True), ("svg-markup",)),
    Leak("SVG data point", svg(G, f"{G}{MARK}", page=True), ("svg-points",)),
    Leak(
        "SVG point outside the page",
        svg(G, f'{G}<path d="M -40 -40 L -41 -41" style="fill: #12436d"/>'),
        ("svg-points",),
    ),
    Leak("SVG words in the comment alone", svg("<!-- Accepted -->", "<!-- Adcepted -->"), ("svg-words",)),
    Leak(
        "SVG number that the table has not",
        lambda run: edit_svg(run, "outcomes", _redrawn_number),
        ("svg-words",),
    ),
]


def _redrawn_number(text: str) -> str:
    """Draw 129 where 122 stands, in letters and in comments."""
    nine, two = "DejaVuSans-1c", "DejaVuSans-15"
    at = text.find("<!-- 122 of 248 -->") if "<!--" in text else text.find(f'#{two}"')
    start = text.find(f'#{two}" ', at) if "<!--" in text else at
    drawn = text[:start] + f"#{nine}" + text[start + len(two) + 1 :] if start >= 0 else text
    return drawn.replace("<!-- 122 of 248 -->", "<!-- 192 of 248 -->")


# -- tables -------------------------------------------------------------------------------------------

TABLES = [
    Leak(
        "CSV column that the payload has not",
        table(
            lambda held: (
                b"\n".join(
                    line + (b",n" if not n else b",4")
                    for n, line in enumerate(held.rstrip(b"\n").split(b"\n"))
                )
                + b"\n"
            )
        ),
        ("csv-shape",),
    ),
    Leak(
        "CSV row that the payload has not",
        table(lambda held: held + held.rstrip(b"\n").split(b"\n")[-1] + b"\n"),
        ("csv-shape",),
    ),
    Leak(
        "CSV of a figure without markers",
        table(replaced(b",122,", b",121,"), "figures/outcomes.csv"),
        ("csv-values",),
    ),
    Leak("CSV cell that is hidden elsewhere", table(replaced(b"[c]", b"4")), ("csv-values",)),
    Leak("CSV formula", table(replaced(b"Female", b"=HYPERLINK(0)")), ("csv-formula",)),
    Leak("CSV spaces at the end", table(replaced(b"[c]", b"[c] ")), ("csv-values",)),
    Leak("CSV quotes that nothing needs", table(replaced(b"Female", b'"Female"')), ("csv-shape",)),
    Leak("CSV ends of lines", table(replaced(b"\n", b"\r\n")), ("csv-shape",)),
    Leak("CSV mark of byte order", table(lambda held: b"\xef\xbb\xbf" + held), ("csv-shape",)),
    Leak("CSV provenance", table(replaced(b"synthetic-norfolk", b"Megan")), ("csv-values",)),
    Leak(
        "CSV more digits than the number",
        table(replaced(b",122,", b",122.0000,"), "figures/outcomes.csv"),
        ("csv-values",),
    ),
    Leak(
        "words beside a figure that its payload has not",
        table(lambda held: held + b"Note: 4 were declined\n", "figures/outcomes.txt"),
        ("output-words",),
    ),
    Leak(
        "words beside a figure with spaces at the end",
        table(replaced(b"\nEvidence", b" \nEvidence"), "figures/outcomes.txt"),
        ("output-words",),
    ),
]

# -- a workbook ---------------------------------------------------------------------------------------


def workbook(
    spoil: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None] = lambda *_: None,
) -> bytes:
    """Return a workbook of one sheet with released numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Outcomes")
    for row, (label, value) in enumerate([("Accepted", 122), ("Declined", 80), ("Male, declined", "[c]")]):
        sheet.write(row, 0, label)
        sheet.write(row, 1, value)
    spoil(book, sheet)
    book.close()
    return out.getvalue()


def book(spoil: Callable[..., object]) -> Plant:
    """Return what adds a spoilt workbook."""
    return lambda run: add_file(run, BOOK, workbook(lambda made, sheet: spoil(made, sheet) and None))


def parts(change: Callable[[dict[str, bytes]], None]) -> Plant:
    """Return what adds a workbook with other parts."""
    return lambda run: add_file(run, BOOK, rezip(workbook(), change))


def _replace(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(held: dict[str, bytes]) -> None:
        assert old in held[name]
        held[name] = held[name].replace(old, new, 1)

    return change


SHEET, NAMES = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
WORKBOOKS = [
    Leak("XLSX hidden sheet", book(lambda b, _: b.add_worksheet("More").hide()), ("workbook",)),
    Leak("XLSX very hidden sheet", book(lambda b, _: b.add_worksheet("More").very_hidden()), ("workbook",)),
    Leak("XLSX hidden row", book(lambda _, s: s.set_row(2, None, None, {"hidden": True})), ("workbook",)),
    Leak(
        "XLSX hidden column",
        book(lambda _, s: s.set_column(1, 1, None, None, {"hidden": True})),
        ("workbook",),
    ),
    Leak("XLSX column of no width", book(lambda _, s: s.set_column(1, 1, 0.1)), ("workbook",)),
    Leak("XLSX defined name", book(lambda b, _: b.define_name("Megan", "=4")), ("workbook",)),
    Leak("XLSX comment", book(lambda _, s: s.write_comment(0, 0, NAME)), ("workbook",)),
    Leak("XLSX author", book(lambda b, _: b.set_properties({"author": NAME})), ("workbook",)),
    Leak("XLSX company", book(lambda b, _: b.set_properties({"company": NAME})), ("workbook",)),
    Leak("XLSX custom property", book(lambda b, _: b.set_custom_property("n", 4)), ("workbook",)),
    Leak(
        "XLSX formula with a last value",
        book(lambda _, s: s.write_formula(5, 1, "=0", None, 4)),
        ("workbook",),
    ),
    Leak("XLSX number that is not released", book(lambda _, s: s.write(5, 1, 4)), ("workbook",)),
    Leak(
        "XLSX format that shows nothing",
        book(lambda b, s: s.write(5, 1, 122, b.add_format({"num_format": ";;;"}))),
        ("workbook",),
    ),
    Leak("XLSX header", book(lambda _, s: s.set_header(f"&L{NAME}")), ("workbook",)),
    Leak(
        "XLSX list of values",
        book(lambda _, s: s.data_validation(0, 0, 0, 0, {"validate": "list", "source": [NAME]})),
        ("workbook",),
    ),
    Leak(
        "XLSX conditional format",
        book(
            lambda b, s: s.conditional_format(
                0, 0, 2, 1, {"type": "cell", "criteria": "<", "value": 10, "format": b.add_format()}
            )
        ),
        ("workbook",),
    ),
    Leak(
        "XLSX pivot cache",
        parts(lambda held: held.update({"xl/pivotCache/pivotCacheRecords1.xml": b"<r/>"})),
        ("workbook",),
    ),
    Leak(
        "XLSX link to another workbook",
        parts(lambda held: held.update({"xl/externalLinks/externalLink1.xml": b"<r/>"})),
        ("workbook",),
    ),
    Leak(
        "XLSX text that no cell shows",
        parts(_replace("xl/sharedStrings.xml", b"</sst>", f"<si><t>{NAME}</t></si></sst>".encode())),
        ("workbook",),
    ),
    Leak(
        "XLSX comment in its source",
        parts(_replace(SHEET, b"<sheetData>", f"<!-- {NAME} --><sheetData>".encode())),
        ("workbook",),
    ),
    Leak(
        "XLSX name of a sheet",
        parts(_replace(NAMES, b'name="Outcomes"', f'name="{NAME}"'.encode())),
        ("identifier",),
    ),
]

# -- other files --------------------------------------------------------------------------------------


def _stray(name: str, content: bytes = b"4") -> Plant:
    return lambda run: add_file(run, name, content)


def _renamed(run: Planted) -> None:
    """Rename an image, and say so in the payload, as code with a computed key would."""
    (run.folder / PNG).rename(run.folder / "figures/megan-evans.png")

    def edit(notebook: dict) -> None:
        shown = (one["data"] for cell in notebook["cells"] for one in cell.get("outputs", ()))
        for data in shown:
            for said in data.values():
                if isinstance(said, dict) and said.get("files", {}).get("png") == PNG:
                    said["files"]["png"] = "figures/megan-evans.png"

    run.edit_notebook(edit)


def _linked(run: Planted) -> None:
    (run.folder / "figures" / "more.png").symlink_to(run.folder / PNG)


def _twice_named(run: Planted) -> None:
    os.link(run.folder / PNG, run.folder.parent / "elsewhere.png")


def _unlisted(run: Planted) -> None:
    (run.folder / "tables" / "outcomes.csv.bak").write_text(NAME)


def _changed(run: Planted) -> None:
    path = run.folder / CSV
    path.write_bytes(path.read_bytes() + b"\n")


def _missing(run: Planted) -> None:
    Path(run.folder / CSV).unlink()


FILES = [
    Leak("file name of a survivor", _renamed, ("folder-name",)),
    Leak("file that no output declares", _stray("tables/outcomes-raw.csv", b"n\n4\n"), ("folder-name",)),
    Leak("pickle of a frame", _stray("tables/outcomes.pkl"), ("file-kind",)),
    Leak("parquet of a frame", _stray("tables/outcomes.parquet"), ("file-kind",)),
    Leak("PDF", _stray("report.pdf", b"%PDF-1.7 /Author (Megan Evans)"), ("file-kind",)),
    Leak("hidden file", _stray(".notes", NAME.encode()), ("folder-plain",)),
    Leak("log of the run", _stray("run.log", NAME.encode()), ("file-kind",)),
    Leak("archive in the folder", _stray("tables/all.zip", b"PK\x03\x04"), ("file-kind",)),
    Leak("link to another file", _linked, ("folder-plain",)),
    Leak("file with another name elsewhere", _twice_named, ("folder-plain",)),
    Leak("file that the record does not list", _unlisted, ("folder-listed",)),
    Leak("file that was changed afterwards", _changed, ("folder-digest",)),
    Leak("file that is gone", _missing, ("folder-listed",)),
    Leak(
        "record that is no JSON",
        lambda run: (run.folder / "run.json").write_text(NAME) and None,
        ("folder-complete",),
    ),
]
LEAKS = [*IMAGES, *DRAWINGS, *TABLES, *WORKBOOKS, *FILES]
