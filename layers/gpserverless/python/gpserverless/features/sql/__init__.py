"""Where clauses: parsed, checked against a list of supported SQL, and evaluated on columns."""
