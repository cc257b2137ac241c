"""Between every number made from records and every reader: plan, protect, attack, release.

What is counted: `views`, `tables`, `population`, `tally`, `cells`. What is hidden: `protect` and `attack`,
with `solving` behind them. What is shown: `release` and `released`, with a module in `outputs` for each kind.
What was given out before: `ledger`, with `earlier` behind it.
"""
