"""`branch`: the first case whose condition holds."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Expression, Mark, Part, Settings, Way
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.errors import StepError


class Case(Part):
    """One condition and where it leads."""

    when: Expression = Field(description="The condition (CEL), for example order.total < 200.")
    next: Way


class BranchSettings(Settings):
    """Settings of `branch`."""

    cases: list[Case] = Field(description="Conditions, tried from the first to the last.")
    otherwise: Annotated[str, Mark("port", "otherwise")]


class Branch(NodeKind[BranchSettings]):
    """Goes where the first condition that holds leads."""

    name: ClassVar[str] = "branch"
    title: ClassVar[str] = "Branch"
    about: ClassVar[str] = "Goes the way of the first condition that holds."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "branch"
    example: ClassVar[str] = """\
eligible:
  kind: branch
  cases:
    - {when: order.age_days <= 30 && order.total < 200, next: label}
    - {when: order.age_days <= 30, next: decide}
  otherwise: too_late
"""
    settings = BranchSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        first = next(iter(as_list(raw.get("cases"))), None)
        return str(as_object(first).get("when") or "")

    @override
    def complaints(self, settings: BranchSettings) -> Iterable[Complaint]:
        if not settings.cases:
            yield Complaint(("cases",), "there is no case", "Add a condition and where it leads.")

    @override
    async def run(self, settings: BranchSettings, step: Step) -> Leave:
        for index, case in enumerate(settings.cases):
            holds = step.evaluate(case.when)
            if not isinstance(holds, bool):
                raise StepError(
                    "expression", f"the condition '{case.when}' is neither true nor false"
                )
            if holds:
                return Leave(f"cases.{index}")
        return Leave("otherwise")
