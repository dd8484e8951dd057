"""Which mechanisms a gland has: by name, and no name that nobody knows."""

from __future__ import annotations

import pytest

from lactflow.errors import DeclarationError
from lactflow.gland.mechanism import MECHANISMS, Mechanisms


def test_all_are_present_but_those_knocked_out():
    """By their names."""
    mechanisms = Mechanisms(("lif", "stat5"))
    assert {name for name in MECHANISMS if not mechanisms.present(name)} == {"lif", "stat5"}
    assert all(Mechanisms().present(name) is True for name in MECHANISMS)


def test_a_name_that_nobody_knows_is_an_error():
    """At once, whether it is knocked out or looked up; the message has the name and those that are known."""
    with pytest.raises(DeclarationError, match=r"no mechanism has the name 'liff' .*known: alpha_lactalbumin, .*lif, "):
        Mechanisms(("liff",))
    with pytest.raises(DeclarationError, match="'serotonin'"):
        Mechanisms().present("serotonin")


def test_a_further_mechanism_can_be_knocked_out_too():
    """When its name is declared."""
    assert Mechanisms(further=("serotonin",)).present("serotonin") is True
    assert Mechanisms(("serotonin",), further=("serotonin",)).present("serotonin") is False
