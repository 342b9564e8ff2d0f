"""The demo's small world: made through the real actions, so that every role finds work on its desk."""
