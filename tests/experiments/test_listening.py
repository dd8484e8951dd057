"""Both ways to listen to pipes give the same."""

from __future__ import annotations

import os
import time

import pytest

from lactflow.experiments import crew as crew_module
from lactflow.experiments.crew import Crew
from lactflow.experiments.listening import Selected, Threaded


@pytest.fixture(params=[Selected, Threaded])
def heard(request):
    """A way to listen."""
    found = request.param()
    yield found
    found.close()


@pytest.fixture
def pipe():
    """Both ends of a pipe; the one to write to is closed by the test."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        yield stream, writing


def news(heard, number=1):
    """That many pieces of news."""
    found, deadline_s = [], time.monotonic() + 10
    while len(found) < number:
        assert time.monotonic() < deadline_s
        found += heard.news(0.1)
    return found


def test_what_comes_and_the_end(heard, pipe):
    """Of a pipe that nobody writes to any more, once as no bytes."""
    stream, writing = pipe
    heard.add(stream, "a")
    assert heard.news(0.01) == []
    os.write(writing, b"one")
    assert news(heard) == [("a", b"one")]
    os.close(writing)
    assert news(heard) == [("a", b"")]
    heard.remove(stream)


def test_a_pipe_that_is_added_again_has_lost_nothing(heard, pipe):
    """Neither what came meanwhile nor its end."""
    stream, writing = pipe
    heard.add(stream, "a")
    heard.remove(stream)
    os.write(writing, b"one")
    time.sleep(0.05)
    assert heard.news(0.01) == []
    heard.add(stream, "a")
    assert news(heard) == [("a", b"one")]
    heard.remove(stream)
    os.close(writing)
    time.sleep(0.05)
    assert heard.news(0.01) == []
    heard.add(stream, "b")
    assert news(heard) == [("b", b"")]
    heard.remove(stream)


def test_a_pipe_that_is_left_is_closed(heard, pipe):
    """At once, or when it comes to its end: it is not waited for."""
    stream, writing = pipe
    heard.add(stream, "a")
    began_s = time.monotonic()
    heard.leave(stream)
    assert time.monotonic() - began_s < 1
    os.close(writing)
    deadline_s = time.monotonic() + 10
    while not stream.closed:
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def test_a_crew_of_threads_does_the_same(monkeypatch):
    """Work of many pieces, on workers that rest in between, of which one is killed as it rests."""
    monkeypatch.setattr(crew_module, "listening", Threaded)
    with Crew(2) as crew:
        for _ in range(2):
            failures = crew.run([_Asked(number) for number in range(8)])
            assert [failure.work.number for failure in failures] == [*range(8)]
            assert all("nothing" in failure.message for failure in failures)
            crew._idle[-1].process.kill()
            crew._idle[-1].process.wait()
    assert crew.retried == []


class _Asked:
    """A piece of work of which a worker only knows that it cannot do it."""

    shared = None
    kind = "nothing"

    def __init__(self, number):
        self.number = number
        self.named = str(number)

    def order(self):
        """No order."""
        return {}

    def is_done(self):
        """Never."""
        return False

    def clear(self):
        """Nothing is left of it."""
