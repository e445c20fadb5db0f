"""`${…}` in `mcp.json`, `models.yaml` and commands: resolved at the moment of use, never stored.

Known are `${secret:NAME}`, `${env:NAME}`, `${NAME}`, `${NAME:-default}`, `${workspaceFolder}`,
`${userHome}` and `${python}`, the interpreter that runs this program.
"""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from journeybuilder.connect.secrets import Secrets
from journeybuilder.errors import OperatorError

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_PLAIN = re.compile(r"(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", re.DOTALL)


class Variables:
    """Puts values in the place of `${…}`.

    Attributes:
        workspace: The folder that `${workspaceFolder}` stands for.
        secrets: Where `${secret:NAME}` is looked up.
    """

    def __init__(
        self, workspace: Path, secrets: Secrets, environ: Mapping[str, str] | None = None
    ) -> None:
        self.workspace = workspace
        self.secrets = secrets
        self._environ = os.environ if environ is None else environ

    def resolve(self, text: str, *, where: str = "mcp.json") -> str:
        """The text with every `${…}` replaced by its value.

        Args:
            text: What a file says.
            where: The file and place it stands in, for the error.

        Raises:
            OperatorError: When a variable or secret is not set, or the form is not known.
        """
        return _VARIABLE.sub(lambda found: self._value(found[1], where), text)

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The variables and secrets in these texts that are not set, each as it is written."""
        names = {found[1]: None for text in texts for found in _VARIABLE.finditer(text)}
        out: list[str] = []
        for name in names:
            try:
                self._value(name, "")
            except OperatorError:
                out.append(f"${{{name}}}")
        return out

    def _value(self, name: str, where: str) -> str:
        if name.startswith("secret:"):
            return self._secret(name.removeprefix("secret:").strip(), where)
        fixed = {
            "workspaceFolder": lambda: str(self.workspace),
            "userHome": lambda: str(Path.home()),
            "python": lambda: sys.executable,
        }.get(name)
        return fixed() if fixed else self._plain(name, where)

    def _secret(self, name: str, where: str) -> str:
        try:
            return self.secrets.get(name)
        except OperatorError as error:
            raise OperatorError(error.what, where=where, hint=error.hint) from None

    def _plain(self, name: str, where: str) -> str:
        form = _PLAIN.fullmatch(name)
        if name.startswith("input:"):
            raise OperatorError(
                f"${{{name}}} is a value that only VS Code asks for",
                where=where,
                hint="Write ${secret:NAME} for a secret, or ${NAME} for a variable, in its place.",
            )
        if form is None:
            raise OperatorError(
                f"${{{name}}} is no variable that is known here",
                where=where,
                hint="Write ${secret:NAME}, ${env:NAME}, ${NAME}, ${NAME:-default}, "
                "${workspaceFolder}, ${userHome} or ${python}.",
            )
        variable, default = form[1], form[2]
        value = self._environ.get(variable)
        if default is not None:
            # As in a shell, `:-` also stands in for a variable that is set to nothing.
            return value or default
        if value is None:
            raise OperatorError(
                f"the environment variable {variable} is not set",
                where=where,
                hint=f"Set {variable} before the start, or write ${{{variable}:-default}}; for a "
                f"secret write ${{secret:{variable}}} and store it with "
                f"`keyring set journeybuilder {variable}`.",
            )
        return value
