"""Personal data at rest: authenticated encryption with key ids."""
