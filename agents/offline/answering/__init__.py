"""The offline data agent: a question in English becomes one SELECT, its result and what it says.

It is not a language model. Words are linked to the names and values of the data set, rules read
which role each mention plays, a frame for the kind of question makes a small logical query of
them, and that is written as SQL. What no rule has used lowers the confidence; below a threshold
the question is declined, and questions are suggested that are sure to work.

words, lexicon_*, dates, units   tokens, and what English words mean
names, schema                    what tables and columns are called, and how they join
linking, values                  which words mean which names and values
resolving, nouns, number_targets from words to columns: by name, adjective, unit, preposition
reading, reading_*               the rules; each marks the words it has used
frames, frames_*, rank_*         the kinds of questions; each is tried on its own copy
logic, sql, sql_*                the logical query, and SQL of it with values as parameters
understanding, confidence        the query of a question, and how sure it is
following, changes               questions that build on the one before
clarifying, calling, saving      asking back, and tools that a person allows
answers, insights, charts, ...   the parts of a reply
reply, asking, telling           the step itself
"""
