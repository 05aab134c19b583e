"""Data for a first look: two users, three documents, a finished plan and one that waits."""
