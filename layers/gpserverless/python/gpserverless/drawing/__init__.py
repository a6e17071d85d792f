"""Drawing of features: renderers and symbols, pictures and legends."""
