"""What of a log may be stored: this room knows personal data, secrets and identities.

redaction.py      texts -> texts with placeholders such as <EMAIL>, and how many
signs.py          cheap signs that a text may hold something, told for many at once
kinds.py          what a kind of personal data is: sign, hint, pattern, proof
personal_data.py  e-mail, IBAN, card, social security number, IP address, telephone
credentials.py    keys, tokens and passwords
lookalikes.py     letters that only look different, as their plain twins
identities.py     users and conversations as keyed hashes
"""
