"""Messages as promises: a row first, sent after commit, swept when unsent."""
