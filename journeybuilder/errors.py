"""Every exception of the program, sorted by whose move is next.

A *finding* is data about a journey and never an exception. An exception means that our tool cannot
go on (`ProgramError` and below) or that a step of a running journey failed (`StepError`), which the
journey itself may handle with `on_error`.
"""

from collections.abc import Mapping
from typing import Any

from typing_extensions import override


class ProgramError(Exception):
    """The tool cannot go on; says what, where and what to do next.

    Attributes:
        what: One sentence that says what is wrong.
        where: File, server, run or address it concerns, or an empty string.
        hint: What the person can do about it, or an empty string.
    """

    exit_status = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    @override
    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"


class AuthorError(ProgramError):
    """The files of the workspace do not allow it; the author mends them."""


class OperatorError(ProgramError):
    """The machine or its settings do not allow it (disk, server, secret, package)."""


class StoreError(OperatorError):
    """The run store cannot be read or written; runs keep what was committed."""


class ConflictError(OperatorError):
    """Somebody else has written to this run meanwhile; load it again and look."""


class StepError(Exception):
    """An effect of a running node failed; the journey's `on_error` decides what follows.

    Attributes:
        code: A stable word. Of calls: `timeout`, `unreachable`, `tool_failed`, `model_failed`,
            `bad_arguments`, `bad_result`, `denied` (by the gate). Of the journey: `expression` (one
            that gives no value here), `limit` (of the run or of a node), `no_way` (a way out is not
            wired), `no_lanes` (a join without lanes), `nobody` (it is not known who the customer is),
            `bad_output` (not what the journey promises to give back), `legacy` (a step of another
            program, kept but never run). Of the program: `bug`.
        message: What happened, for people.
        detail: Further facts as JSON values, never a secret.
        uncertain: True where the effect may have happened although it failed.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        detail: Mapping[str, Any] | None = None,
        uncertain: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = dict(detail or {})
        self.uncertain = uncertain
