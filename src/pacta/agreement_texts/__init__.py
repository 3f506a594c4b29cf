"""Agreement texts as data: a text of an agreement → a record of its clauses, their wording and a plain reading."""
