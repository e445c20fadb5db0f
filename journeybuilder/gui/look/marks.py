"""Check marks, dots and arrows of controls in the theme's colors, sharp at every scale.

The style draws them from its own shades, which vanish on black and do not grow with the scale; a style
sheet can only name files. So they are written, as SVG, into a folder that lives as long as the program.
"""

from pathlib import Path

from PySide6.QtCore import QTemporaryDir

from journeybuilder.gui.look.theme import Theme

_SHAPES = {
    "check": '<path d="M3.5 8.5l3 3 6-7"/>',
    "part": '<path d="M4 8h8"/>',
    "dot": '<circle cx="8" cy="8" r="3" fill="{color}"/>',
    "cross": '<path d="M4.5 4.5l7 7M11.5 4.5l-7 7"/>',
    "down": '<path d="M4 6l4 4 4-4"/>',
    "up": '<path d="M4 10l4-4 4 4"/>',
}
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" fill="none" '
    'stroke="{color}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{shape}</svg>'
)

_SHEET = """
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QTreeView::indicator,
QListView::indicator { width: 16px; height: 16px; border: @border@ solid @muted@;
    border-radius: 4px; background: @base@; }
QRadioButton::indicator { border-radius: @round@; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent@; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus, QGroupBox::indicator:focus {
    border: 2px solid @accent@; width: @inner@; height: @inner@; }
QCheckBox:focus, QRadioButton:focus { color: @accent@; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QTreeView::indicator:checked,
QListView::indicator:checked { background: @accent@; border-color: @accent@;
    image: url(@check:on_accent@); }
QCheckBox::indicator:indeterminate, QTreeView::indicator:indeterminate { background: @accent@;
    border-color: @accent@; image: url(@part:on_accent@); }
QRadioButton::indicator:checked { border-color: @accent@; image: url(@dot:accent@); }
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus {
    border: 2px solid @text@; width: @inner@; height: @inner@; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled, QGroupBox::indicator:disabled,
QTreeView::indicator:disabled, QListView::indicator:disabled { border-color: @disabled@;
    background: @window@; }
QCheckBox::indicator:checked:disabled, QGroupBox::indicator:checked:disabled,
QTreeView::indicator:checked:disabled, QListView::indicator:checked:disabled {
    background: @window@; image: url(@check:disabled@); }
QCheckBox::indicator:indeterminate:disabled { background: @window@; image: url(@part:disabled@); }
QRadioButton::indicator:checked:disabled { image: url(@dot:disabled@); }

QLineEdit { lineedit-clear-button-icon: url(@cross:muted@); }
QComboBox { padding-right: 2px; }
QComboBox::drop-down, QDateTimeEdit::drop-down { subcontrol-origin: padding;
    subcontrol-position: center right; border: none; width: 22px; }
QComboBox::down-arrow, QDateTimeEdit::down-arrow { image: url(@down:muted@); width: 14px;
    height: 14px; }
QComboBox::down-arrow:disabled { image: url(@down:disabled@); }
QAbstractSpinBox { padding-right: 22px; }
QAbstractSpinBox > QLineEdit { border: none; background: transparent; padding: 0 0 0 5px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border;
    border: none; background: transparent; width: 22px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: @hover@; }
QAbstractSpinBox::up-arrow { image: url(@up:muted@); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url(@down:muted@); width: 12px; height: 12px; }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off { image: url(@up:disabled@); }
QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off {
    image: url(@down:disabled@); }

QMenu::indicator { width: 16px; height: 16px; left: 6px; }
QMenu::indicator:checked { image: url(@check:text@); }
QMenu::indicator:unchecked { image: none; }

QSlider::groove:horizontal { height: 4px; background: @line@; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent@; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -7px 0; border-radius: 9px;
    background: @panel@; border: 2px solid @accent@; }
QSlider::handle:horizontal:focus { background: @accent@; border-color: @text@; }
QSlider::handle:horizontal:disabled { border-color: @disabled@; }
"""


class Marks:
    """The files of these marks, written when a theme first needs them."""

    def __init__(self) -> None:
        self._folder = QTemporaryDir()
        self._written: set[str] = set()

    def sheet(self, theme: Theme) -> str:
        """The style sheet of the controls that have marks, with `@token@` of colors left as they are."""
        sheet = _SHEET.replace("@round@", "10px" if theme.high_contrast else "9px")
        sheet = sheet.replace("@inner@", "16px" if theme.high_contrast else "14px")
        for shape in _SHAPES:
            for token in ("on_accent", "accent", "muted", "text", "disabled"):
                name = f"@{shape}:{token}@"
                if name in sheet:
                    sheet = sheet.replace(name, self._file(shape, getattr(theme, token)))
        return sheet

    def _file(self, shape: str, color: str) -> str:
        """The file of a shape in a color; where none can be written, a name that shows nothing."""
        name = f"{shape}-{color.removeprefix('#')}.svg"
        path = self._folder.filePath(name)
        if name not in self._written:
            drawn = _SVG.replace("{shape}", _SHAPES[shape]).replace("{color}", color)
            try:
                Path(path).write_text(drawn, encoding="utf-8")
            except OSError:
                return ""
            self._written.add(name)
        return path.replace("\\", "/")
