"""Reports: a summary in, bytes out.

`page` lays a PDF out and draws it, with `text` and `tables`; charts come from `checker.charts`. Nothing here
reads the store or the clock, so the same summary always gives the same bytes.
"""
