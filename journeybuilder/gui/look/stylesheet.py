"""The stylesheet of the panels; `@token@` stands for a color of the theme.

Kept small: palette and Fusion do the rest. Set `setProperty("role", "primary")` on the one button
that matters, `"title"`, `"muted"` or `"error"` on labels, `setProperty("flat", True)` on quiet
buttons.
"""

STYLESHEET = """
QWidget { selection-background-color: @accent@; selection-color: @on_accent@; }
QMainWindow, QDialog { background: @window@; }
QMainWindow::separator { background: @window@; width: 5px; height: 5px; }
QMainWindow::separator:hover { background: @accent@; }

QDockWidget { color: @text@; font-weight: 600; }
QDockWidget::title { background: @panel@; padding: 9px 12px; border-bottom: @border@ solid @line@; }
QDockWidget > QWidget { background: @panel@; }

QToolBar { background: @panel@; border: none; border-bottom: @border@ solid @line@;
    padding: 5px 8px; spacing: 3px; }
QToolBar::separator { background: @line@; width: 1px; margin: 6px 6px; }
QToolButton { border: @border@ solid transparent; border-radius: 6px; padding: 5px; color: @text@; }
QToolButton:hover { background: @hover@; }
QToolButton:pressed, QToolButton:checked { background: @soft@; }
QToolButton:focus { border-color: @accent@; }
QToolButton:checked { border-color: @accent@; }
QToolButton:disabled { color: @disabled@; }

QPushButton { background: @panel@; color: @text@; border: @border@ solid @line@;
    border-radius: 6px; padding: 6px 14px; }
QPushButton:hover { background: @hover@; }
QPushButton:pressed, QPushButton:checked { background: @soft@; }
QPushButton:checked { border-color: @accent@; }
QPushButton:focus { border-color: @accent@; }
QPushButton:disabled { color: @disabled@; }
QPushButton:default, QPushButton[role="primary"] { background: @accent@; color: @on_accent@;
    border-color: @accent@; }
QPushButton[role="primary"] { font-weight: 600; }
QPushButton:default:hover, QPushButton[role="primary"]:hover { background: @accent@; }
QPushButton:default:focus, QPushButton[role="primary"]:focus { border-color: @text@; }
QPushButton:default:disabled, QPushButton[role="primary"]:disabled { background: @hover@;
    color: @disabled@; border-color: @line@; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: @hover@; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit {
    background: @base@; color: @text@; border: @border@ solid @line@; border-radius: 6px; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit { padding: 5px 8px; min-height: 18px; }
QLineEdit, QSpinBox, QDoubleSpinBox { padding: 5px 6px; }
QPlainTextEdit, QTextEdit { padding: 4px 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus, QDateTimeEdit:focus { border: @border@ solid @accent@; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QComboBox[invalid="true"] {
    border-color: @error@; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled,
QSpinBox:disabled, QDoubleSpinBox:disabled, QDateTimeEdit:disabled { color: @disabled@;
    background: @window@; }
QComboBox QAbstractItemView { background: @panel@; border: @border@ solid @line@; outline: none; }

QTreeView, QListView, QTableView { background: @panel@; alternate-background-color: @panel@;
    border: none; outline: none; }
QTreeView::item, QListView::item { padding: 5px 6px; border-radius: 6px; color: @text@;
    border: @border@ solid transparent; }
QTreeView::item:hover, QListView::item:hover { background: @hover@; }
QTreeView::item:selected, QListView::item:selected { background: @soft@; color: @text@; }
QTreeView::item:focus, QListView::item:focus { border: @border@ solid @accent@; }
QHeaderView::section { background: @panel@; color: @muted@; border: none;
    border-bottom: @border@ solid @line@; padding: 6px 8px; font-weight: 600; }

QTabBar::tab { background: transparent; color: @muted@; padding: 8px 14px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar[role="journeys"]::tab { padding: 5px 14px; }
QTabBar[role="panels"]::tab { padding: 8px 9px; }
QTabBar::tab:hover { color: @text@; }
QTabBar::tab:selected { color: @text@; border-bottom: 2px solid @accent@; }
QTabBar::tab:focus { color: @accent@; }
QTabWidget::pane { border: none; border-top: @border@ solid @line@; }

QMenuBar { background: @panel@; color: @text@; padding: 2px 6px; }
QMenuBar::item { padding: 5px 9px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: @hover@; }
QMenu { background: @panel@; color: @text@; border: @border@ solid @line@; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 5px; }
QMenu::item:selected { background: @soft@; color: @text@; }
QMenu::item:disabled { color: @disabled@; }
QMenu::separator { height: 1px; background: @line@; margin: 5px 8px; }
QMenu::icon { padding-left: 8px; }

QStatusBar { background: @panel@; color: @muted@; border-top: @border@ solid @line@; }
QStatusBar::item { border: none; }
QToolTip { background: @panel@; color: @text@; border: @border@ solid @line@; padding: 5px 8px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @line@; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @disabled@; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QAbstractScrollArea::corner { background: transparent; border: none; }

QProgressBar { background: @hover@; border: none; border-radius: 4px; color: @text@; }
QProgressBar::chunk { background: @accent@; border-radius: 4px; }
QCheckBox:disabled, QRadioButton:disabled { color: @disabled@; }
QTextBrowser { background: @base@; }

QGroupBox { border: @border@ solid @line@; border-radius: 8px; margin-top: 18px; padding: 10px; }
QGroupBox::title { subcontrol-origin: margin; left: 2px; color: @muted@; font-weight: 600; }
QLabel[role="title"] { font-size: 15px; font-weight: 600; color: @text@; }
QLabel[role="muted"] { color: @muted@; }
QLabel[role="error"] { color: @error@; }
QLabel[role="warning"] { color: @warning@; }
QLabel[role="ok"] { color: @ok@; }
QFrame[role="card"] { background: @panel@; border: @border@ solid @line@; border-radius: 10px; }
QScrollArea { border: none; background: @panel@; }
QScrollArea[role="dialog"], QScrollArea[role="dialog"] > QWidget > QWidget { background: @window@; }
QMessageBox QLabel#qt_msgbox_label { font-size: 15px; font-weight: 600; }
QSplitter::handle { background: @line@; }

QFrame#popup { background: @panel@; border: @border@ solid @line@; border-radius: 10px; }
QFrame#popup QLineEdit { border: none; border-bottom: @border@ solid @line@; border-radius: 0;
    padding: 10px 12px; background: transparent; }
QFrame#popup QListView { background: transparent; padding: 4px; }
QFrame[role="callout"] { background: @panel@; border: 2px solid @accent@; border-radius: 10px; }
"""

HIGH_CONTRAST_STYLESHEET = """
QToolButton:focus, QPushButton:focus, QPushButton[role="primary"]:focus,
QPushButton[role="quiet"]:focus, QPushButton[role="counts"]:focus, QLineEdit:focus,
QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus,
QDateTimeEdit:focus { border: 3px solid @accent@; }
QPushButton:default:focus, QPushButton[role="primary"]:focus { border: 3px solid @text@; }
QPushButton:disabled, QToolButton:disabled, QLineEdit:disabled, QPlainTextEdit:disabled,
QTextEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled,
QDateTimeEdit:disabled { border-style: dashed; border-color: @disabled@; }
QToolButton:disabled { border-color: transparent; }
QTreeView::item:selected, QListView::item:selected { border: 2px solid @accent@; }
QMenu::item:selected, QMenuBar::item:selected { border: 2px solid @accent@; }
QTabBar::tab:selected { border-bottom: 4px solid @accent@; }
QTabBar::tab:focus { border: 2px solid @accent@; }
QPushButton:hover, QToolButton:hover { border-color: @accent@; }
QProgressBar { border: 2px solid @text@; background: @base@; }
QScrollBar::handle { background: @text@; }
QFrame[role="heard"] { border: 2px solid @text@; }
"""
"""Over the others where the theme is one of high contrast: no state is told by a shade of gray alone."""
