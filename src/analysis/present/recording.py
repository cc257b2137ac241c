"""The files of a run: what a report writes beside its notebook, and nothing in JupyterLab."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.present import outputs


class Recording:
    """Writes the files of a run.

    Parameters
    ----------
    folder
        The folder of the run, or None in JupyterLab, where nothing is written.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def __bool__(self) -> bool:
        return self.folder is not None

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, each by its path below the run."""
        if self.folder is None:
            return
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def figure(self, key: str, files: Mapping[str, bytes]) -> dict[str, str]:
        """Write the files of a figure and return where each lies, by its kind."""
        paths = {kind: f"figures/{outputs.file_name(key)}.{kind}" for kind in files}
        self.write({paths[kind]: content for kind, content in files.items()})
        return paths
