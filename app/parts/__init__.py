"""Pieces that several screens draw: words, charts, progress, the plan's cards."""
