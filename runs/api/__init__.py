"""REST for runs, gates and message text."""
