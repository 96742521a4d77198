"""A device reports: what it holds, and what it should know."""
