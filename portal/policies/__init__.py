"""Policy packs: the law of each jurisdiction as data, read, checked and resolved by date."""
