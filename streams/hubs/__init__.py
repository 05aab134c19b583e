"""Hubs that reach beyond their own process."""
