"""Cairn in a terminal: `manage.py cairn` starts plans, follows them and answers their gates.

options   the command line           verbs    what each word after `cairn` does
session   follow a run to its end    asking   show a gate and take the answer
watching  read the stream            words    an event as a line of text
screen    lines above a live bar     bar      the bar
console   the seam to the terminal   text     what may be written to it
"""
