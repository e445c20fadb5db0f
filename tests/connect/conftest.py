"""Fixtures of the tests that ask models."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from journeybuilder.connect.models import _load
from tests.connect.asking import ask, entry, models, question
from tests.fakes_openai import FakeOpenAI


@pytest.fixture(scope="module")
def library() -> Iterator[None]:
    """Loads LiteLLM once and keeps its thread for all tests of this module.

    A test module that uses it belongs to the group `litellm`: one process imports it, not each.
    """
    user = models({})
    asyncio.run(user._loop().run(_load()))
    with FakeOpenAI() as server:
        ask(models({"fast": entry(server)}), question())
    yield
    asyncio.run(user.close())
    names = [thread.name for thread in threading.enumerate()]
    assert "journeybuilder-models" not in names


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server
