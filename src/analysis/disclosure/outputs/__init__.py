"""The kinds of output that can be released of records: what each shows, and the rule that guards it."""
