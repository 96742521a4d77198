"""Sealed visits arrive, with or without their shopper."""
