"""What is missing is found by trying the thing itself."""

from pathlib import Path

import pytest

from deploy import system_packages
from deploy.system_packages import TABLE, SystemPackage, find_browser, is_ubuntu, missing
from tests.deploy.programs import Programs


def test_a_browser_that_only_says_where_to_get_one_is_none(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(programs.folder))
    assert find_browser() is None
    programs.write("chromium-browser", "echo 'requires the chromium snap'; exit 1")
    assert find_browser() is None
    programs.write("google-chrome", "echo 'Google Chrome 150'")
    assert find_browser() == str(programs.folder / "google-chrome")


@pytest.mark.parametrize(("text", "ubuntu"), [("NAME=x\nID=ubuntu\n", True), ("ID=debian\nID_LIKE=ubuntu\n", False)])
def test_ubuntu_is_told_by_its_identity(tmp_path: Path, text: str, ubuntu: bool) -> None:
    release = tmp_path / "os-release"
    release.write_text(text, encoding="utf-8")
    assert is_ubuntu(release) is ubuntu
    assert not is_ubuntu(tmp_path / "none")


def test_the_table_names_each_package_once_with_what_it_gives() -> None:
    names = [package.name for package in TABLE]
    assert len(set(names)) == len(names)
    assert all(package.gives for package in TABLE)


def test_a_screen_makes_the_virtual_one_needless_for_the_demo_but_not_for_the_tests(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs.folder))
    assert "xvfb" not in names_of(missing("demo", has_screen=True))
    assert "xvfb" in names_of(missing("demo", has_screen=False))
    assert "xvfb" in names_of(missing("test", has_screen=True))
    assert "chromium" not in names_of(missing("demo", has_screen=False))
    assert ("chromium" in names_of(missing("test", has_screen=False))) is not is_ubuntu()


def names_of(packages: list[SystemPackage]) -> set[str]:
    return {package.name for package in packages}


@pytest.mark.parametrize(
    ("package", "program"), [("postgresql", "initdb"), ("mosquitto", "mosquitto"), ("iproute2", "ip")]
)
def test_what_debian_keeps_off_the_path_is_found_where_it_lies(
    programs: Programs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, program: str
) -> None:
    monkeypatch.setenv("PATH", str(programs.folder))
    monkeypatch.setattr(system_packages, "POSTGRESQL", tmp_path / "postgresql")
    monkeypatch.setattr(system_packages, "ROOTS_PROGRAMS", (tmp_path / "sbin",))
    assert package in names_of(missing("test", has_screen=True))
    assert package not in names_of(missing("demo", has_screen=False))
    for folder in (tmp_path / "postgresql" / "15" / "bin", tmp_path / "sbin"):
        folder.mkdir(parents=True)
        (folder / program).touch()
    assert package not in names_of(missing("test", has_screen=True))


@pytest.mark.parametrize("program", ["initdb", "mosquitto", "ip"])
def test_what_is_on_the_path_need_not_be_debians(
    programs: Programs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    monkeypatch.setenv("PATH", str(programs.folder))
    monkeypatch.setattr(system_packages, "POSTGRESQL", tmp_path)
    monkeypatch.setattr(system_packages, "ROOTS_PROGRAMS", (tmp_path,))
    before = names_of(missing("test", has_screen=True))
    programs.write(program)
    assert len(before - names_of(missing("test", has_screen=True))) == 1


@pytest.mark.parametrize(
    ("text", "package"),
    [
        ("ID=debian\nVERSION_CODENAME=bookworm\n", "fonts-liberation2"),
        ("ID=debian\nVERSION_CODENAME=trixie\n", "fonts-liberation"),
        ("ID=ubuntu\nVERSION_CODENAME=noble\n", "fonts-liberation"),
    ],
)
def test_the_font_with_vietnamese_letters_has_another_name_on_debian_12(
    tmp_path: Path, text: str, package: str
) -> None:
    release = tmp_path / "os-release"
    release.write_text(text, encoding="utf-8")
    assert system_packages._font_package(release) == package
    assert system_packages._font_package(tmp_path / "none") == "fonts-liberation"
