"""Chats about data: sessions, their data sets, messages and branches.

Public surface: `actions` (start a session, post, retry, edit, branch, switch the mode),
`events` (what a session's stream tells), `shapes` (sessions and messages as JSON).
"""
