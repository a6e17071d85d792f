"""Where clauses: read by a parser, checked against a list of what is understood, evaluated on columns."""
