"""Plans in several iterations that stop at checkpoints, and the memory they are saved to.

Public surface: `actions` (propose, branch), `handlers` (the run), `memory` (entities),
`documents` (files as texts), `events` (what a plan tells).
"""
