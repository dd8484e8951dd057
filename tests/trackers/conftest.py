"""What the tests of imports share."""

from __future__ import annotations

import pytest
from tracker_samples import wanted

from lactflow.trackers.convert import import_logs


@pytest.fixture
def read(tmp_path):
    """Import texts given by the names of their files."""

    def reader(files: dict[str, str] | str, **options):
        files = {"log.csv": files} if isinstance(files, str) else files
        paths = []
        for name, text in files.items():
            path = tmp_path / name
            if isinstance(text, bytes):
                path.write_bytes(text)
            else:
                path.write_text(text, encoding="utf-8")
            paths.append(path)
        return import_logs(paths, wanted(**options))

    return reader
