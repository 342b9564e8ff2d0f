"""What was done, by whom, under which rule: an append-only chain of events."""
