"""The audit trail on screen: the timeline of one subject, and the search of those who may read the whole."""
