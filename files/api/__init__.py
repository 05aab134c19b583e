"""REST for uploaded files."""
