"""The types and operations of the protocol: one table writes the WSDL and every answer."""
