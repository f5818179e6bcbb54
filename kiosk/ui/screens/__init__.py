"""One screen per state of the session."""
