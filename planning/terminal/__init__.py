"""Plans in a terminal: what `manage.py cairn` does with them, beside what `runs.terminal` has.

options   the command line           verbs    what each word after `cairn` does
plans     a plan that is followed    words    a plan's events as lines of text
finding   who is meant by a name     listing  tables and pages of text
documents files of this machine that a plan is to read
"""
