"""Values of every data type, from and to those of the catalogue."""
