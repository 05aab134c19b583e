from pathlib import Path

import pytest

from tests.agents.data.loaded import Uploads


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)
