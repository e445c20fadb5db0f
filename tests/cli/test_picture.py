"""`jb picture`: files by their endings, near misses, and what cannot be written."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from tests.cli.shell import Shell, program


def test_a_journey_is_drawn_in_the_format_of_the_files_ending(jb: Shell) -> None:
    for ending, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        done = jb("picture", "hello", "-o", f"pictures/hello.{ending}", status=0)
        data = (jb.folder / "pictures" / f"hello.{ending}").read_bytes()
        assert data.startswith(start)
        assert f"{len(data):,} bytes" in done.out


def test_a_drawing_is_the_same_every_time_and_has_the_texts(jb: Shell) -> None:
    jb("picture", "hello", "-o", "one.svg", status=0)
    jb("picture", "journeys/hello.journey.yaml", "-o", "other.svg", status=0)
    assert (jb.folder / "one.svg").read_bytes() == (jb.folder / "other.svg").read_bytes()
    assert "Greet" in (jb.folder / "one.svg").read_text(encoding="utf-8")


def test_themes_scales_and_nodes_can_be_chosen(jb: Shell) -> None:
    jb("picture", "hello", "-o", "a.png", "--scale", "1", status=0)
    jb("picture", "hello", "-o", "b.png", "--scale", "3", "--theme", "dark", status=0)
    jb("picture", "hello", "-o", "c.svg", "--select", "greet", "--select", "which", status=0)
    assert (jb.folder / "b.png").stat().st_size > (jb.folder / "a.png").stat().st_size
    drawn = (jb.folder / "c.svg").read_text(encoding="utf-8")
    assert "Greet" in drawn
    assert "Lost" not in drawn


def test_what_is_wrong_is_marked_when_asked_for(jb: Shell, broken: Path) -> None:
    jb("picture", "broken", "-o", "plain.svg", status=0)
    jb("picture", "broken", "-o", "marked.svg", "--findings", status=0)
    plain, marked = (jb.folder / f"{name}.svg" for name in ("plain", "marked"))
    assert plain.read_bytes() != marked.read_bytes()


def test_near_misses_are_told(jb: Shell) -> None:
    assert "Did you mean 'hello'?" in jb("picture", "helo", "-o", "x.svg", status=2).err
    unknown = jb("picture", "hello", "-o", "x.svg", "--select", "gret", status=2)
    assert "has no node 'gret'. Did you mean 'greet'?" in unknown.err
    assert not (jb.folder / "x.svg").exists()


def test_the_ending_must_be_a_known_one(jb: Shell) -> None:
    done = jb("picture", "hello", "-o", "hello.jpg", status=2)
    assert ".svg, .png or .pdf" in done.err
    assert (
        "--pages is for PDF files" in jb("picture", "hello", "-o", "x.svg", "--pages", status=2).err
    )


def test_a_file_that_cannot_be_written_is_told_with_what_to_do(jb: Shell) -> None:
    (jb.folder / "folder.svg").mkdir()
    done = jb("picture", "hello", "-o", "folder.svg", status=2)
    assert "folder.svg" in done.err
    assert "could not be saved" in done.err


def test_it_draws_as_a_program_without_a_screen(shop: Path) -> None:
    env = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "offscreen"}
    done = program("picture", "hello", "-o", "hello.svg", folder=shop, env=env)
    assert done.status == 0, done.err
    assert (shop / "hello.svg").exists()
