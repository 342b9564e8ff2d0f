"""What the screens of complaints take in."""
