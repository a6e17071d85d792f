"""The fields of the requests of images: a picture, the values at a place."""

from __future__ import annotations

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.picture_fields import EXTENT, SIZE, ask_references, ask_resolution
from gpserverless.protocols.directory.request_form import FieldGroup, RequestField

_REFERENCE = Text("Number, WKT or JSON. If it is left empty: that of the raster.")

EXPORT_IMAGE = (
    FieldGroup(
        "",
        {
            "bbox": EXTENT,
            "size": SIZE,
            "format": RequestField(
                Text("Format"),
                Text("tiff keeps the values of the cells. jpgpng is JPG where every pixel has data."),
                "select",
                {
                    "jpgpng": "JPGPNG",
                    "png32": "PNG32",
                    "png24": "PNG24",
                    "png8": "PNG8",
                    "png": "PNG",
                    "jpg": "JPG",
                    "tiff": "TIFF",
                },
            ),
            "transparent": RequestField(
                Text("Transparent"),
                Text("Whether cells without data stay open. If it is not given: yes."),
                "select",
                {"": Text("Not given"), "true": Text("Yes"), "false": Text("No")},
            ),
        },
    ),
    FieldGroup(
        Text("References and resolution"),
        {
            **ask_references(_REFERENCE),
            "dpi": ask_resolution(Text("Pixels per inch, of which the scale is told.")),
        },
    ),
    FieldGroup(
        Text("Cells"),
        {
            "interpolation": RequestField(
                Text("Interpolation"),
                Text("How the value of a pixel is found from the cells about it."),
                "select",
                {
                    "": Text("Not given"),
                    "RSP_NearestNeighbor": Text("Nearest cell"),
                    "RSP_BilinearInterpolation": Text("Bilinear"),
                    "RSP_CubicConvolution": Text("Cubic"),
                    "RSP_Majority": Text("Most frequent value"),
                },
            ),
            "bandIds": RequestField(
                Text("Bands"), Text("One number, or three for red, green and blue; the first is 0.")
            ),
            "noData": RequestField(Text("No data"), Text("Cells of this value are left out.")),
            "compressionQuality": RequestField(
                Text("Quality"), Text("Quality of a JPG, from 1 to 100."), example="75"
            ),
        },
    ),
)
"""The fields of a picture of an image."""

IDENTIFY_IMAGE = (
    FieldGroup(
        "",
        {
            "geometry": RequestField(Text("Place"), Text("x,y, or a point in Esri JSON."), "area"),
            "sr": RequestField(Text("Spatial reference"), _REFERENCE, example="4326"),
        },
    ),
)
"""The fields of the values at a place."""
