"""Break Cairn on purpose in tests of your own agents and handlers.

`pytest_plugins = ["cairn_testing.plugin"]` in a conftest.py gives the fixtures of that module.
"""
