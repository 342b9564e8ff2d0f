"""People, the capacity they act in, and what each role may do."""
