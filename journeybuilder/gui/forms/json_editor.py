"""Any value as JSON text, with its validity while typing."""

import json
from typing import Any, cast

from typing_extensions import override

from journeybuilder.contract.schemas import BadSchema, check_schema
from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    LateLabel,
    Path,
    column,
    restyle,
)
from journeybuilder.gui.forms.plain import GrowingText
from journeybuilder.gui.look.language import tr


class JsonEditor(Editor):
    """Any value, written as JSON; what is not JSON yet is not taken over."""

    def __init__(self, path: Path, context: FormContext, *, schema: bool = False) -> None:
        super().__init__(path, context)
        self._schema = schema
        self.area = GrowingText(2, 14)
        self.area.setProperty("role", "code")
        example = '{"type": "string", "pattern": "^O-[0-9]{4}$"}' if schema else '{"key": "value"}'
        self.area.setPlaceholderText(tr("for example {value}", value=example))
        layout = column(self, spacing=4)
        layout.addWidget(self.area)
        self._wrong = LateLabel(layout, "wrong")
        self.setFocusProxy(self.area)
        self._value: Any = UNSET
        self._quiet = False
        self.area.textChanged.connect(self._typed)

    def _typed(self) -> None:
        if self._quiet:
            return
        text = self.area.toPlainText().strip()
        try:
            value = json.loads(text) if text else UNSET
            if self._schema and value is not UNSET:
                if not isinstance(value, dict):
                    raise BadSchema(tr("A schema begins with { and ends with }."))  # noqa: TRY301
                check_schema(cast("dict[str, Any]", value))
        except json.JSONDecodeError as error:
            self._say_wrong(
                tr("Not JSON yet, in line {n}: {why}.", n=error.lineno, why=error.msg.lower())
            )
            return
        except BadSchema as error:
            self._say_wrong(str(error))
            return
        self._say_wrong("")
        self._value = value
        self.say(value)

    def _say_wrong(self, words: str) -> None:
        self._wrong.show(words)
        restyle(self.area, "invalid", bool(words))

    @override
    def show_value(self, value: Any) -> None:
        wanted = UNSET if value is None else value
        if wanted == self._value:
            return
        self._value = wanted
        text = "" if wanted is UNSET else json.dumps(wanted, indent=2, ensure_ascii=False)
        if len(text) < 60:  # noqa: PLR2004 - short values stay on one line
            text = "" if wanted is UNSET else json.dumps(wanted, ensure_ascii=False)
        self._quiet = True
        try:
            self.area.setPlainText(text)
        finally:
            self._quiet = False
        self._say_wrong("")
