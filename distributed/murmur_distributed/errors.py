class MurmurError(Exception):
    """An error meant for a person: the message says what was wrong, with what, and what to do."""
