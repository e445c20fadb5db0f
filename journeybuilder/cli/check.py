"""`jb check`: every finding, for people and for programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from journeybuilder.cli.output import echo, print_findings, print_json
from journeybuilder.cli.place import in_workspace, named, within, workspace_at
from journeybuilder.connect.kept_findings import Checked, keep, kept, mark_of
from journeybuilder.document.findings import Finding, choices, count, near
from journeybuilder.document.root import find_root


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "junit"]), default="text",
    help="How to print the findings.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--explain", metavar="CODE", help="Say what a finding means and how to mend it.")
@click.option("--env", default="", help="Look at it as it is in this environment, keys included.")
@click.option("--no-cache", is_flag=True, help="Check anew also where nothing has changed.")
@in_workspace
def command(
    paths: tuple[Path, ...],
    form: str,
    as_json: bool,
    explain: str | None,
    env: str,
    no_cache: bool,
    folder: Path | None,
) -> int:
    """Check the workspace, or the given files of it."""
    if explain is not None:
        return _explain(explain)
    root = find_root(folder or (paths[0] if paths else Path.cwd()))
    checked = _checked(root, env, anew=no_cache)
    findings = checked.findings
    if paths:
        wanted = [named(root, checked.files, path) for path in paths]
        real = root.resolve()
        findings = [item for item in findings if within(real / item.file, wanted)]
    _print(findings, "json" if as_json else form)
    return 1 if count(findings)["error"] else 0


def _checked(root: Path, env: str, *, anew: bool) -> Checked:
    """What is found in the workspace; kept from the last time where nothing has changed since.

    What is found for one environment is never kept: it rests on keys that come and go.
    """
    mark = "" if env else mark_of(root)
    known = None if anew else kept(root, mark)
    if known is not None:
        return known
    from journeybuilder.host import findings_of  # noqa: PLC0415 - slow import

    workspace = workspace_at(root)
    checked = Checked(findings_of(workspace, environment=env), sorted(workspace.sources))
    keep(root, mark, checked)
    return checked


def _print(findings: Sequence[Finding], form: str) -> None:
    numbers = count(findings)
    if form == "json":
        listed = [item.as_json() for item in findings]
        print_json({"findings": listed, "errors": numbers["error"], "warnings": numbers["warning"]})
    elif form == "sarif":
        print_json(_sarif(findings))
    elif form == "junit":
        echo(_junit(findings))
    else:
        print_findings(findings)


def _explain(code: str) -> int:
    from journeybuilder.checks.every_rule import ALL_RULES  # noqa: PLC0415 - slow import

    rule = ALL_RULES.get(code.upper())
    if rule is None:
        hint = near(code.upper(), ALL_RULES) or f"Codes: {choices(ALL_RULES, 100)}."
        raise click.UsageError(f"there is no finding '{code}'. {hint}")
    echo(click.style(f"{rule.code}: {rule.title} ({rule.severity})", bold=True))
    echo(f"\nWhy it matters: {rule.why}\nHow to mend it: {rule.mend}")
    if rule.example:
        shown = "\n".join(f"    {line}" for line in rule.example.splitlines())
        echo(f"\nFor example, this has it:\n{shown}")
    return 0


def _sarif(findings: Sequence[Finding]) -> dict[str, Any]:
    """SARIF 2.1.0, as code hosts show it beside the changed lines."""
    from journeybuilder.checks.every_rule import ALL_RULES  # noqa: PLC0415 - slow import

    used = sorted({item.code for item in findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": ALL_RULES[code].title},
            "help": {"text": ALL_RULES[code].mend},
        }
        for code in used
    ]
    results = [
        {
            "ruleId": item.code,
            "level": item.severity,
            "message": {"text": _sentences(item)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": item.file},
                        "region": {
                            "startLine": max(1, item.line),
                            "startColumn": max(1, item.column),
                        },
                    }
                }
            ],
        }
        for item in findings
    ]
    driver = {"name": "journeybuilder", "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def _sentences(item: Finding) -> str:
    """Message and hint as sentences of one text."""
    said = item.message if item.message.endswith((".", "!", "?", "…")) else f"{item.message}."
    return f"{said} {item.hint}" if item.hint else item.message


def _junit(findings: Sequence[Finding]) -> str:
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - only for this format

    suite = ET.Element("testsuite", name="jb check", tests=str(max(1, len(findings))),
                        failures=str(len(findings)))  # fmt: skip
    for item in findings:
        case = ET.SubElement(
            suite, "testcase", classname=item.file, name=f"{item.code} {item.node}".strip()
        )
        failure = ET.SubElement(case, "failure", message=item.message, type=item.severity)
        failure.text = str(item)
    if not findings:
        ET.SubElement(suite, "testcase", classname="journeybuilder", name="no findings")
    return ET.tostring(suite, encoding="unicode")
