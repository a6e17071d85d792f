"""pygeoapi, with which GPServerless is compared, in an environment of its own."""
