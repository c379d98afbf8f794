"""Everything that ends a run badly, as values: what happened, what state things are in, what to do.

One table for each area. Code raises `WRONG_ACCOUNT(caller=..., account=..., wanted=...)`, and docs/TROUBLESHOOTING.md
is made from the same rows: what the operator reads at night is what the page explains.
"""
