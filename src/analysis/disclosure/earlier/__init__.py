"""What was released before: the ledger on disk, and what releases tell together that none tells alone."""
