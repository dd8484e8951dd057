"""Copies of the sources in which mutants are tried: the checkout itself is never touched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PASSED, _FAILED, _NO_TESTS = 0, 1, 5
_APART_S = 86400
"""Between the times of two writes of a tree, so that no two texts of a file have the same; longer than a run."""


def commit() -> str:
    """
    The commit that is checked out.

    Raises
    ------
    SystemExit
        If there is no Git, or no commit: what is mutated must be known.
    """
    try:
        command = ("git", "-C", str(ROOT), "rev-parse", "HEAD")
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        msg = "the mutation run needs a Git checkout"
        raise SystemExit(msg) from error
    return done.stdout.strip()


class Tree:
    """
    A copy of the sources of one commit.

    Parameters
    ----------
    folder
        Where it is made; what is there is replaced.
    of_commit
        Which commit; changes that are not committed are left out.
    """

    def __init__(self, folder: Path, of_commit: str) -> None:
        self.folder = folder
        self._log = folder.with_name(f"{folder.name}.log")
        self._bytecode = folder.with_name(f"{folder.name}.bytecode")
        self._writes = 0
        for old in (folder, self._bytecode):
            if old.exists():
                shutil.rmtree(old)
        folder.mkdir(parents=True)
        content = subprocess.run(("git", "-C", str(ROOT), "archive", of_commit), capture_output=True, check=True).stdout
        with tarfile.open(fileobj=BytesIO(content)) as archive:
            archive.extractall(folder, filter="data")
        self._check()

    def read(self, file: str) -> str:
        """The text of a source file."""
        return (self.folder / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        """Replace the text of a source file."""
        path = self.folder / file
        path.write_text(text, encoding="utf-8")
        # Python knows old bytecode by whole seconds and length, which a mutant may share with the one before.
        self._writes += 1
        changed_s = int(time.time()) + self._writes * _APART_S
        os.utime(path, (changed_s, changed_s))

    def tested(self, tests: Sequence[str], without: Sequence[str] = (), timeout_s: float | None = None) -> str:
        """
        Run tests until the first of them fails.

        Parameters
        ----------
        tests, without
            Paths to run, and paths within them to leave out.
        timeout_s
            When to stop; None for no limit.

        Returns
        -------
        `passed`, `failed`, `timeout`, or `broken` when the tests cannot even be collected.
        """
        ignored = [f"--ignore={path}" for path in without]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "--no-header",
            "--tb=no",
            "-m",
            "not slow",
            *ignored,
            *tests,
        ]
        with (
            self._log.open("wb") as log,
            subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as process,
        ):
            try:
                code = process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                return "timeout"
            finally:
                _end_all_of(process.pid)
        if code in (_PASSED, _NO_TESTS):
            return "passed"
        return "failed" if code == _FAILED else "broken"

    def needs_s(self, tests: Sequence[str], without: Sequence[str] = ()) -> float:
        """
        Seconds that these tests take without any mutant.

        Raises
        ------
        RuntimeError
            If one of them fails: it could not distinguish a mutant from the original.
        """
        begun_s = time.monotonic()
        found = self.tested(tests, without)
        if found != "passed":
            last = "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
            msg = f"without any mutant, {' '.join(tests)}: {found}\n{last}"
            raise RuntimeError(msg)
        return time.monotonic() - begun_s

    def _check(self) -> None:
        """Tests in the copy must import the copy, wherever the package is installed."""
        code = "import lactflow; print(lactflow.__file__)"
        command = (sys.executable, "-c", code)
        found = subprocess.run(
            command, cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=True
        )
        if not Path(found.stdout.strip()).is_relative_to(self.folder):
            msg = f"{self.folder} is not what Python imports, but {found.stdout.strip()}"
            raise RuntimeError(msg)

    def _environment(self) -> dict[str, str]:
        own = {
            "PYTHONPATH": str(self.folder),
            "PYTHONPYCACHEPREFIX": str(self._bytecode),
            "HYPOTHESIS_PROFILE": "ci",
        }
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**kept, **own}


def _end_all_of(session: int) -> None:
    """End what the tests may have left running."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)
