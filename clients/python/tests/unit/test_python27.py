from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.python27 import python27
from tests.support.server import REPOSITORY


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout on a machine without any Python 2.7."""
    for name in ("bin", "pyenv", "checkout"):
        (tmp_path / name).mkdir()
    for tool in ("bash", "dirname"):
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv("ORBITED_PYTHON27", raising=False)
    (tmp_path / "checkout" / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci" / "python27", tmp_path / "checkout" / ".ci")
    return tmp_path / "checkout"


def test_the_interpreter_that_was_fetched_into_the_checkout_is_found(checkout: Path) -> None:
    interpreter = checkout / ".venv-python27" / "usr" / "bin" / "python2.7"
    interpreter.parent.mkdir(parents=True)
    interpreter.write_text("#!/bin/sh\nexit 0\n")
    interpreter.chmod(0o755)
    assert python27(checkout) == str(interpreter)


def test_without_an_interpreter_one_is_told_how_to_get_it(checkout: Path) -> None:
    with pytest.raises(FileNotFoundError, match="name one in ORBITED_PYTHON27, or run"):
        python27(checkout)
