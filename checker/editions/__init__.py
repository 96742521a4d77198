"""A month closed by a person: frozen, drawn, released, drawn again, and compared with what is known today."""
