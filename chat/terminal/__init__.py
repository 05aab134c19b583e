"""Chats in a terminal: `manage.py cairn chat`, made of what `runs.terminal` has.

options   the command line           verbs     what each word after `cairn chat` does
talking   ask, and watch the answer  following a reply or a whole session that is followed
words     events as lines of text    tables    results as text
listing   sessions and transcripts   finding   who is meant by a name
documents files of this machine that are to be asked about
"""
