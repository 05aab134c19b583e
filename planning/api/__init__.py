"""REST for plans, memory and files, and the older planning endpoints."""
