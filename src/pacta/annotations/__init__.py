"""Text to marked spans: syntax, quotations, names and metonyms, dates, places, agreement mentions."""
