"""Where things belong: the national tree of divisions, and scope by its codes."""
