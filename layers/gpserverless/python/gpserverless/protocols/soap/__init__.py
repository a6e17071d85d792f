"""The SOAP protocol of GPServer: ArcPy, ArcGIS Pro, ArcMap and generated clients speak it."""
