"""HTML pages of planning. They work without scripts; scripts make them live."""
