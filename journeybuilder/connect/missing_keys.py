"""Keys that an environment needs and this machine does not have, by name only.

Asked for by `jb check --env`: a laptop need not have the keys of production, the machine that runs it
must. Looking into the keyring may make the system ask its person to unlock it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from journeybuilder.checks.environments import NO_KEY
from journeybuilder.connect.secrets import SERVICE, is_login
from journeybuilder.connect.variables import Variables
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.findings import Path, Problem
from journeybuilder.document.servers import ServerSpec

PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY",),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "mistral": ("MISTRAL_API_KEY",),
    "groq": ("GROQ_API_KEY",),
    "azure": ("AZURE_API_KEY",),
    "cohere": ("COHERE_API_KEY",),
    "deepseek": ("DEEPSEEK_API_KEY",),
    "openrouter": ("OPENROUTER_API_KEY",),
    "together_ai": ("TOGETHERAI_API_KEY",),
    "xai": ("XAI_API_KEY",),
    "fireworks_ai": ("FIREWORKS_AI_API_KEY",),
    "perplexity": ("PERPLEXITYAI_API_KEY",),
    "huggingface": ("HUGGINGFACE_API_KEY",),
    "replicate": ("REPLICATE_API_KEY",),
    "nvidia_nim": ("NVIDIA_NIM_API_KEY",),
    "cerebras": ("CEREBRAS_API_KEY",),
    "deepinfra": ("DEEPINFRA_API_KEY",),
}
"""The variables in which LiteLLM looks for a provider's key; any one of them will do."""


def of_models(
    models: Mapping[str, Mapping[str, Any]],
    bound: Mapping[str, str],
    used: Iterable[str],
    environment: str,
    variables: Variables,
) -> Iterator[Problem]:
    """The models without a key; paths as in `models.yaml`.

    Args:
        models: The entries of `models.yaml`.
        bound: What the environment binds: the alias of the entry by the alias that journeys use.
        used: The aliases that journeys use; what stands in for them is looked at too.
        environment: For the message.
        variables: Where keys are looked for.
    """
    waiting, seen = list(used), set[str]()
    told: set[str] = set()
    while waiting:
        alias = waiting.pop(0)
        name = bound.get(alias, alias)
        entry = models.get(name)
        if alias in seen or entry is None:
            continue
        seen.add(alias)
        waiting += [str(other) for other in as_list(entry.get("fallbacks"))]
        if name in told:
            continue
        told.add(name)
        called = f"'{alias}'" if name == alias else f"'{alias}', which is '{name}' there,"
        for path, missing in _of_entry(entry, variables):
            message = f"in '{environment}', the model {called} needs {_said(missing)}"
            yield Problem(NO_KEY, ("models", name, *path), message, _hint(missing))


def _of_entry(entry: Mapping[str, Any], variables: Variables) -> Iterator[tuple[Path, str]]:
    """What an entry needs and does not get: where it stands, and `${…}`."""
    for key in ("api_key", "api_base"):
        for missing in variables.missing([str(entry.get(key) or "")]):
            yield (key,), missing
    provider, slash, _ = str(entry.get("model")).partition("/")
    if slash and not entry.get("api_key") and not entry.get("api_base"):
        names = [f"${{secret:{name}}}" for name in PROVIDERS.get(provider, ())]
        missing = variables.missing(names)
        if missing and len(missing) == len(names):
            yield ("model",), missing[0]


def of_servers(
    servers: Mapping[str, ServerSpec], used: Iterable[str], environment: str, variables: Variables
) -> Iterator[Problem]:
    """The servers without a key that they are configured with; paths begin with the server's name."""
    for name in used:
        spec = servers.get(name)
        if spec is None or spec.disabled:
            continue
        for missing in variables.missing(texts_of(spec)):
            message = f"in '{environment}', the server '{name}' needs {_said(missing)}"
            yield Problem(NO_KEY, (name,), message, _hint(missing))


def texts_of(spec: ServerSpec) -> list[str]:
    """Every text of a server in which variables may stand."""
    oauth = () if spec.oauth is None else (spec.oauth.client_id, spec.oauth.client_secret)
    texts = [spec.command, *spec.args, *spec.env.values(), spec.cwd, spec.url]
    return [*texts, *spec.headers.values(), *spec.start, *oauth]


def _name(missing: str) -> str:
    return missing.removeprefix("${").removesuffix("}").removeprefix("secret:").removeprefix("env:")


def _said(missing: str) -> str:
    if "{secret:" in missing and is_login(_name(missing)):
        return f"{_name(missing).strip()}, which is a login of a server and no secret"
    where = "neither in the keyring nor in" if "{secret:" in missing else "not in"
    return f"{_name(missing).strip()}, which is {where} the environment"


def _hint(missing: str) -> str:
    name = _name(missing).strip()
    variable = f"et the environment variable {name}"
    if "{secret:" not in missing:
        return f"S{variable}."
    if is_login(name):
        return "Write ${secret:NAME} with the name of a secret of its own."
    return f"Store it with `keyring set {SERVICE} {name}`, or s{variable}."


def used_by(uses: Iterable[tuple[str, Any]]) -> tuple[list[str], list[str]]:
    """The models and the servers among marked values.

    Args:
        uses: The role of each value, and the value.
    """
    models: dict[str, None] = {}
    servers: dict[str, None] = {}
    for role, value in uses:
        for name in as_list(value) if role == "tools" else (value,):
            if not isinstance(name, str) or not name:
                continue
            if role == "model":
                models[name] = None
            elif role in {"tool", "tools", "resource", "prompt"}:
                servers[name.partition("/")[0]] = None
    return list(models), list(servers)


def bindings(environment: Mapping[str, Any]) -> dict[str, str]:
    """What an environment binds, by alias."""
    return {str(alias): str(other) for alias, other in as_object(environment.get("models")).items()}
