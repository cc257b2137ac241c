"""Giving reports out: gate, twin, ledger and package, in this order and never another."""
