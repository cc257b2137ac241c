"""What a reader can work out of linked tables, and the least that must be hidden: programmes, short cuts."""
