"""Settings: precedence and errors."""

import pytest

from zhitu.errors import UsageError
from zhitu.settings import load_settings


def test_given_wins_over_environment_wins_over_default():
    environ = {"ZHITU_STORE": "file:env.db", "ZHITU_MODEL": "fast"}
    settings = load_settings(environ, store="file:given.db", model=None)
    assert (settings.store, settings.model, settings.backend) == ("file:given.db", "fast", "onnx")


def test_a_value_of_the_wrong_type_names_variable_and_value():
    with pytest.raises(UsageError, match=r"ZHITU_QUERY_LIMIT='many' is not a int"):
        load_settings({"ZHITU_QUERY_LIMIT": "many"})


def test_an_unknown_setting_lists_the_known_ones():
    with pytest.raises(UsageError, match=r"unknown setting 'stor'; known: .*store"):
        load_settings({}, stor="x")
