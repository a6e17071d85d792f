"""Columns of geometry and attributes, to and from Esri JSON; units and spatial references."""
