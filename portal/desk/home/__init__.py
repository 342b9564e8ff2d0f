"""Where everybody arrives: the way to one's desk, and the home of an operator."""
