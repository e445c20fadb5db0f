"""The tabs of an area of panels fit into it, in every language and down to its icons."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from journeybuilder.gui.area_tabs import AreaTabs
from journeybuilder.gui.look import language
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.panel_list import AREAS, PANELS, Area


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    """A look that is let go afterwards."""
    made = Look(qapp, "light")
    yield made
    made.dispose()


@pytest.fixture(params=["en", "es", "de"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language of the window in turn."""
    before = language.current()
    yield language.use(request.param)
    language.use(before)


def area(qtbot: QtBot, look: Look, name: Area, width: int) -> AreaTabs:
    """An area as wide as this."""
    tabs = AreaTabs(look, [one for one in PANELS if one.area == name], QSize(width, 300))
    qtbot.addWidget(tabs)
    tabs.resize(width, 300)
    tabs.show()
    qtbot.waitExposed(tabs)
    return tabs


@pytest.mark.parametrize("name", AREAS)
@pytest.mark.parametrize("width", [230, 264, 356, 700])
def test_no_tab_reaches_beyond_its_area(
    qtbot: QtBot, look: Look, spoken: str, name: Area, width: int
) -> None:
    tabs = area(qtbot, look, name, max(width, 300) if name == "right" else width)
    for index in range(tabs.count()):
        tabs.setCurrentIndex(index)
        bar = tabs.tabBar()
        places = [bar.tabRect(number) for number in range(tabs.count())]
        assert all(one.right() < two.left() + 1 for one, two in pairwise(places)), spoken
        assert places[-1].right() < tabs.width(), spoken


def test_where_titles_do_not_fit_only_the_one_in_front_has_its_own(
    qtbot: QtBot, look: Look
) -> None:
    tabs = area(qtbot, look, "right", 356)
    words = [tabs.tabText(index) for index in range(tabs.count())]
    assert words[0]
    assert not any(words[1:])
    tabs.resize(1200, 300)
    assert all(tabs.tabText(index) for index in range(tabs.count()))
