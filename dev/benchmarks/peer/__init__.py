"""What GPServerless is measured beside: pygeoapi, in an environment of its own."""
