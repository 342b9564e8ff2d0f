"""Settings: base is shared; dev, demo, test and production hold differences only."""
