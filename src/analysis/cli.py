"""The command line: one verb a task, one line a mistake, one exit code a class of failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.errors import DeepDiveError, UsageError
from analysis.layout import ROOT_VARIABLE, Layout

app = typer.Typer(
    name="deepdive",
    help="Who does domestic-abuse safe accommodation not reach? Runs the notebooks, publishes the reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Notebooks = Annotated[list[str] | None, typer.Argument(help="Notebooks to run; all reports unless named.")]
Area = Annotated[list[str] | None, typer.Option("--area", help="Only this area; may be repeated.")]
Period = Annotated[list[str] | None, typer.Option("--period", help="Only this period; may be repeated.")]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", help="NAME=VALUE, a parameter of the notebook; may be repeated."),
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder of the reports.", show_default="reports")]
Records = Annotated[
    Path | None,
    typer.Option("--records", help="Store of person-level records, or folder of stores, that runs may read."),
]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        help="The key file that opens the store, outside the checkout.",
        show_default="~/.config/deepdive/key",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Run even what is up to date.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for a machine.")]


def _supply(
    records: Path | None, key: Path | None, *, unlocked: bool
) -> Callable[[str, str], tuple[Path, str]] | None:
    """Return what finds the records for an area and period, or None without ``--records``."""
    _use(key, records)
    if records is None:
        return None
    from analysis.records.supplied import supply  # noqa: PLC0415

    return supply(records, unlocked=unlocked)


def _use(key: Path | None, records: Path | None) -> None:
    """Name the key file for this process and the kernels that it starts: they look where the variable says.

    Raises
    ------
    UsageError
        If there are no records for it to open.
    """
    if key is None:
        return
    if records is None:
        raise UsageError("there are no records to open", where="--key-file", cure="Name them with --records.")
    from analysis.records.keyfile import KEY_VARIABLE  # noqa: PLC0415

    os.environ[KEY_VARIABLE] = str(key.expanduser().absolute())


def _say(line: str) -> None:
    typer.echo(line)


def _as_json(value: Any) -> None:
    _say(json.dumps(value, ensure_ascii=False, sort_keys=True))


def _given(parameters: list[str] | None) -> dict[str, str]:
    given: dict[str, str] = {}
    for text in parameters or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f'"{text}" is not NAME=VALUE', where="-p", cure="Write -p confidence=0.99.")
        given[name.strip()] = value.strip()
    return given


@app.command()
def run(
    notebooks: Notebooks = None,
    area: Area = None,
    period: Period = None,
    parameter: Parameters = None,
    records: Records = None,
    key_file: Key = None,
    out: Out = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="So many runs at once.")] = 1,
    force: Force = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going/--stop", help="After a failure, run the others or stop.")
    ] = True,
    no_render: Annotated[bool, typer.Option("--no-render", help="Leave out pages and site.")] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout", min=1, help="Stop a run that takes longer [seconds]; 600, with records 3600."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run what is stale, render it, and rebuild the site."""
    from analysis.progress import follow  # noqa: PLC0415
    from analysis.publish import site  # noqa: PLC0415
    from analysis.runner import history, schedule  # noqa: PLC0415
    from analysis.runner.plan import plan as make_plan  # noqa: PLC0415

    layout = Layout.find()
    page = {"page": ""} if no_render else {}
    supplied = _supply(records, key_file, unlocked=True)
    planned = make_plan(
        notebooks or (),
        area or (),
        period or (),
        _given(parameter),
        out,
        force=force,
        layout=layout,
        records=supplied,
        **page,
    )
    todo = [one for one in planned if one.action != "skip"]
    target = planned[0].out if planned else (out or layout.reports)
    history.check_writable(target)
    longest = timeout or (schedule.SETTLING if records else schedule.TIMEOUT)
    with follow(todo, as_json=as_json) as on_event:
        outcomes = schedule.run_all(
            planned, jobs, keep_going=keep_going, on_event=on_event, timeout=longest, layout=layout
        )
    index = None if no_render else site.build(target, layout)
    failed = sum(one.failure is not None for one in outcomes)
    done, fresh, left = len(outcomes) - failed, len(planned) - len(todo), len(todo) - len(outcomes)
    if as_json:
        _as_json(
            {"done": done, "failed": failed, "up_to_date": fresh, "not_started": left, "index": str(index)}
        )
    else:
        skipped = f", {left} not started" if left else ""
        _say(f"{done} done, {failed} failed, {fresh} up to date{skipped}" + (f": {index}" if index else ""))
    raise typer.Exit(schedule.exit_code(outcomes))


@app.command()
def plan(
    notebooks: Notebooks = None,
    area: Area = None,
    period: Period = None,
    parameter: Parameters = None,
    records: Records = None,
    key_file: Key = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Say what would run and why, and run nothing."""
    from analysis.runner.plan import plan as make_plan  # noqa: PLC0415

    planned = make_plan(
        notebooks or (),
        area or (),
        period or (),
        _given(parameter),
        out,
        force=force,
        records=_supply(records, key_file, unlocked=False),
    )
    for one in planned:
        if as_json:
            _as_json(one.as_json())
        else:
            _say(f"{one.action:<7}{one.label}" + (f"  ({one.why})" if one.why else ""))
    if not as_json:
        stale = sum(one.action != "skip" for one in planned)
        _say(f"{stale} of {len(planned)} to do")


@app.command()
def audit(
    area: Annotated[str | None, typer.Option("--area", help="Only this area.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Findings as JSON, for a machine.")] = False,
) -> None:
    """Check the arithmetic of the published figures: what does not add up, and what agrees."""
    from analysis.evidence import audit as auditing  # noqa: PLC0415
    from analysis.evidence.published import load  # noqa: PLC0415
    from analysis.parameters import Areas  # noqa: PLC0415

    if area is not None:
        Areas.load().check_area(area)
    report = auditing.report_for(load(), area)
    _say(report.to_json().rstrip("\n") if as_json else auditing.as_text(report))


@app.command()
def template(
    file: Annotated[Path, typer.Argument(help="The workbook to write, an .xlsx.")],
) -> None:
    """Write the workbook that a provider fills: instructions, dropdowns, examples."""
    from analysis.records.commands import template_command  # noqa: PLC0415

    raise typer.Exit(template_command(file, say=_say))


@app.command()
def ingest(
    workbooks: Annotated[list[Path], typer.Argument(help="Workbooks, or folders of them.")],
    area: Annotated[str, typer.Option("--area", help="The authority they are for.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the stores.", show_default="data/processed")
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="The key file, outside the checkout; made on first use.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="A mapping file, or a folder of one a provider.")
    ] = None,
) -> None:
    """Read providers' workbooks into the encrypted store and account for every row."""
    from analysis.records.commands import ingest_command  # noqa: PLC0415

    raise typer.Exit(ingest_command(workbooks, area, out, key_file, mapping, say=_say))


@app.command()
def synth(
    area: Annotated[str, typer.Option("--area", help="The authority whose published margins it has.")],
    period: Annotated[str, typer.Option("--period", help="Its latest published period unless given.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the samples.", show_default="data/synthetic")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same files.")] = 20230401,
    scenario: Annotated[
        str, typer.Option("--scenario", help="published: as printed; full: men, and fuller recording, too.")
    ] = "published",
    form: Annotated[str, typer.Option("--form", help="xlsx, ods or csv.")] = "xlsx",
    scale: Annotated[int, typer.Option("--scale", min=1, help="So many made-up authorities.")] = 1,
    years: Annotated[int, typer.Option("--years", min=1, help="So many years of each.")] = 1,
) -> None:
    """Write a SYNTHETIC sample of person-level workbooks with the margins that were published."""
    from analysis.records.synthetic.command import synth_command  # noqa: PLC0415

    raise typer.Exit(
        synth_command(
            area,
            period,
            out,
            seed=seed,
            scenario=scenario,  # type: ignore[arg-type]  # checked there, with its cure
            form=form,  # type: ignore[arg-type]
            scale=scale,
            years=years,
            say=_say,
        )
    )


@app.command()
def release(
    runs: Annotated[
        list[Path], typer.Argument(help="Finished runs, or folders below reports/ that hold them.")
    ],
    to: Annotated[Path, typer.Option("--to", help="Folder of the package; it must not exist yet.")],
    records: Records = None,
    key_file: Key = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            "--ledger", help="The ledger of releases.", show_default="data/processed/releases.ledger"
        ),
    ] = None,
    who: Annotated[str, typer.Option("--who", help="Who releases; the account's name unless given.")] = "",
    label: Annotated[str, typer.Option("--id", help="What the release is called.")] = "",
    twin: Annotated[
        bool,
        typer.Option("--twin", help="Make each report again of records that differ in all that is hidden."),
    ] = False,
) -> None:
    """Give reports out: the disclosure gate, the ledger of releases, a package with its checker's page."""
    from analysis.releases.command import release_command  # noqa: PLC0415

    _use(key_file, records)
    raise typer.Exit(
        release_command(runs, to, records=records, ledger=ledger, who=who, label=label, twin=twin, say=_say)
    )


@app.command()
def site(out: Out = None) -> None:
    """Build the front page and the page of questions again from the reports that are there."""
    from analysis.publish.site import build  # noqa: PLC0415

    layout = Layout.find()
    _say(str(build((out or layout.reports).absolute(), layout)))


@app.command()
def check(as_json: AsJson = False) -> None:
    """Check every rule of the repository and report all failures in one pass."""
    from dataclasses import asdict  # noqa: PLC0415

    from analysis.checks.everything import run_all  # noqa: PLC0415

    outcomes = run_all(Layout.find().root)
    for outcome in outcomes:
        if as_json:
            _as_json(asdict(outcome))
            continue
        mark = "FAIL" if outcome.failures else "ok"
        _say(f"{mark:<5}{outcome.promise} ({outcome.checked:,} checked)")
        for failure in outcome.failures:
            _say(f"     {failure}")
    broken = sum(bool(outcome.failures) for outcome in outcomes)
    if not as_json:
        _say(f"{len(outcomes) - broken} of {len(outcomes)} rules kept")
    raise typer.Exit(1 if broken else 0)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open JupyterLab on the notebooks; what follows -- goes to JupyterLab."""
    layout = Layout.find()
    command = [sys.executable, "-m", "jupyterlab", str(layout.notebooks), *context.args]
    environment = {**os.environ, ROOT_VARIABLE: str(layout.root)}
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603


def main() -> None:
    """Run the command line; a mistake that can be named is one line, never a traceback."""
    try:
        app()
    except DeepDiveError as error:
        typer.echo(f"deepdive: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
