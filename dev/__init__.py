"""Proofs and measurements of the product, and trials of its deployment; neither shipped nor deployed."""
