"""The stylesheet of forms and panels, beside the general one; `@token@` stands for a color."""

PANEL_STYLESHEET = """
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: @placeholder@; }
QLabel[role="field"] { color: @text@; font-weight: 600; }
QLabel[role="required"] { color: @muted@; font-size: 11px; }
QLabel[role="help"] { color: @muted@; font-size: 12px; }
QLabel[role="caption"] { color: @muted@; font-size: 12px; font-weight: 600; }
QLabel[role="section"] { color: @text@; font-size: 13px; font-weight: 700; margin: 8px 0 0 0; }
QLabel[role="heading"] { color: @text@; font-size: 22px; font-weight: 700; }
QLabel[role="lead"] { color: @muted@; font-size: 14px; }
QLabel[role="wrong"] { color: @error@; font-size: 12px; }
QLabel[role="problem"] { font-size: 12px; }
QLabel[role="problem"][severity="error"] { color: @error@; }
QLabel[role="problem"][severity="warning"] { color: @warning@; }
QLabel[role="port"] { color: @text@; }
QLabel[role="port"][style="error"] { color: @error@; }
QLabel[role="port"][style="timeout"] { color: @warning@; }
QLabel[role="code"], QLineEdit[role="code"], QPlainTextEdit[role="code"] {
    font-family: "JetBrains Mono", "Cascadia Mono", "SF Mono", "DejaVu Sans Mono", monospace;
    font-size: 12px; }
QLabel[role="status"] { color: @muted@; padding: 2px 8px; }
QLabel[role="notice"] { background: @soft@; color: @text@; border-radius: 8px; padding: 8px 12px; }

QFrame[role="notice"] { background: @soft@; border: none; border-bottom: @border@ solid @line@; }

QWidget[role="page"] { background: @panel@; }
QWidget[role="inner"] { border-left: 2px solid @line@; background: transparent; }
QWidget[role="chip"] { background: @hover@; border-radius: 6px; }
QFrame[role="case"] { background: @window@; border: @border@ solid @line@; border-radius: 8px; }
QFrame[role="findings"] { border: @border@ solid @line@; border-radius: 8px; background: @window@; }

QPushButton[role="quiet"] { background: transparent; border: @border@ solid transparent;
    color: @accent@; padding: 4px 8px; font-weight: 600; }
QPushButton[role="quiet"]:hover { background: @hover@; }
QPushButton[role="quiet"]:focus { border-color: @accent@; }
QPushButton[role="quiet"]:disabled { color: @disabled@; }
QPushButton[role="counts"] { background: transparent; border: @border@ solid transparent;
    color: @text@; padding: 2px 8px; }
QPushButton[role="counts"]:hover { background: @hover@; }
QPushButton[role="counts"]:focus { border-color: @accent@; }
QPushButton[role="remove"] { background: transparent; border: @border@ solid transparent;
    color: @muted@; padding: 0; min-width: 24px; max-width: 24px; min-height: 24px; max-height: 24px; }
QPushButton[role="remove"]:hover { background: @hover@; color: @text@; }
QPushButton[role="remove"]:focus { border-color: @accent@; }
QPushButton[role="link"] { background: @panel@; border: @border@ solid @line@; color: @text@;
    border-radius: 10px; padding: 0; text-align: left; }
QPushButton[role="link"]:hover { background: @hover@; }
QPushButton[role="link"]:focus { border-color: @accent@; }
QPushButton[role="choice"] { border-radius: 14px; color: @accent@; border-color: @accent@;
    background: transparent; padding: 4px 12px; }
QPushButton[role="choice"]:hover { background: @soft@; }
QToolButton[role="switch"] { border: @border@ solid @line@; border-radius: 6px; color: @muted@;
    padding: 0; min-width: 28px; max-width: 28px; min-height: 28px; max-height: 28px; }
QToolButton[role="switch"]:hover { background: @hover@; }
QToolButton[role="switch"]:checked { background: @soft@; color: @accent@; border-color: @accent@; }
QToolButton[role="switch"]:focus { border-color: @accent@; }

QFrame[role="said"] { background: @hover@; border: none; border-radius: 12px; }
QFrame[role="heard"] { background: @accent@; border: none; border-radius: 12px; }
QPlainTextEdit[role="words"], QPlainTextEdit[role="reading code"] { background: transparent;
    border: none; padding: 0; }
QPlainTextEdit[role="reading code"] { font-family: "JetBrains Mono", "Cascadia Mono", "SF Mono",
    "DejaVu Sans Mono", monospace; font-size: 12px; }
QFrame[role="heard"] QPlainTextEdit { color: @on_accent@; }
QFrame[role="call"] { background: transparent; border: @border@ solid @line@; border-radius: 8px; }
QFrame[role="task"] { background: @panel@; border: @border@ solid @waiting@; border-radius: 10px; }
QFrame[role="ended"] { background: @soft@; border: none; border-radius: 10px; }
QFrame[role="failed"] { background: @panel@; border: @border@ solid @error@; border-radius: 10px; }
QFrame[role="tag"] QLabel { color: @muted@; font-size: 11px; }

QAbstractItemView#completion { background: @panel@; color: @text@; border: @border@ solid @line@; }
QTreeView[role="rows"]::item, QListView[role="rows"]::item { padding: 0; border: none;
    background: transparent; }
QTreeView[role="rows"], QListView[role="rows"] { background: @panel@; }
QTreeView[role="rows"]::branch { background: transparent; image: none; border-image: none; }
QToolButton[role="close"] { color: @muted@; padding: 0; border-radius: 4px; min-width: 20px;
    max-width: 20px; min-height: 20px; max-height: 20px; font-size: 11px; }
QLineEdit[role="nodetitle"] { font-size: 16px; font-weight: 600; border-color: transparent;
    placeholder-text-color: @text@;
    background: transparent; padding: 4px 0; margin-left: -3px; }
QLineEdit[role="nodeid"] { font-family: "JetBrains Mono", "Cascadia Mono", "SF Mono",
    "DejaVu Sans Mono", monospace; font-size: 12px; color: @muted@; border-color: transparent;
    background: transparent; padding: 4px 0; }
QLineEdit[role="nodeid"]:hover { border-color: @line@; padding: 4px 8px; }
QLineEdit[role="nodeid"]:focus { border-color: @accent@; color: @text@; padding: 4px 8px; }
QLineEdit[role="nodetitle"]:hover { border-color: @line@; padding: 4px 8px; }
QLineEdit[role="nodetitle"]:focus { border-color: @accent@; background: @base@; padding: 4px 8px; }
QTabWidget > QTabBar { background: @window@; }
QCheckBox { color: @text@; spacing: 8px; }
QScrollArea > QWidget > QWidget[role="page"] { background: @panel@; }
"""
