"""What can go wrong on a developer's or visitor's own machine, said with the way out."""


class LocalError(Exception):
    """A service of this machine could not be found, started or stopped; the message says what to do about it."""
