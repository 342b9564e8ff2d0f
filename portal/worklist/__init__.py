"""What waits for whom, until when, under which clause."""
