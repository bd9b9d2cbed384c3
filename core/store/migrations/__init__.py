"""How the schema came about: numbered steps under `versions/`, never edited once released."""
