"""Spreadsheets people hand in: files into rows, cells into values, their columns into our items."""
