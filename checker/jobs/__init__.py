"""What takes longer than a page may: reports planned, made by several processes, kept as whole files."""
