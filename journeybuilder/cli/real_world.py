"""The real servers and models of a workspace, for scenarios that want some of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from journeybuilder.cli.place import progress
from journeybuilder.contract.services import Models, Tools
from journeybuilder.plan.bundle import Bundle

if TYPE_CHECKING:
    from journeybuilder.host import Host


class RealWorld:
    """Opens what a bundle uses when the first scenario wants it.

    Args:
        base: The folder that relative paths mean.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self._open: dict[str, tuple[Host, Tools, Models]] = {}

    async def open(self, bundle: Bundle) -> tuple[Tools, Models]:
        """The servers and models of a bundle; the same ones when asked again."""
        if bundle.digest not in self._open:
            from journeybuilder.host import Host  # noqa: PLC0415 - seldom needed

            host = Host.of_bundle(bundle, self._base, on_change=progress)
            self._open[bundle.digest] = (host, host.pool, host.models(bundle))
        return self._open[bundle.digest][1:]

    async def close(self) -> None:
        """Stop everything that was opened."""
        while self._open:
            _, (host, _, _) = self._open.popitem()
            await host.close()
