"""Wire dialects: pure projections of the same rows with the same positions. No Django in here."""
