"""Proofs, measurements and rehearsals of the product; neither shipped nor deployed."""
