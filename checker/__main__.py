"""`python -m checker …`: the same commands as `flask --app checker …`."""

from checker.cli import main

main()
