"""One's own templates: saved, listed, used, replaced, deleted, and named when they cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

import prolific_nb as pnb
from prolific_nb.errors import DesignError

DESIGN = pnb.Design("Reviews", introduction="<p>Hé</p>").show("review").rate("How?", [1, 2, 3])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "own" / "templates"
    monkeypatch.setattr("prolific_nb.design.template_library.saved_templates.templates_folder", lambda: where)
    return where


def test_a_saved_design_is_a_template_until_it_is_deleted() -> None:
    assert list(pnb.templates()) == list(pnb.TEMPLATES)
    file = pnb.save_template(DESIGN, " Our  scale ")
    assert file.suffix == ".json"
    assert pnb.template("Our scale") == DESIGN
    assert pnb.templates()["Our scale"] == "1 page, 1 question, shows review"
    pnb.delete_template("Our scale")
    assert list(pnb.templates()) == list(pnb.TEMPLATES)


def test_a_template_is_replaced_only_on_request() -> None:
    pnb.save_template(DESIGN, "Ours")
    with pytest.raises(ValueError, match="There is a template 'Ours' already"):
        pnb.save_template(DESIGN.write("Why?"), "Ours")
    assert pnb.template("Ours") == DESIGN
    pnb.save_template(DESIGN.write("Why?"), "Ours", replace=True)
    assert pnb.template("Ours") == DESIGN.write("Why?")


@pytest.mark.parametrize("names", [["A b", "a-b"], ["评价", "評価"], ["../up", "up"]])
def test_similar_names_are_different_files_in_the_folder(names: list[str], folder: Path) -> None:
    files = {pnb.save_template(DESIGN.edit(1, description=name), name) for name in names}
    assert len(files) == len(names)
    assert {file.parent for file in files} == {folder}
    assert [pnb.template(name).items[1].description for name in names] == names


@pytest.mark.parametrize(("name", "why"), [("", "1 to 60"), ("x" * 61, "1 to 60"), ("rating", "of this package")])
def test_names_that_cannot_be_used_are_refused(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        pnb.save_template(DESIGN, name)


def test_what_is_not_a_design_or_not_there_is_named() -> None:
    with pytest.raises(TypeError, match="saved from a Design"):
        pnb.save_template("a task", "Ours")  # type: ignore[arg-type]
    pnb.save_template(DESIGN, "Our scale")
    with pytest.raises(LookupError, match="Use 'Our scale'"):
        pnb.template("Our scales")
    with pytest.raises(LookupError, match=r"templates\(\) lists all"):
        pnb.delete_template("Nothing")
    with pytest.raises(ValueError, match="cannot be deleted"):
        pnb.delete_template("rating")


@pytest.mark.parametrize("text", ["not JSON", "[]", '{"template": "odd", "design": {"name": 1}}'])
def test_a_file_that_cannot_be_read_is_listed_and_can_be_deleted(text: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "odd.json").write_text(text)
    assert str(folder / "odd.json") in pnb.templates()["odd"]
    with pytest.raises(DesignError):
        pnb.template("odd")
    pnb.delete_template("odd")
    assert "odd" not in pnb.templates()


def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file, not a folder")
    with pytest.raises(ValueError, match="cannot be saved in"):
        pnb.save_template(DESIGN, "Ours")
