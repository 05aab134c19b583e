"""A strategy in eight steps, built on the evidence and the frameworks of the offline planner."""
