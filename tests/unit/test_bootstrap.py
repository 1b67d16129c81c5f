"""What the bootstrap works out before it installs anything."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bootstrap.py"


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name in ("UV_CACHE_DIR", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_HTTP_TIMEOUT", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    specification = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_pip_settings_of_two_sections_and_a_variable(bootstrap: ModuleType) -> None:
    listing = (
        ":env:.find-links='/srv/wheels'\n"
        "global.index-url='https://one.invalid/simple'\n"
        "install.index_url='https://two.invalid/simple'\n"
        "global.find-links='/elsewhere'\n"
        "freeze.timeout='10'\n"
        "a line that pip never prints\n"
    )
    assert bootstrap.pip_settings(listing) == {
        "index-url": "https://two.invalid/simple",
        "find-links": "/srv/wheels",
    }


def test_uv_asks_where_pip_would(bootstrap: ModuleType, tmp_path: Path) -> None:
    pip = {
        "index-url": "https://one.invalid/simple",
        "extra-index-url": f"https://two.invalid/simple file://{tmp_path}",
        "find-links": str(tmp_path),
        "cert": "/etc/ssl/certs/own.crt",
        "default-timeout": "180",
    }
    wanted = {
        "UV_DEFAULT_INDEX": "https://one.invalid/simple",
        "UV_INDEX": f"https://two.invalid/simple file://{tmp_path}",
        "UV_FIND_LINKS": str(tmp_path),
        "SSL_CERT_FILE": "/etc/ssl/certs/own.crt",
        "UV_HTTP_TIMEOUT": "180",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    assert wanted.items() <= bootstrap.uv_environment(pip).items()


def test_a_folder_that_this_user_does_not_have_is_left_out(bootstrap: ModuleType) -> None:
    settings = bootstrap.uv_environment({"find-links": "/no/such/folder", "extra-index-url": "file:///no/such/index"})
    assert not {"UV_FIND_LINKS", "UV_INDEX"} & settings.keys()


def test_a_folder_that_this_user_may_not_enter_is_left_out(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "exists", refuse)
    assert not bootstrap.reachable("file:///locked/index")


def test_what_the_person_set_for_uv_stands(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.invalid/simple")
    settings = bootstrap.uv_environment({"index-url": "https://pips.invalid/simple"})
    assert settings["UV_DEFAULT_INDEX"] == "https://mine.invalid/simple"


def test_nothing_is_written_outside_the_tree(bootstrap: ModuleType) -> None:
    assert bootstrap.uv_environment({})["UV_CACHE_DIR"].startswith(str(SCRIPT.parents[1]))


def test_without_root_a_bare_debian_is_told_what_to_install(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(bootstrap.CannotGoOn, match="install Debian's python3-venv"):
        bootstrap.install_python3_venv()


@pytest.mark.parametrize("words", [[], ["demo", "test"], ["everything"]])
def test_a_word_it_does_not_know(words: list[str]) -> None:
    done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "Say one of: demo, test, bench, lock.\n")


def test_a_python_that_is_too_old(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert bootstrap.main(["demo"]) == 1
    assert "Safehands needs Python 3.11 or newer" in capsys.readouterr().err
