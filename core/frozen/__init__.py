"""Frozen plans: everything that a plan's figures rest on, so that it shows the same for ever.

Values in, values out; whoever keeps them (`store`) or tells them (`reports`) stands above.

- `document`, `upgrading`: what a frozen plan holds; those of earlier programs open, too.
- `freeze`, `headline`: from a plan in the making to a document, and what a list shows of it.
- `changes` and its parts, `saying`: what differs between two, in plain words.
- `moved`, `inputs`, `sameness`: why the money moved between two, cause by cause.
- `repricing`, `rerunning`, `remodelling`: the same plan at today's prices, or on a later log.
- `merging`: two that were made from the same one, and both in one.
- `exporting`: as a router's configuration.
"""
