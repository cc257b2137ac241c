"""Files that must not be read, or not as they ask: each refused within seconds, with what to do."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import old_excel
from faults import NOTHING, ONE, Fault, fault
from sent import HEADINGS, ROW, Sent, ods, referrals, table_csv, text, xlsx

__all__ = ["Fault"]
MIB = 2**20


def repacked(path: Path, changes: dict[str, bytes], *, without: tuple[str, ...] = ()) -> Path:
    """Write a zip again with some parts changed, added or left out."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name not in without}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **changes}.items():
            archive.writestr(name, content)
    return path


def usual(folder: Path) -> Path:
    """Return a workbook with nothing wrong."""
    return xlsx(folder / "a.xlsx", referrals())


def raw(name: str, content: bytes, what: str, *says: str) -> None:
    """Add a file of given bytes that is refused."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    fault(what, NOTHING, *says)(make)


def sheet_xml(rows: str) -> bytes:
    """Return the XML of a sheet."""
    start = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    )
    return f"{start}<sheetData>{rows}</sheetData></worksheet>".encode()


SECOND = "xl/worksheets/sheet2.xml"
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
)

raw("a.xlsx", b"", "an empty file", "is empty", "send it again")
raw("a.csv", b"\0" * 4096, "a file of noughts", "is empty")
raw("a.xlsx", b"%PDF-1.7\n%...", "a PDF under another name", "is a PDF, not a workbook")
raw(
    "a.xls",
    b"<html><body><table><tr><td>1</td></tr></table>",
    "a web page",
    "is a web page",
    "save it as .xlsx",
)
raw(
    "a.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "XML 2003", "an XML 2003 sheet"
)
raw("a.xlsx", b"case;date\n1;2\n", "text under another name", "is not a workbook, whatever its name says")
raw("a.xlsx", b"MZ\x90\0", "a program", "is a program")
raw("a.csv", b"case,date\n1,\0\n" * 100, "a text with noughts", "is not text")
raw(
    "a.xls",
    old_excel.compound(b"x" * 5000, "EncryptedPackage"),
    "a new workbook with a password",
    "protected by a password",
)
raw(
    "a.xls",
    old_excel.xls({"A": [["x"]]}, password=True),
    "an old workbook with a password",
    "protected by a password",
)
raw("a.xls", old_excel.compound(b"x" * 5000, "WordDocument"), "a letter", "is a letter")
raw("a.xls", old_excel.compound(b"\xff" * 5000), "an old workbook of noise", "a.xls: refused")
raw("a.xls", old_excel.xls({"A": [["x"]]})[:1600], "an old workbook cut short", "a.xls: refused")
raw(
    "a.csv",
    b'case,date\n"1,2\n3,4\n' + b"5,6\n" * 200,
    "a quotation mark not closed",
    "line 2",
    "quotation mark",
)


@fault("an old workbook whose sectors run in a circle", NOTHING, "a.xls: refused")
def _circle(folder: Path) -> Path:
    content = bytearray(old_excel.compound(b"\xff" * 5000))
    struct.pack_into("<I", content, 512 + 4 * 3, 2)
    (folder / "a.xls").write_bytes(content)
    return folder / "a.xls"


@fault("a workbook cut short", NOTHING, "is damaged or was cut short", "send it again")
def _short(folder: Path) -> Path:
    path = usual(folder)
    path.write_bytes(path.read_bytes()[:3000])
    return path


@fault("a workbook with a byte changed", NOTHING, "is damaged or was cut short")
def _flipped(folder: Path) -> Path:
    path = usual(folder)
    content = bytearray(path.read_bytes())
    at = content.find(b"xl/worksheets/sheet2.xml") + 60
    content[at] ^= 0xFF
    path.write_bytes(content)
    return path


@fault("XML that is none", NOTHING, "a.xlsx: refused")
def _broken_xml(folder: Path) -> Path:
    return repacked(usual(folder), {"xl/workbook.xml": b"<workbook><sheets><sheet"})


@fault("a zip bomb", NOTHING, "unpacks to", "Copy the filled rows into a new workbook")
def _bomb(folder: Path) -> Path:
    return repacked(usual(folder), {"xl/media/a.bin": bytes(300 * MIB)})


@fault("a zip that lies about its sizes", NOTHING, "is damaged or was cut short")
def _liar(folder: Path) -> Path:
    path = repacked(usual(folder), {SECOND: sheet_xml(" " * (40 * MIB))})
    content = path.read_bytes()
    true = len(sheet_xml(" " * (40 * MIB)))
    path.write_bytes(content.replace(struct.pack("<I", true), struct.pack("<I", 1000)))
    return path


@fault("entities that multiply", NOTHING, "declares XML entities")
def _laughs(folder: Path) -> Path:
    content = sheet_xml("<row><c t='inlineStr'><is><t>&j;</t></is></c></row>").decode()
    return repacked(usual(folder), {SECOND: content.replace("?>", f"?>{LAUGHS}]>", 1).encode()})


@fault("entities that multiply, in UTF-16", NOTHING, "declares XML entities")
def _wide_laughs(folder: Path) -> Path:
    content = sheet_xml("").decode().replace("?>", f"?>{LAUGHS}]>", 1)
    return repacked(usual(folder), {SECOND: content.encode("utf-16")})


@fault("an entity that names a file", NOTHING, "declares XML entities")
def _external(folder: Path) -> Path:
    content = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/hostname"><styleSheet/>'
    return repacked(usual(folder), {"xl/styles.xml": content})


@fault("entities in an OpenDocument sheet", NOTHING, "declares XML entities")
def _ods_laughs(folder: Path) -> Path:
    path = ods(folder / "a.ods", referrals())
    return repacked(path, {"styles.xml": f'<?xml version="1.0"?>{LAUGHS}]><x>&j;</x>'.encode()})


@fault("an OpenDocument sheet that repeats a row for ever", NOTHING, "a.ods: refused")
def _repeats(folder: Path) -> Path:
    path = ods(folder / "a.ods", {"Referrals": [HEADINGS, ROW]})
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="900000">'
        )
    return repacked(path, {"content.xml": content})


@fault("a cell in the last corner", NOTHING, "a.xlsx: refused", "Copy the filled rows")
def _corner(folder: Path) -> Path:
    cells = "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    return repacked(usual(folder), {SECOND: sheet_xml(cells)})


@fault("a cell in the last row", NOTHING, 'the sheet "Referrals" reaches row 1,048,576', "Delete the rows")
def _last_row(folder: Path) -> Path:
    cells = "<row r='1'><c r='H1'><v>1</v></c></row><row r='1048576'><c r='A1048576'><v>1</v></c></row>"
    return repacked(usual(folder), {SECOND: sheet_xml(cells)})


@fault("a million blank rows with formats", ONE)
def _million(folder: Path) -> Path:
    path = usual(folder)
    with zipfile.ZipFile(path) as archive:
        content = archive.read(SECOND)
    blank = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % number for number in range(3, 1_000_003))
    return repacked(path, {SECOND: content.replace(b"</sheetData>", blank + b"</sheetData>")})


@fault("a million rows of one space", NOTHING, "reaches row 1,000,002", "Delete the rows")
def _spaces(folder: Path) -> Path:
    path = usual(folder)
    with zipfile.ZipFile(path) as archive:
        content = archive.read(SECOND)
    space = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>'
    rows = "".join(space.format(number) for number in range(3, 1_000_003)).encode()
    return repacked(path, {SECOND: content.replace(b"</sheetData>", rows + b"</sheetData>")})


@fault("one long text in very many cells", NOTHING, "a.xlsx: refused")
def _shared(folder: Path) -> Path:
    path = usual(folder)
    start = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 300_000))
    strings = f"{start}{'x' * 32_000}</t></si></sst>".encode()
    return repacked(path, {SECOND: sheet_xml(cells), "xl/sharedStrings.xml": strings})


@fault("two parts of one name", NOTHING, "has two parts of the same name")
def _twice(folder: Path) -> Path:
    path = usual(folder)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/worksheets/sheet2.xml", sheet_xml(""))
    return path


@fault("thousands of parts", NOTHING, "unpacks to", "4,000 parts")
def _parts(folder: Path) -> Path:
    return repacked(usual(folder), {f"xl/media/{n}.xml": b"<a/>" for n in range(5000)})


@fault("a zip with a password", NOTHING, "is protected by a password")
def _locked(folder: Path) -> Path:
    path = usual(folder)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)
    return path


@fault("an archive of workbooks", NOTHING, "is a zip archive, not a workbook", "Unpack it")
def _archive(folder: Path) -> Path:
    path = folder / "all of april.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(usual(folder), "a.xlsx")
    return path


@fault("a letter under another name", NOTHING, "is a letter or slides, not a workbook")
def _letter(folder: Path) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    (folder / "a.xlsx").write_bytes(buffer.getvalue())
    return folder / "a.xlsx"


@fault("a binary workbook", NOTHING, "of a form that is not read (.xlsb)")
def _binary(folder: Path) -> Path:
    path = folder / "a.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")
        archive.writestr("xl/theme/theme1.xml", b"<a/>")
    return path


@fault("a sheet named as a path", ONE, never=("\x1b",))
def _path_sheet(folder: Path) -> Path:
    path = xlsx(folder / "a.xlsx", {**referrals(), "NAMED": [["one", "two", "three"]]})
    with zipfile.ZipFile(path) as archive:
        content = archive.read("xl/workbook.xml").replace(b"NAMED", b"../../summary")
    return repacked(
        path,
        {"xl/workbook.xml": content, "xl/worksheets/sheet3.xml": sheet_xml("")},
    )


@fault("a part named as a path", ONE)
def _path_part(folder: Path) -> Path:
    return repacked(usual(folder), {"../../../outside.xml": b"<a/>"})


@fault("a good file beside bad ones", ONE, "bad.xlsx: refused", "worse.csv: refused")
def _among(folder: Path) -> Sent:
    (folder / "bad.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "worse.csv").write_bytes(b"a,b\0")
    (folder / "~$lock.xlsx").write_bytes(b"lock")
    text(folder / "good.csv", table_csv())
    return Sent([folder])
