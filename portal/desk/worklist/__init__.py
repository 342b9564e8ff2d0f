"""The officer's worklist: queues, filters, what a superior sees below, and urging."""
