"""Fixes that no edit of the journey makes: commands of the window that help."""

from collections.abc import Iterator

from journeybuilder.gui.fixes.fix import Case, Fix
from journeybuilder.gui.look.language import tr


def discover(case: Case) -> Iterator[Fix]:
    """A server that was never asked is asked now."""
    del case
    yield Fix(tr("Ask the servers for their tools now"), deed="journey.refresh", best=True)


def servers(case: Case) -> Iterator[Fix]:
    """What is wrong is with the server: look at it, compare, approve."""
    if case.finding.code == "JB508":
        yield Fix(tr("Compare the tool with what was approved"), deed="view.servers", best=True)
    else:
        yield Fix(tr("Look at the servers"), deed="view.servers")
