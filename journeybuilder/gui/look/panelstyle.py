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

QFrame[role="past"] { background: @panel@; border: none; border-bottom: 2px solid @waiting@; }
QLabel[role="moment"] { color: @text@; font-weight: 600; }

QPlainTextEdit[role="code"] { padding: 4px; }
CodeArea[role="code"] { padding: 4px 4px 4px 0; }

QWidget[role="page"] { background: @panel@; }
QWidget[role="inner"] { border-left: 2px solid @line@; background: transparent; }
QWidget[role="chip"] { background: @hover@; border-radius: 6px; }
QFrame[role="case"] { background: @window@; border: @border@ solid @line@; border-radius: 8px; }
QFrame[role="findings"] { border: @border@ solid @line@; border-radius: 8px; background: @window@; }

QPushButton[role="quiet"] { background: transparent; border: @border@ solid transparent;
    color: @accent@; padding: 4px 4px; font-weight: 600; }
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
QPushButton[role="choice"] { border-radius: 11px; color: @accent@; border-color: @accent@;
    background: transparent; padding: 4px 12px; }
QPushButton[role="choice"]:hover { background: @soft@; }
QPushButton[role="choice"]:focus { border: 2px solid @accent@; }
QPushButton[role="choice"]:disabled { color: @disabled@; border-color: @disabled@; }
QToolButton[role="more"] { padding: 0 4px; border-radius: 4px; }
QToolButton[role="more"]::menu-indicator { image: none; width: 0; }
QToolButton[role="switch"]::menu-indicator { image: none; width: 0; }
QToolButton[role="section"] { background: transparent; font-weight: 700; padding: 4px 4px; }
QToolButton[role="section"]:checked { border-color: transparent; background: transparent; }
QToolButton[role="section"]:hover { background: @hover@; }
QToolButton[role="section"]:focus { border: @border@ solid @accent@; }
QToolButton[role="small"], QToolButton[role="reset"] { padding: 0; border-radius: 4px;
    color: @muted@; min-width: 22px; max-width: 22px; min-height: 22px; max-height: 22px; }
QToolButton[role="reset"] { color: @accent@; min-height: 16px; max-height: 16px; min-width: 18px;
    max-width: 18px; }
QToolButton[role="small"]:checked { background: @soft@; color: @accent@; }
QToolButton[role="small"]:focus, QToolButton[role="reset"]:focus { border: @border@ solid @accent@; }
QPushButton[role="jump"] { background: transparent; border: @border@ solid transparent;
    color: @text@; padding: 4px 8px; text-align: left; }
QPushButton[role="jump"]:hover { background: @hover@; }
QPushButton[role="jump"]:focus { border-color: @accent@; }
QFrame[role="facts"] { background: @window@; border: @border@ solid @line@; border-radius: 8px; }
QLabel[role="facts"] { color: @text@; font-size: 12px; border: none; background: transparent; }
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
QFrame[role="phone"] { background: @window@; border: @border@ solid @line@; border-radius: 14px; }
QPushButton[role="phonekey"] { padding: 4px 2px; }
QLabel[role="dialed"] { color: @text@; font-size: 18px; font-weight: 600; }
QLabel[role="origin"] { color: @muted@; font-size: 11px; }
QFrame[role="heard"] QLabel[role="origin"] { color: @on_accent@; }
QFrame[role="tag"] QLabel { color: @muted@; font-size: 11px; }

QFrame#completion { background: @panel@; border: @border@ solid @accent@; border-radius: 8px; }
QListWidget[role="completion"] { background: transparent; border: none; padding: 0; }
QListWidget[role="completion"]::item { padding: 0; border: none; }
QLabel[role="completion"] { color: @muted@; font-size: 12px; padding: 6px 10px;
    border-top: @border@ solid @line@; background: @window@; border-bottom-left-radius: 7px;
    border-bottom-right-radius: 7px; }
QLabel[role="live"] { color: @muted@; font-size: 12px; }
QLabel[role="live"][state="wrong"] { color: @warning@; }
QLabel[role="truth"] { color: @muted@; font-size: 12px; }
QLabel[role="truth"][state="true"] { color: @ok@; }
QLabel[role="truth"][state="wrong"] { color: @warning@; }
QToolButton[role="mini"] { border: @border@ solid transparent; border-radius: 6px; color: @muted@;
    padding: 0; min-width: 24px; max-width: 24px; min-height: 24px; max-height: 24px; }
QToolButton[role="mini"]:hover { background: @hover@; }
QToolButton[role="mini"]:checked { background: @soft@; }
QToolButton[role="mini"]:focus { border-color: @accent@; }
QFrame[role="samples"] { background: @window@; border: @border@ solid @line@; border-radius: 8px; }
QFrame[role="case"][dragged="true"] { border-color: @accent@; }
QLabel[role="grip"] { color: @muted@; }
QTreeView[role="rows"]::item, QListView[role="rows"]::item { padding: 0; border: none;
    background: transparent; }
QTableView[role="rows"]::item { padding: 2px 6px; color: @text@; }
QTableView[role="rows"]::item:selected { background: @soft@; color: @text@; }
QTableView[role="rows"]::item:focus { border: 1px solid @accent@; }
QTreeView[role="rows"], QListView[role="rows"] { background: @panel@;
    selection-background-color: transparent; }
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
QDialog QLineEdit[role="nodetitle"] { margin-left: 0; }
QTabWidget > QTabBar { background: @window@; }
QCheckBox { color: @text@; spacing: 8px; }
QScrollArea > QWidget > QPlainTextEdit[role="code"] { padding: 4px; }
CodeArea[role="code"] { padding: 4px 4px 4px 0; }

QWidget[role="page"] { background: @panel@; }
"""
