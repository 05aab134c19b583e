"""Uploaded files: each is kept once, under one id, whatever it is used for.

Public surface: `actions` (keep, delete), `models` (Upload), `takers` (how an app above says which
files it can use), `exceptions` (Refused, InUse).
"""
