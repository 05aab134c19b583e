"""Engines that think: what a model, or the offline planner, says and wants. Plain Python, no Django.

Public surface: `base` (the Engine protocol and its events), `plans` (what planning steps take and
give), `exceptions`, `registry` (an engine by its name), `reading` (files to text), `sentences`
(text to numbered sentences, which citations point at), `adapters` (ordinary Python as an engine),
`contract` (the tests that every engine has to pass), `data` (data files to tables, tables to a
profile, and guarded questions to them).
"""
