"""REST for chats: sessions, messages, branches, data models and files."""
