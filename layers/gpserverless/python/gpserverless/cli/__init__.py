"""The command line of an administrator. Nothing of it is deployed."""
