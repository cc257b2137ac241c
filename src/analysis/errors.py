"""Every error a user can cause, each with what, where and the cure, and an exit code per class."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class DeepDiveError(Exception):
    """A mistake we can name: it is shown as one line, never as a traceback.

    Parameters
    ----------
    what
        The fact, in one sentence without a final full stop.
    where
        The subject it is about: a notebook, a file and row, a parameter.
    cure
        What the reader can do now, as one or more full sentences.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        self.what, self.where, self.cure = what, where, cure
        super().__init__(what, where, cure)

    def __str__(self) -> str:
        subject = f"{self.where}: " if self.where else ""
        stop = "" if self.what.endswith((".", "?", "!")) else "."
        return f"{subject}{self.what}{stop}" + (f" {self.cure}" if self.cure else "")


class UsageError(DeepDiveError):
    """The command line or a parameter cannot be understood."""

    exit_code = 2


class DataRefused(DeepDiveError):
    """A table of evidence or records breaks a rule it must keep."""

    exit_code = 3


class RunFailed(DeepDiveError):
    """A notebook raised, died, timed out or left an output out."""

    exit_code = 4


class DisclosureRefused(DeepDiveError):
    """Something not cleared for display was about to be displayed."""

    exit_code = 5


class RenderFailed(DeepDiveError):
    """A finished run could not be turned into a page that passes the lint."""

    exit_code = 6


class ResultsDiffer(DeepDiveError):
    """Two runs that must agree do not."""

    exit_code = 7


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, or nothing: ``'Did you mean "area"?'``."""
    near = difflib.get_close_matches(given, list(known), n=1, cutoff=0.6)
    return f'Did you mean "{near[0]}"?' if near else ""


def one_of(given: str, known: Iterable[str]) -> str:
    """Say what would have been accepted, with the nearest name first if there is one."""
    names = sorted(known)
    return f"{did_you_mean(given, names)} Known: {', '.join(names)}.".strip()
