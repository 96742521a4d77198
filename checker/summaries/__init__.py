"""One file per read: each gives one frozen value that a page, a PDF and the API show alike."""
