"""One file per write: each is one action, one transaction, one line in the trail; time is handed in."""
