"""Live streams, looked at from the outside: a stream with a known course, and who judges it.

`views` serves the course, `probing` watches it arrive, `checks` say what is wrong with what was
seen, `advice` what to change.
"""
