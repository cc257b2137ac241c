"""The gate's rules by name: what each promises of everything that is released, and the usual cure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Rule:
    """What a rule promises, and what to do if it is not kept."""

    promise: str
    cure: str


AGAIN: Final = "Run the report again with `deepdive run`, and change no file of it by hand."
OURS: Final = "Show it with run.say, run.table, run.figure or run.absent, and nothing else."
COVERED: Final = (
    "Take the number from what disclosure control released; nothing else may be shown of records."
)

RULES: Final[dict[str, Rule]] = {
    # -- the folder
    "folder-complete": Rule("run.json and notebook.ipynb are there, can be read and fit together.", AGAIN),
    "folder-listed": Rule("Every file is listed in run.json, and every file listed is there.", AGAIN),
    "folder-digest": Rule("Every file has the SHA-256 that run.json says.", AGAIN),
    "folder-name": Rule(
        "Names of files are made from keys that the notebook's code declares.",
        "Give outputs fixed keys, never computed ones.",
    ),
    "folder-plain": Rule("There are no links, devices, extended attributes or hidden files.", AGAIN),
    "file-kind": Rule(
        "Only files of kinds that the gate can read are released.",
        "Leave the file out. PDF files are refused until the project itself makes them.",
    ),
    # -- the record
    "record-shape": Rule("run.json has the declared fields and no others, each of its type.", AGAIN),
    "record-true": Rule("run.json says of the run what the notebook shows.", AGAIN),
    "record-parameters": Rule(
        "Every parameter is declared by the notebook and has a value that its declaration foresees.",
        "Give the parameter a Literal type in the notebook, so that its values are known.",
    ),
    # -- the notebook
    "notebook-shape": Rule("The notebook has the declared fields and no others.", AGAIN),
    "notebook-metadata": Rule("Notebook, cells and outputs carry no metadata but the declared.", AGAIN),
    "notebook-source": Rule("Every cell is the one that the repository holds.", AGAIN),
    "notebook-order": Rule("Every code cell ran once, in order, and no other did.", AGAIN),
    "notebook-output": Rule("Every output is one that the session made, of a known type.", OURS),
    "notebook-stream": Rule("Nothing was written to stdout or stderr.", "Take the print or the warning out."),
    "notebook-error": Rule("No error and no traceback is kept.", "Mend the cell and run the report again."),
    # -- outputs as HTML
    "output-shape": Rule("Every payload has the declared fields and no others, each of its type.", OURS),
    "output-words": Rule("The HTML and the plain text of an output say what its payload says.", OURS),
    "output-markup": Rule("The HTML of an output has the session's elements and attributes only.", OURS),
    # -- the page
    "page-remade": Rule("report.html is the page that the notebook gives, to the byte.", AGAIN),
    "page-markup": Rule("The page hides nothing, loads nothing, and runs no script but its own.", AGAIN),
    # -- images
    "png-chunks": Rule("A PNG holds its pixels and its resolution, and nothing else.", AGAIN),
    "png-pixels": Rule("A PNG's pixels fill its size, and nothing stands behind them.", AGAIN),
    "svg-markup": Rule("An SVG has the drawing's elements, attributes and colours only.", AGAIN),
    "svg-words": Rule(
        "Every text drawn can be read, and every number in it is in the figure's table.", AGAIN
    ),
    "svg-points": Rule("A drawing has no more points than its table, and none outside its frame.", COVERED),
    # -- tables
    "csv-shape": Rule("A CSV has the columns and rows of its payload, in plain form.", AGAIN),
    "csv-values": Rule("A CSV holds the values of its payload.", AGAIN),
    "csv-formula": Rule("No cell begins as a formula does.", "Write the cell so that it begins with a word."),
    "workbook": Rule(
        "A workbook hides nothing: no hidden sheet, row or column, name, comment, author, cache or link.",
        "Make the workbook with `deepdive run`, and do not save it from a spreadsheet.",
    ),
    "archive": Rule(
        "An archive holds plain files with plain names and one fixed time, and nothing beside them.",
        "Make the archive with `deepdive release`.",
    ),
    # -- what identifies
    "identifier": Rule(
        "No name, date of birth, postcode, NHS or National Insurance number, telephone, e-mail or address "
        "stands anywhere, unless a public file of the repository has it.",
        "Take it out of the notebook or the data that it comes from.",
    ),
    "secret": Rule(
        "No pseudonym, case reference or code of a unit or provider of the store stands anywhere, in any "
        "common encoding.",
        "Take it out of what is shown; group by a declared category instead.",
    ),
    "encoded": Rule("No text is hidden in another encoding.", "Write it plainly, or leave it out."),
    "invisible": Rule(
        "No character is there that nobody sees.", "Take out zero-width and control characters."
    ),
    # -- numbers of records
    "released": Rule("Every output of records was released by disclosure control.", COVERED),
    "small-count": Rule("No count under the threshold is shown, nought included.", COVERED),
    "small-base": Rule("No percentage, mean or rate rests on a base that is too small.", COVERED),
    "complement": Rule("What is left of a base is no small count, and no group is all or nobody.", COVERED),
    "marker": Rule("One marker stands for everything hidden, and nothing tells one from another.", COVERED),
    "hidden-value": Rule("What a cell hides is in no other form of the same table.", COVERED),
    "derived": Rule("No total and no share lets a hidden count be worked out.", COVERED),
    "extreme": Rule(
        "No minimum, maximum, outlier or residual of single people is shown.",
        "Show quantiles with enough people on each side.",
    ),
    "curve": Rule(
        "A survival curve is read on the fixed days only.", "Take the curve from the released survival table."
    ),
    "order": Rule(
        "Rows stand in an order that does not depend on what is hidden.",
        "Sort rows by their labels, or keep the order of the code list.",
    ),
    "wording": Rule(
        "No sentence hints at a small number.",
        "Say the released number, or say that it is not shown; no word for how few.",
    ),
}
"""Every rule by its name, in the order of the checker's page."""
