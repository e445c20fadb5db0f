"""Pictures of journeys from the window: files, clipboard, paper."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.layers import Layers
from journeybuilder.gui.canvas.picture import Footer, Picture
from journeybuilder.gui.look.theme import DARK, LIGHT, THEMES, Theme
from journeybuilder.gui.panels.picture import PictureDialog
from tests.gui.canvas.memory import MemoryModel
from tests.gui.canvas.samples import order_return
from tests.gui.desk import Desk, make_workspace

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def model(qtbot: QtBot) -> MemoryModel:
    return order_return()


@pytest.fixture
def dialog(qtbot: QtBot, model: MemoryModel, tmp_path: Path) -> PictureDialog:
    dialog = PictureDialog(
        model, "Return an order", tmp_path, None, selected=("which", "look_up"), name="return"
    )
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def texts(svg: bytes) -> set[str]:
    return {(one.text or "").strip() for one in ET.fromstring(svg).iter(f"{SVG}text")}


def read(png: bytes) -> QImage:
    return QImage.fromData(png)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_drawing_has_texts_as_texts_no_images_and_is_the_same_every_time(
    model: MemoryModel, theme: Theme
) -> None:
    with Picture(model, theme) as picture:
        one, other = picture.svg("Return"), picture.svg("Return")
    with Picture(model, theme) as picture:
        third = picture.svg("Return")
    assert one == other == third
    assert {"Which order?", "orders / get_order", "order.age_days <= 30", "time-out"} <= texts(one)
    assert b"<image" not in one
    assert theme.canvas.encode() in one


def test_a_picture_of_some_nodes_has_only_these_and_the_wires_between_them(
    model: MemoryModel,
) -> None:
    with Picture(model, LIGHT) as picture:
        whole, all_of_it = picture.area, picture.svg("x")
    with Picture(model, LIGHT, only=("which", "look_up")) as picture:
        part, some = picture.area, picture.svg("x")
    assert part.width() < whole.width() / 3
    assert "Which order?" in texts(some)
    assert "Sorry" not in texts(some)
    assert "Sorry" in texts(all_of_it)


def test_an_image_that_would_be_too_large_is_drawn_smaller(model: MemoryModel) -> None:
    model.positions["bye"] = (60_000.0, 40_000.0)
    with Picture(model, LIGHT) as picture:
        scale = picture.largest_scale(4.0)
        assert 0 < scale < 1
        assert picture.area.width() * scale <= 32_000
        assert picture.area.width() * picture.area.height() * scale**2 <= 120_000_001


def test_a_document_has_one_page_or_as_many_as_it_needs(model: MemoryModel) -> None:
    with Picture(model, LIGHT) as picture:
        one = picture.pdf(Footer("Return", "today"))
        many = picture.pdf(Footer("Return", "today"), spread=True)
    assert one.startswith(b"%PDF")
    assert one.count(b"/Type /Page\n") == 1
    assert many.count(b"/Type /Page\n") > 1


def test_the_scene_of_a_picture_leaves_the_model_alone(model: MemoryModel) -> None:
    with Picture(model, DARK) as picture:
        picture.image(0.5)
    model.move({"bye": (0.0, 0.0)}, "g")
    model.remove(("sorry",))
    assert model.intents


def test_the_dialog_writes_what_its_fields_say(dialog: PictureDialog, tmp_path: Path) -> None:
    dialog.go.click()
    assert dialog.written == tmp_path / "return.svg"
    assert "Sorry" in texts((tmp_path / "return.svg").read_bytes())
    dialog.what.setCurrentIndex(1)
    dialog.theme.setCurrentIndex(1)
    dialog.file.setText(str(tmp_path / "part.png"))
    assert dialog.scale.isEnabled()
    dialog.go.click()
    image = read((tmp_path / "part.png").read_bytes())
    assert 1200 < image.width() < 1700
    assert image.pixelColor(1, 1).name() == DARK.canvas
    assert "part.png" in dialog.words.text()


def test_a_name_without_a_known_ending_cannot_be_exported(dialog: PictureDialog) -> None:
    dialog.file.setText("picture.gif")
    assert not dialog.go.isEnabled()
    assert ".svg" in dialog.words.text()


def test_a_file_that_cannot_be_written_is_told_in_the_dialog(
    dialog: PictureDialog, tmp_path: Path
) -> None:
    (tmp_path / "folder.svg").mkdir()
    dialog.file.setText(str(tmp_path / "folder.svg"))
    dialog.go.click()
    assert dialog.written is None
    assert dialog.words.property("role") == "error"
    assert dialog.words.text()


def test_the_preview_follows_the_choices(dialog: PictureDialog, qtbot: QtBot) -> None:
    def shown() -> QImage:
        return dialog.preview.pixmap().toImage()

    qtbot.waitUntil(lambda: not shown().isNull())
    whole = shown()
    dialog.what.setCurrentIndex(1)
    qtbot.waitUntil(lambda: shown() != whole)


def test_a_picture_goes_to_the_clipboard(dialog: PictureDialog) -> None:
    dialog.copy.click()
    assert not QGuiApplication.clipboard().image().isNull()


def test_a_printed_journey_has_its_pages(dialog: PictureDialog, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    assert dialog.print_on(printer) == 1
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    dialog.pages.setChecked(True)
    assert dialog.print_on(printer) > 1


def test_the_window_offers_a_picture_of_the_journey_in_front(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(make_workspace(tmp_path / "w"))
        desk.window.registry.run("file.picture")
        dialog = desk.window.findChild(QDialog, "picture")
        assert isinstance(dialog, PictureDialog)
        dialog.go.click()
        assert dialog.written == tmp_path / "w" / "parcel.svg"
        assert "Where is my parcel" in (tmp_path / "w" / "parcel.svg").read_text(encoding="utf-8")
        dialog.close()


def test_the_print_command_lets_the_person_choose_a_printer(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(make_workspace(tmp_path / "w"))
        desk.window.registry.run("file.print")
        choice = desk.window.findChild(QPrintDialog, "picture.printer")
        desk.until(choice.isVisible)
        choice.reject()
        dialog = desk.window.findChild(QDialog, "picture")
        assert isinstance(dialog, PictureDialog)
        assert dialog.isVisible()
        dialog.close()


def test_marks_of_the_canvas_are_drawn_when_asked_for(model: MemoryModel) -> None:
    from journeybuilder.gui.canvas.layers import Layer, NodeMark  # noqa: PLC0415

    layers = Layers()
    layers.put("cost", Layer(nodes={"bye": NodeMark(caption="0.02 EUR")}))
    with Picture(model, LIGHT, layers=layers) as picture:
        assert "0.02 EUR" in texts(picture.svg("x"))
    with Picture(model, LIGHT) as picture:
        assert "0.02 EUR" not in texts(picture.svg("x"))
