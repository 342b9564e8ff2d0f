"""The screens of complaints, by audience."""
