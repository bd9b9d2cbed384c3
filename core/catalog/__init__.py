"""Models, the four kinds of tier, and dated prices.

- `model`: what a model is to a plan (kind, price, ability); everything else builds these.
- `catalogue`: `load_catalogue()` gives all models a tier can name; start here.
- `resolve`: a model name from somebody's log -> the model it means, or None.
- `names`: how logs spell models (prefixes, dates, sizes), as pure text functions.
- `prices`: list prices from genai-prices at a fixed date.
- `tariff`: what one logged call pays, by its own time, length and service.
- `abilities`: measured abilities, and judgement where nothing was measured.
- `overlay`: reads `data/catalog/models.yaml` and the user's own `models.yaml`.
- `additions`: models and discounts that were added in the app, in a file of their own.
- `cautions`: old prices and shutdowns, in words.
- `guide`: what the four kinds are for, default tiers, discounts, rent.
- `entry`: one mapping of a YAML file, read key by key with errors that name the place.

Prices come from genai-prices and never from the YAML, except for models no list has.
"""
