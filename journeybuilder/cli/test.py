"""`jb test`: all scenarios side by side, with what they cover."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from journeybuilder.cli.output import clean, echo, print_json
from journeybuilder.cli.place import in_workspace, with_json, workspace_at

if TYPE_CHECKING:
    from journeybuilder.document.workspace import Workspace
    from journeybuilder.rehearse.suites.suite import SuiteResult


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[PATH]…")
@click.option(
    "--jobs", "-j", type=click.IntRange(1), metavar="N",
    help="Processes at the same time, at the most; by default as many as there are processors.",
)  # fmt: skip
@click.option(
    "--junit", type=click.Path(path_type=Path), metavar="F", help="Write JUnit XML there."
)
@click.option(
    "--coverage", type=click.Path(path_type=Path), metavar="F",
    help="Write there as JSON what was covered, how often, and what is missing.",
)  # fmt: skip
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="P",
    help="Fail when fewer than P percent of the edges were gone.",
)  # fmt: skip
@click.option(
    "-k", "choice", metavar="EXPR", default="",
    help="Only scenarios with these words in name, journey or file: 'return and not (late or lost)'.",
)  # fmt: skip
@click.option("--env", default="", help="The environment to bind for.")
@click.option("--missing", is_flag=True, help="Show everything that is not covered.")
@click.option("--verbose", "-v", is_flag=True, help="Name every scenario, however many there are.")
@click.option(
    "--write-found", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Write the shortest scenario of each bug that a campaign ('random:') finds into this folder.",
)  # fmt: skip
@click.option(
    "--patience", type=click.FloatRange(0.1), default=60.0, show_default=True, metavar="S",
    help="Give a scenario up when nothing happens in it for so many seconds.",
)  # fmt: skip
@in_workspace
@with_json
def command(
    paths: tuple[str, ...],
    jobs: int | None,
    junit: Path | None,
    coverage: Path | None,
    fail_under: float | None,
    choice: str,
    env: str,
    missing: bool,
    verbose: bool,
    write_found: Path | None,
    patience: float,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Rehearse all scenarios of the workspace, or those of the PATHs: files, folders, names, journeys.

    Without a PATH and -k, journeys without any scenario count as not covered.
    """
    from journeybuilder.cli.suite_printing import FEW_GAPS, print_suite  # noqa: PLC0415 - slow
    from journeybuilder.rehearse.suites.choosing import among, names_of  # noqa: PLC0415

    workspace = _workspace(folder, paths)
    names = names_of(workspace, paths)
    if choice:
        names = among(workspace, names, choice)
    whole = not paths and not choice
    result = _rehearsed(workspace, names, jobs or _processors(), env, whole, patience)
    try:
        if junit is not None:
            _write_junit(junit, result)
        if coverage is not None:
            _write(coverage, json.dumps(_coverage(result), ensure_ascii=False, indent=1) + "\n")
        if write_found is not None:
            _write_found(write_found, result)
    finally:  # what was found is told also where a file cannot be written
        if as_json:
            print_json(result.as_json())
        else:
            journeys = {name: file.journey for name, file in workspace.journeys.items()}
            gaps = None if missing else FEW_GAPS
            print_suite(result, journeys, verbose=verbose, gaps=gaps)
    enough = _enough(result, fail_under)
    return 0 if enough and not result.failed else 1


def _workspace(folder: Path | None, paths: Sequence[str]) -> "Workspace":
    """The workspace that encloses the current folder, else the one of the first path there is."""
    from journeybuilder.document.root import find_root  # noqa: PLC0415 - see `command`
    from journeybuilder.errors import AuthorError  # noqa: PLC0415

    if folder is not None:
        return workspace_at(folder)
    there = [Path(path) for path in paths if Path(path).exists()]
    try:
        root = find_root(there[0]) if there else Path.cwd()
    except AuthorError:
        root = Path.cwd()
    return workspace_at(root)


def _rehearsed(
    workspace: "Workspace", names: Sequence[str], jobs: int, env: str, whole: bool, patience: float
) -> "SuiteResult":
    from journeybuilder.cli.real_world import RealWorld  # noqa: PLC0415 - see `command`
    from journeybuilder.cli.suite_printing import Progress  # noqa: PLC0415
    from journeybuilder.errors import AuthorError  # noqa: PLC0415
    from journeybuilder.rehearse.suites.suite import Manner, run_suite  # noqa: PLC0415

    if not names:
        raise AuthorError(
            "there are no scenarios",
            where=str(workspace.root),
            hint="Write one as scenarios/NAME.scenario.yaml; 'jb simulate JOURNEY --random 100' "
            "tries a journey without any.",
        )
    progress = Progress(len(names))
    progress.start()
    try:
        return run_suite(
            workspace,
            names,
            jobs=jobs,
            env=env,
            on_result=progress.result,
            manner=Manner(whole, patience, progress.sign, RealWorld(workspace.root)),
        )
    except KeyboardInterrupt:
        progress.clear()
        echo(f"{progress.words} were rehearsed", err=True)
        raise
    finally:
        progress.clear()


def _processors() -> int:
    """How many processors this program may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _enough(result: "SuiteResult", percent: float | None) -> bool:
    """Whether enough edges were gone; says so where not."""
    count = result.coverage.edge_count
    if percent is None or count.percent >= percent:
        return True
    words = (
        f"too little is covered: {count.hit} of {count.all} edges, which is {count.percent:.1f} %, "
        f"and --fail-under wants {percent:g} %"
    )
    echo(click.style(words, fg="red", bold=True), err=True)
    return False


def _coverage(result: "SuiteResult") -> dict[str, Any]:
    """Everything about coverage: in sum, by journey, and how often each node and edge was gone."""
    whole = result.coverage
    parts = {name: whole.of_journey(name) for name in sorted(whole.journeys)}
    return {
        **whole.as_json(),
        "journeys": {
            name: {
                **{key: value for key, value in part.as_json().items() if key != "missing"},
                "visits": part.nodes,
                "passed": _nested(part.edges),
            }
            for name, part in parts.items()
        },
        "uncounted": dict(result.uncounted),
    }


def _nested(edges: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    out: dict[str, dict[str, int]] = {}
    for (node, port), count in edges.items():
        out.setdefault(node, {})[port] = count
    return out


def _write_junit(path: Path, result: "SuiteResult") -> None:
    from journeybuilder.rehearse.suites.junit import junit  # noqa: PLC0415 - see `command`

    _write(path, junit(result))


def _write(path: Path, text: str) -> None:
    from journeybuilder.document.write import save  # noqa: PLC0415 - see `command`

    save(path, text)


def _write_found(folder: Path, result: "SuiteResult") -> None:
    """Write the shortest scenario of everything that campaigns found; no other file is written over."""
    from journeybuilder.document.workspace import SCENARIO_ENDING  # noqa: PLC0415 - see `command`
    from journeybuilder.document.write import dump  # noqa: PLC0415

    for one in result.results:
        stem = Path(one.file).name.removesuffix(SCENARIO_ENDING)
        for number, scenario in enumerate(one.found, 1):
            data = {**scenario, "scenario": f"{one.name}, found {number}"}
            path = _free(folder, f"{stem}-found-{number}", SCENARIO_ENDING, dump(data))
            _write(path, dump(data))
            echo(f"wrote {clean(str(path))}", err=True)


def _free(folder: Path, stem: str, ending: str, text: str) -> Path:
    """A file that is not there yet, or says the same already."""
    path, number = folder / f"{stem}{ending}", 1
    while path.exists() and path.read_text(encoding="utf-8", errors="replace") != text:
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path
