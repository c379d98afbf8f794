"""Nouns for what is on AWS and pure decisions over them; no SDK here."""
