"""The screens on which officers handle complaints."""
