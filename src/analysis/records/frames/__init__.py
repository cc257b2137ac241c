"""Tables of records as frames for analysis: labelled, cut to the period, joined to those they are about."""
