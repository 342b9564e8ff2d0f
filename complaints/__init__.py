"""Complaints by the tenants of a base, and what they count for (投诉)."""
