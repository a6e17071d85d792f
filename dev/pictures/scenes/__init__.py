"""The scenes: a module for each service, a function for each task."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dev.pictures.card import Scene
from dev.pictures.scenes.analysis import make_buffer, make_project, make_summarize_within
from dev.pictures.scenes.files import make_extract_data
from dev.pictures.scenes.raster import make_extract_values, make_zonal_statistics
from dev.pictures.scenes.samples import make_buffer_points

SCENES: Mapping[str, Callable[[], Scene]] = {
    "Analysis/Buffer": make_buffer,
    "Analysis/Project": make_project,
    "Analysis/SummarizeWithin": make_summarize_within,
    "Files/ExtractDataTask": make_extract_data,
    "Raster/ExtractValuesToPoints": make_extract_values,
    "Raster/ZonalStatisticsAsTable": make_zonal_statistics,
    "Samples/BufferPoints": make_buffer_points,
}
"""How the scene of each task is made, by the names of service and task."""
