"""The offline data agent: a question in English becomes one SELECT, its result and what it says.

It is not a language model. Words are linked to the names and values of the data set, a grammar of
questions makes a small logical query of them (`logic`), and `sql` writes that as SQL. What it
does not understand lowers its confidence; below a threshold it declines and suggests questions.

words, lexicon_*   tokens and what English words mean
names, schema      what tables and columns are called, and how they join
linking, values    which words mean which names and values
reading_*          which role each mention plays
logic, sql         the logical query, and SQL of it
reply              the step itself
"""
