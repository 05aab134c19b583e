"""Work that survives its process: runs, their steps, and the gates they wait at.

Public surface: `actions` (start, cancel, pause, resume), `gates` (answer), `context` (what a
handler gets), `handlers` (register a kind of run), `engines` (what carries tickets).
"""
