"""Data for a first look: two users, three documents, a finished plan, one that waits, a chat."""
