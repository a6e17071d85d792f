"""Hosted services: results that are kept as feature services beyond the life of their job."""
