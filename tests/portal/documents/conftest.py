"""Files of a test lie in a folder of its own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def places(tmp_path: Path, settings: Any) -> Path:
    """Keep and quarantine under a folder of the test; the fonts stay where they are."""
    fonts = settings.VAR / "fonts"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir()
    (settings.VAR / "fonts").symlink_to(fonts, target_is_directory=True)
    return tmp_path
