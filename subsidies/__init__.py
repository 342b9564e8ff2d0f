"""One-off awards, instalments and earmarked spending (补助资金)."""
