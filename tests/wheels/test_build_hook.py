"""What is compiled, and when: the hook of `hatch_build.py`, without compiling anything."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Generic, TypeVar

import pytest

from lactflow.version import COMPILED, PURE, build

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["groups"]
MODULES = [module for group in GROUPS.values() for module in group]


class Interface(Generic[TypeVar("T")]):
    """What the hook uses of hatchling, which is not there when tests run."""

    def __init__(self, root=ROOT):
        self.root = str(root)
        self.config = {"groups": {"pipeline": ["lactflow/pipeline/station.py"]}}
        self.said = []
        self.app = SimpleNamespace(display_warning=self.said.append, abort=self.abort)

    def abort(self, message):
        raise SystemExit(message)


@pytest.fixture
def hook(monkeypatch):
    """The module, on a machine with a compiler where nothing is asked for."""
    package = "hatchling.builders.hooks.plugin.interface"
    stand_in = ModuleType(package)
    stand_in.BuildHookInterface = Interface
    for end in range(1, 6):
        monkeypatch.setitem(sys.modules, ".".join(package.split(".")[:end]), stand_in)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("LACTFLOW_PURE", "LACTFLOW_COMPILE", "CC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(module, "no_compiler", lambda: None)
    return module


# -- whether to compile -----------------------------------------------------------------------------------


def test_a_machine_with_a_compiler_compiles(hook, monkeypatch):
    """By itself, when it is asked to, and when a variable is 0 or empty."""
    assert hook.why_pure() is None
    monkeypatch.setenv("LACTFLOW_COMPILE", "1")
    assert hook.why_pure() is None
    monkeypatch.setenv("LACTFLOW_COMPILE", "")
    monkeypatch.setenv("LACTFLOW_PURE", "0")
    assert hook.why_pure() is None


@pytest.mark.parametrize(
    ("pure", "editable", "compiler", "why"),
    [
        ("1", False, None, "LACTFLOW_PURE is set"),
        ("", True, None, "an editable install runs its sources"),
        ("", False, "there is no C compiler: cc", "there is no C compiler: cc"),
    ],
)
def test_what_makes_a_build_pure_is_an_error_where_compiling_is_asked_for(  # noqa: PLR0917
    hook, monkeypatch, pure, editable, compiler, why
):
    """Otherwise it is a reason, and nothing is needed for the build."""
    monkeypatch.setenv("LACTFLOW_PURE", pure)
    monkeypatch.setattr(hook, "no_compiler", lambda: compiler)
    assert hook.why_pure(editable=editable) == why
    monkeypatch.setenv("LACTFLOW_COMPILE", "1")
    with pytest.raises(hook.CannotCompileError, match=f"^LACTFLOW_COMPILE is set, but {why}$"):
        hook.why_pure(editable=editable)


def test_compiling_is_looked_for_before_anything_is_fetched(hook, monkeypatch, tmp_path):
    """A compiler by the name in CC, the header of Python beside it, CPython at all."""
    monkeypatch.undo()
    monkeypatch.setenv("CC", "no-such-compiler -O2")
    assert hook.no_compiler() == "there is no C compiler: no-such-compiler"
    monkeypatch.setenv("CC", f"{sys.executable} -O2")
    monkeypatch.setattr(hook.sysconfig, "get_path", lambda name: str(tmp_path / name))
    assert hook.no_compiler() == f"there is no {tmp_path / 'include' / 'Python.h'}"
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "Python.h").touch()
    assert hook.no_compiler() is None
    monkeypatch.setattr(hook.sys, "implementation", SimpleNamespace(name="pypy"))
    assert hook.no_compiler() == "mypyc compiles for CPython, and this is pypy"


def test_what_a_build_needs_is_fetched_only_where_something_is_compiled(hook, monkeypatch):
    """A pure build fetches nothing, and one that must fail says so later, with a reason."""
    assert hook.CompilingHook().dependencies() == hook.REQUIREMENTS
    monkeypatch.setenv("LACTFLOW_PURE", "1")
    assert hook.CompilingHook().dependencies() == []
    monkeypatch.setenv("LACTFLOW_COMPILE", "1")
    assert hook.CompilingHook().dependencies() == []


def test_the_build_reads_the_types_of_the_simpy_that_runs(hook):
    """The pin of the project and that of the build are one."""
    (needed,) = (each for each in PROJECT["project"]["dependencies"] if each.startswith("simpy"))
    assert needed in hook.REQUIREMENTS


# -- what becomes of the wheel ----------------------------------------------------------------------------


def begun(hook, version="standard"):
    """The data of the wheel, and what was said, after the hook has begun."""
    made, data = hook.CompilingHook(), {"force_include": {"configs": "lactflow/configs"}}
    made.initialize(version, data)
    made.finalize(version, data, "wheel.whl")
    assert made.folder is None or not made.folder.exists()
    return data, made.said


def test_extensions_go_into_a_wheel_of_this_platform(hook, monkeypatch):
    """Beside what is in it already; the folder in which they were built is gone afterwards."""
    monkeypatch.setattr(hook, "compiled", lambda *_: {"/build/station.so": "lactflow/pipeline/station.so"})
    data, said = begun(hook)
    assert data == {
        "force_include": {"configs": "lactflow/configs", "/build/station.so": "lactflow/pipeline/station.so"},
        "pure_python": False,
        "infer_tag": True,
        "dependencies": hook.NEEDED,
    }
    assert said == []


def test_an_editable_install_is_left_alone(hook, monkeypatch):
    """It is not even tried to compile."""
    monkeypatch.setattr(hook, "compiled", lambda *_: pytest.fail("compiled"))
    assert begun(hook, "editable") == ({"force_include": {"configs": "lactflow/configs"}}, [])


def test_a_machine_without_a_compiler_notices_nothing(hook, monkeypatch):
    """No word, and the wheel that everybody had before."""
    monkeypatch.setattr(hook, "no_compiler", lambda: "there is no C compiler: cc")
    assert begun(hook) == ({"force_include": {"configs": "lactflow/configs"}}, [])


def test_a_failed_compilation_is_one_line_and_plain_python(hook, monkeypatch):
    """Where it was asked for, it is the end, with all that the compiler said."""
    monkeypatch.setattr(hook, "SETUP", "print('station.c:1'); print('boom'); raise SystemExit(1)")
    data, said = begun(hook)
    assert data == {"force_include": {"configs": "lactflow/configs"}}
    assert said == ["lactflow becomes plain Python, several times slower: mypyc failed: boom"]
    monkeypatch.setenv("LACTFLOW_COMPILE", "1")
    with pytest.raises(SystemExit, match=r"mypyc failed: boom\nstation.c:1"):
        begun(hook)


def test_extensions_are_found_wherever_the_compiler_puts_them(hook, monkeypatch, tmp_path):
    """In the folder of their package; sources are copied, and nothing else is taken."""
    lines = (
        "import pathlib, sys",
        "assert sys.argv[1:] == ['{\"pipeline\": [\"lactflow/pipeline/station.py\"]}', '1']",
        "assert pathlib.Path('lactflow/pipeline/station.py').exists()",
        "place = pathlib.Path('built/lactflow/pipeline')",
        "place.mkdir(parents=True)",
        "for name in ('station.so', 'source.pyd', 'station.c'): (place / name).touch()",
    )
    monkeypatch.setattr(hook, "SETUP", "\n".join(lines))
    found = hook.compiled(ROOT, Interface().config["groups"], tmp_path)
    place = tmp_path / "built" / "lactflow" / "pipeline"
    assert found == {
        str(place / "station.so"): "lactflow/pipeline/station.so",
        str(place / "source.pyd"): "lactflow/pipeline/source.pyd",
    }


# -- the list of modules ----------------------------------------------------------------------------------


@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_the_list_is_there(module):
    """A name that is wrong would break the build of every user."""
    assert (ROOT / module).is_file()


def test_no_module_is_listed_twice():
    """In two libraries it would be two modules."""
    assert len(set(MODULES)) == len(MODULES)


def test_hot_packages_are_listed_whole():
    """What every packet passes, and what every lobe is brought up with; ordinary events and exceptions are rare."""
    left_out = {"lactflow/gland/cell/__init__.py"}
    left_out |= {f"lactflow/pipeline/{name}.py" for name in ("__init__", "environment", "errors", "turns")}
    for package in ("lactflow/pipeline", "lactflow/gland/cell"):
        there = {path.relative_to(ROOT).as_posix() for path in (ROOT / package).glob("*.py")}
        assert there - set(MODULES) == {path for path in left_out if Path(path).parent == Path(package)}


def test_no_module_needs_the_libraries_of_the_compiler(tmp_path):
    """Those that are compiled are imported from their sources where there is none of them."""
    only_sources = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    shutil.copytree(ROOT / "lactflow", tmp_path / "lactflow", ignore=only_sources)
    names = [module.removesuffix(".py").replace("/", ".") for module in MODULES]
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('mypy_extensions', 'librt', 'librt.strings', 'mypyc')))\n"
        "import importlib\n"
        f"for name in {names!r}: assert importlib.import_module(name).__file__.endswith('.py')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


def test_compiled_classes_extend_no_exception_but_the_plain_one():
    """Mypyc refuses the others."""
    for module in MODULES:
        tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
        bases = [ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
        assert [base for base in bases if base.endswith("Error")] == [], module


# -- which build runs -------------------------------------------------------------------------------------


def test_the_build_is_that_of_the_modules(monkeypatch):
    """It is read off the file that a module is loaded from."""
    for origin, expected in (
        ("kinetics.py", PURE),
        ("kinetics.cp313-win_amd64.pyd", COMPILED),
        ("kinetics.so", COMPILED),
    ):
        monkeypatch.setattr("importlib.util.find_spec", lambda name, origin=origin: SimpleNamespace(origin=origin))
        assert build() == expected
