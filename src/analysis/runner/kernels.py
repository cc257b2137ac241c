"""One private kernel per run: its own folder, sockets, settings and threads; nothing of the user's shell.

IPC with a private folder removes the port clashes that lost 2 of 324 kernels on TCP, and the warning about
unencrypted TCP; Windows has no such sockets and keeps TCP.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from analysis.layout import RECORDS_VARIABLE, ROOT_VARIABLE, RUN_DIR_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

ARGUMENTS: Final = (
    "-m",
    "ipykernel_launcher",
    "-f",
    "{connection_file}",
    "--HistoryManager.enabled=False",
    "--InteractiveShell.colors=nocolor",
)
ONE_THREAD: Final = dict.fromkeys(
    (
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "BLIS_NUM_THREADS",
    ),
    "1",
)
"""Two workers with the default threads were 4.4 times slower."""

SAME_EVERYWHERE: Final = {
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
NOT_INHERITED: Final = (
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
    "PYTHONINSPECT",
    "PYTHONBREAKPOINT",
    "PYTHONHOME",
    RECORDS_VARIABLE,
)
"""The last because only ``--records`` gives a run records, never a variable left in somebody's shell."""


def prepare(private: Path) -> None:
    """Make the folders and files that stand in for the user's own settings.

    Parameters
    ----------
    private
        A short path of mode 0700: the name of a socket in it may not pass about 100 bytes.
    """
    for name in ("cwd", "ipython", "jupyter"):
        (private / name).mkdir(mode=0o700)
    (private / "matplotlibrc").write_text("", encoding="utf-8")


def environment(
    inherited: Mapping[str, str], private: Path, root: Path, run_dir: Path, records: str = ""
) -> dict[str, str]:
    """Return the environment of a kernel: one thread, fixed seeds, no settings of the user's.

    ``records`` is the store that the run may read; empty for none.
    """
    kept = {name: value for name, value in inherited.items() if name not in NOT_INHERITED}
    own = {
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_CONFIG_DIR": str(private / "jupyter"),
        "MATPLOTLIBRC": str(private / "matplotlibrc"),
        ROOT_VARIABLE: str(root),
        RUN_DIR_VARIABLE: str(run_dir),
        **({RECORDS_VARIABLE: records} if records else {}),
    }
    return {**kept, **ONE_THREAD, **SAME_EVERYWHERE, **own}


def kernel_manager(
    private: Path,
    variables: dict[str, str],
    started: Callable[[int], None],
    launching: AbstractContextManager[Any],
) -> type[AsyncKernelManager]:
    """Return the manager class of one kernel, for nbclient to make and to clean up.

    Parameters
    ----------
    private
        Folder made by `prepare`.
    variables
        Environment of the kernel.
    started
        Called with the kernel's process id as soon as there is one.
    launching
        Held while the process is made and until ``started`` returns, so that whoever stops the run
        cannot miss it.
    """

    class PrivateKernel(AsyncKernelManager):
        """Runs this interpreter's own ipykernel, whatever kernels the user has installed."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.connection_file = str(private / "kernel.json")
            if sys.platform != "win32":
                self.transport = "ipc"
                self.ip = str(private / "k")

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=[sys.executable, *ARGUMENTS], display_name="Python 3", language="python")

        async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
            with launching:
                await super()._async_launch_kernel(kernel_cmd, **{**kw, "env": dict(variables)})
                started(int(self.provisioner.process.pid))  # type: ignore[union-attr]

    return PrivateKernel


def kill_group(pid: int) -> None:
    """Kill a process and all it started; a process that is gone already is fine."""
    with suppress(OSError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)
