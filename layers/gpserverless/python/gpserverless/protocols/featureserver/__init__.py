"""The protocol of feature services: layers of results, queried as JSON, GeoJSON or PBF."""
