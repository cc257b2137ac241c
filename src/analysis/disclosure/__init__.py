"""Between every number made from records and every reader: plan, protect, attack, release."""
