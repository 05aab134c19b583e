"""Strategies: a goal worked on in eight steps, in one go."""
