"""Domain errors as HTTP answers, in one table."""
