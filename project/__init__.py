"""Settings, URLs, the ASGI application, errors and health: imports everything, imported by nobody."""
