"""The policy of a place on a page: clause by clause, its assumptions, and what the bureau has ruled on them."""
