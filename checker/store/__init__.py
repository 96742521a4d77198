"""The only room that knows SQL: one module per noun, all over one `Store`."""
