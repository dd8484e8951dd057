"""`lactflow.analysis` as users import it: names, not modules; and nothing heavy before it is used."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from lactflow import analysis


def test_importing_it_loads_no_table_library():
    """Neither pandas nor PyArrow, until a function is asked for."""
    code = (
        "import sys, lactflow.analysis; assert not {'pandas', 'pyarrow', 'simpy'} & set(sys.modules); "
        "from lactflow.analysis import stations; assert 'pandas' in sys.modules and callable(stations)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("order", [("daily", "lactflow.analysis.daily"), ("lactflow.analysis.daily", "daily")])
def test_functions_hide_the_modules_of_their_name(order):
    """`analysis.daily` is the function, whether the module of that name was imported before or not."""
    statements = {"daily": "lactflow.analysis.daily", "lactflow.analysis.daily": "import lactflow.analysis.daily"}
    steps = "; ".join(statements[step] for step in order)
    code = f"import lactflow.analysis; {steps}; assert callable(lactflow.analysis.daily), lactflow.analysis.daily"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", analysis.__all__)
def test_every_name_is_a_documented_function(name):
    """All are there, listed, and say what they return."""
    function = getattr(analysis, name)
    assert inspect.isfunction(function)
    assert function.__name__ == name
    assert name in dir(analysis)
    assert "\nReturns\n-------\n" in inspect.getdoc(function)


def test_unknown_names_are_unknown():
    """As in any module."""
    with pytest.raises(AttributeError, match="no attribute 'weekly'"):
        _ = analysis.weekly
