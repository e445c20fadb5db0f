"""Tokens of a run on their way: a dot that goes along each wire just taken."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer

from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.canvas.stage_view import StageView

TRAVEL = 0.36
"""Seconds that a token takes along a wire, however long the wire is."""
MOST = 8
"""Tokens on their way at a time; of more, the latest. The marks on the wires tell of all."""
_FRAME = 16  # ms
_REACH = 10.0  # screen pixels around a dot that are painted anew


@dataclass(slots=True)
class _Token:
    key: WireKey
    began: float
    at: QPointF | None = None


class Lights(QObject):
    """Moves the tokens of one canvas; nothing moves where people or systems ask for less motion."""

    def __init__(self, view: StageView) -> None:
        super().__init__(view)
        self._view = view
        self._tokens: list[_Token] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME)
        self._timer.timeout.connect(self._step)

    @property
    def moving(self) -> int:
        """How many tokens are on their way."""
        return len(self._tokens)

    def go(self, keys: Iterable[WireKey]) -> None:
        """Send a token along each of these wires; wires that nobody has are left out."""
        view = self._view
        if not view.moves_nodes() or view.is_overview() or not view.isVisible():
            return
        now = time.monotonic()
        fresh = [_Token(key, now) for key in dict.fromkeys(keys) if key in view.board.wires]
        if not fresh:
            return
        tokens = [*self._on_their_way(now), *fresh]
        for gone in tokens[:-MOST]:
            self._touch(gone.at)
        self._tokens = tokens[-MOST:]
        self._show()
        self._timer.start()

    def clear(self) -> None:
        """No token is on its way any more."""
        self._timer.stop()
        for token in self._tokens:
            self._touch(token.at)
        self._tokens = []
        self._view.overlay.tokens = []

    def _step(self) -> None:
        self._tokens = self._on_their_way(time.monotonic())
        self._show()
        if not self._tokens:
            self._timer.stop()

    def _on_their_way(self, now: float) -> list[_Token]:
        """The tokens that have not arrived, and whose wires are still there."""
        wires = self._view.board.wires
        kept: list[_Token] = []
        for token in self._tokens:
            self._touch(token.at)
            if now - token.began < TRAVEL and token.key in wires:
                kept.append(token)
        return kept

    def _show(self) -> None:
        """Put every token where it is by now."""
        now = time.monotonic()
        wires = self._view.board.wires
        for token in self._tokens:
            part = min(1.0, max(0.0, (now - token.began) / TRAVEL))
            eased = part * part * (3 - 2 * part)
            token.at = wires[token.key].item.path().pointAtPercent(eased)
            self._touch(token.at)
        self._view.overlay.tokens = [token.at for token in self._tokens if token.at is not None]

    def _touch(self, at: QPointF | None) -> None:
        """Have the place around a dot painted anew."""
        if at is None:
            return
        reach = self._view.units(_REACH)
        area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        self._view.viewport().update(self._view.mapFromScene(area).boundingRect())
