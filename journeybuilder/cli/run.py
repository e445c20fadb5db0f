"""`jb run`: run a bundle or a journey headless."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import click

from journeybuilder.cli.given import object_of
from journeybuilder.cli.output import clean, echo
from journeybuilder.cli.place import (
    base_of,
    host_of,
    in_workspace,
    journey_named,
    with_host,
    with_json_lines,
    workspace_at,
)
from journeybuilder.cli.printing import RunPrinter, more_options
from journeybuilder.connect.terminal import Terminal
from journeybuilder.contract.json import as_object
from journeybuilder.contract.schemas import BadSchema, convert, violations
from journeybuilder.contract.services import Services
from journeybuilder.document.findings import choices, near
from journeybuilder.document.model import FORMAT_VERSION, Journey, newer_version
from journeybuilder.document.tree import load
from journeybuilder.document.workspace import SETTINGS_FILE
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.host import Host, known_of, this_process
from journeybuilder.plan.bundle import Bundle, build, check_bundle, must_be_signed
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import RunState


class Around(Protocol):
    """Who looks on while something is run."""

    def services(self, host: Host, plan: Plan, services: Services) -> Services:
        """The services as the run is to get them."""
        ...

    def over(self, given: Mapping[str, Any], state: RunState | None) -> None:
        """The run has come to a stop; it has no state when it was broken off."""
        ...


_OPTIONS = (
    click.argument("file"),
    click.option(
        "--input", "given", metavar="JSON", help="What starts it, as JSON; @FILE reads a file."
    ),
    click.option("--set", "pairs", metavar="KEY=VALUE", multiple=True,
                 help="One field of the input."),
    click.option("--say", "says", metavar="TEXT", multiple=True,
                 help="What the customer says, in turn."),
    click.option("--env", default="", help="The environment, when FILE is a journey."),
    click.option("--store", default="", metavar="URL",
                 help="The run store, for example sqlite:///runs.db."),
    click.option("--customer", default="", metavar="ID",
                 help="Who the customer is, for what is remembered."),
    click.option("--channel", default="", help="The channel, for example chat or voice."),
    click.option("--language", default="", help="The customer's language, for example en."),
    click.option("--trace", is_flag=True, help="Show every step, not only what is said."),
    click.option("--live", is_flag=True,
                 help="Show a model's words while it writes; with --json, as events 'writing'."),
    in_workspace,
    with_json_lines,
)  # fmt: skip


def run_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add what `jb run` takes to a command, which then hands it to `perform`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command("run")
@run_options
def command(**options: Any) -> int:
    """Run FILE: a bundle, a journey's file, or a journey's id in the workspace.

    The customer is the terminal, or the --say lines in turn. A run that has to wait for longer is
    parked: 'jb runs' and 'jb reviews' show and continue it.
    """
    return perform(**options)


def perform(
    *,
    file: str,
    given: str | None,
    pairs: tuple[str, ...],
    says: tuple[str, ...],
    env: str,
    store: str,
    customer: str,
    channel: str,
    language: str,
    trace: bool,
    live: bool,
    folder: Path | None,
    as_json: bool,
    around: Around | None = None,
) -> int:
    """Run something with the options of `jb run`; the exit status."""
    bundle, base = _load(file, env, folder)
    if must_be_signed(bundle):
        raise AuthorError(
            f"the environment '{bundle.environment}' demands a signature, and this has none",
            where=file,
            hint="Signatures come with a later version; until then use another environment.",
        )
    plan = make_plan(bundle)
    start = _input(plan.journey, given, pairs)
    _warn_of_others("language", language, plan.journey.languages)
    _warn_of_others("channel", channel, plan.journey.channels)
    session = {
        "channel": channel or plan.journey.channels[0],
        "language": language or plan.journey.languages[0],
        "tenant": "",
        **({"customer": customer} if customer else {}),
    }
    elsewhere = base if folder is None and base != base_of(None, None) else folder
    more = more_options(elsewhere, store or _bound_store(bundle))
    printer = RunPrinter(as_json=as_json, trace=trace, more=more)
    seated = sys.stdin.isatty() and not as_json
    terminal = Terminal(
        says, interactive=seated, write=printer.said, prompt=printer.prompt if seated else None
    )

    async def work(host: Host) -> RunState:
        journal = host.journal(store or _bound_store(bundle))
        services = host.services(bundle, terminal)
        if around is not None:
            services = around.services(host, plan, services)
        engine = Engine(plan, journal, services, printer.event, driver=this_process(), live=live)
        return await engine.start(start, session)

    state: RunState | None = None
    try:
        state = with_host(host_of(bundle, base), work)
        if around is not None:
            around.over(start, state)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            printer.interrupted()
        if around is not None and state is None:
            around.over(start, None)
        raise
    return printer.close(state)


def _warn_of_others(what: str, given: str, known: Sequence[str]) -> None:
    """Say that the journey has nothing for a language or channel; it goes on with its first."""
    if given and given not in known:
        hint = near(given, known) or f"It has {choices(known)}."
        echo(clean(f"warning: the journey has no {what} '{given}'. {hint}"), err=True)


def _bound_store(bundle: Bundle) -> str:
    """The run store of the bundle's environment, or an empty text."""
    return str(as_object(bundle.data.get("environment")).get("store", ""))


def _load(file: str, env: str, folder: Path | None) -> tuple[Bundle, Path]:
    """The bundle in a file, or the one made from a journey of the workspace."""
    path = Path(file)
    if path.is_file():
        tree = load(path.read_bytes(), file)
        errors = [item for item in tree.findings if item.severity == "error"]
        if errors:
            raise AuthorError(errors[0].message, where=errors[0].place, hint=errors[0].hint)
        data = as_object(tree.value)
        newer = newer_version(data)
        if newer is not None:
            raise AuthorError(
                f"the file is of version {newer}; this program reads up to {FORMAT_VERSION}",
                where=file,
                hint="Update journeybuilder.",
            )
        if "bundle" in data:
            bundle, base = Bundle(data), base_of(path, folder)
            check_bundle(bundle, file)
            _must_have_workspace(bundle, base, file)
            return bundle, base
        if "journey" not in data:
            raise AuthorError(
                "this is neither a bundle nor a journey", where=file,
                hint="Export one with 'jb export JOURNEY -o FILE'.",
            )  # fmt: skip
    elif path.suffix in {".yaml", ".yml"}:
        raise OperatorError(
            "there is no such file", where=file, hint="Name a bundle, a journey's file or its id."
        )
    workspace = workspace_at(folder or (path if path.is_file() else None))
    name = journey_named(workspace, file)
    return build(workspace, name, known_of(workspace), env), workspace.root


def _must_have_workspace(bundle: Bundle, base: Path, file: str) -> None:
    """Refuse a bundle whose servers lie in a workspace, where there is none around it."""
    needs = [name for name, entry in bundle.servers.items() if "${workspaceFolder}" in str(entry)]
    if needs and not (base / SETTINGS_FILE).exists():
        raise OperatorError(
            f"its servers {choices(needs)} lie in a workspace, and there is none here",
            where=file,
            hint="Say where it is with --workspace DIR.",
        )


def _known_field(name: str, journey: Journey) -> None:
    """Refuse a field that the journey does not name: a slip would be lost without a word.

    Raises:
        click.UsageError: When the input names its fields, and this is none of them.
    """
    properties = as_object(journey.input.get("properties"))
    if not properties or name in properties or _OPEN & journey.input.keys():
        return
    hint = near(name, properties) or f"Fields: {choices(properties)}."
    raise click.UsageError(f"the input of '{journey.id}' has no field '{name}'. {hint}")


_OPEN = frozenset({"additionalProperties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref"})
"""Keys of an input by which it may have fields that `properties` does not name."""


def _input(journey: Journey, given: str | None, pairs: tuple[str, ...]) -> Mapping[str, Any]:
    """What starts the run, of the types that the journey's input wants."""
    values: dict[str, Any] = object_of(given, "--input") if given else {}
    properties = as_object(journey.input.get("properties"))
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise click.UsageError(f"'--set {pair}' is not of the form KEY=VALUE")
        _known_field(name, journey)
        values[name] = convert(as_object(properties.get(name)), text)
    try:
        wrong = violations({"type": "object", **journey.input}, values) if journey.input else []
    except BadSchema as error:
        raise AuthorError(f"'input' of the journey is no JSON Schema: {error}") from None
    if wrong:
        raise click.UsageError(
            f"the input does not fit '{journey.id}': {wrong[0]}. "
            "Give it with --set KEY=VALUE or --input JSON."
        )
    return values
