"""What a bureau keeps of itself: its profile and its local working days."""
