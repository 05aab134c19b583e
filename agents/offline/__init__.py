"""The default engine: plans without a model, from what the documents say.

It is not a language model. It finds sentences by full-text search, sorts them into the cells of
named frameworks by cue words, reads figures by patterns, and cites every line; a cell without
evidence is a gap. The same input always gives the same output.
"""
