"""Talking with a data set: sessions and messages on the same runs and streams as plans."""
