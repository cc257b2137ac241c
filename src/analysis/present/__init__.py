"""What a notebook talks to: the session, tables, figures and charts, in one style."""
