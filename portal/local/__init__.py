"""Own services for `make demo`, `make run` and `make test`: PostgreSQL, a broker, the portal's processes."""
