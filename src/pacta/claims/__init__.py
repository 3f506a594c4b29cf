"""Content to proposition: agreement mentions, incident accounts, readings, charges of conduct, links to clauses."""
