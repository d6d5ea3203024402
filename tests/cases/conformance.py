"""What is known of the specification's own test data of 0.6.

`DEVIATIONS`: documents that it calls valid and that break its text, with the problems
that they raise and the sentence that they break. `REASONS`: for documents that it calls
invalid, the problem that must be among those raised, so that none is refused by luck.
"""

from __future__ import annotations

from typing import Final

ENDS = (
    "The `input` and `output` fields are objects structured as follows",
    "development-syntax",
)
MULTISCALES = (
    "The `zarr.json` file for the label image MUST implement the multiscales "
    "specification.",
    "label-without-multiscales",
)
ROW_FIRST = (
    "The `path` MUST consist of a `name` in the `rows` array, a file separator (`/`), "
    "and a `name` from the `columns` array, in that order.",
    "well-path-swapped",
)
LENGTH = (
    "Input and output dimensionality MUST be identical and MUST equal the the length "
    "of the `scale` array (N).",
    "transform-length",
)
SPACE = (
    "`axes` MUST contain 2 or 3 entries of `type:space`",
    "axis-count-space",
    "axis-count-other",
)
EACH_AXIS = (
    "Every axis index in the parent byDimension's `output` coordinate system MUST "
    "appear in exactly one child transformation's `outputAxes` array.",
    "transform-indices",
)
SAME_PATH = (
    "The `input` object MUST specify a `path` field matching the `path` field of the "
    "dataset.",
    "level-input-path",
)
NO_SUCH_SYSTEM = (
    "One of `input` or `output` MUST reference the intrinsic coordinate system by "
    "`name`. The other MUST reference a named coordinate system in the same "
    "multiscales group",
    "coordinate-system-unknown",
    "edge-intrinsic",
    "graph-not-connected",
)

#: Document → (sentence that it breaks, kinds of its problems …), one or several.
DEVIATIONS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "attributes/spec/valid/image/mismatch_axes_units.json": (LENGTH,),
    "attributes/spec/valid/image/multiscales_transform_additional_transforms.json": (
        EACH_AXIS,
    ),
    "attributes/spec/valid/label/minimal.json": (MULTISCALES,),
    "attributes/spec/valid/label/minimal_properties.json": (MULTISCALES,),
    "attributes/spec/valid/plate/minimal_acquisitions.json": (ROW_FIRST,),
    "attributes/spec/valid/plate/minimal_no_acquisitions.json": (ROW_FIRST,),
    "attributes/spec/valid/plate/non_alphanumeric_row.json": (ROW_FIRST,),
    "attributes/spec/valid/transforms/byDimension.json": (SPACE,),
    "attributes/strict/valid/image/image_omero.json": (NO_SUCH_SYSTEM,),
    "attributes/strict/valid/image/multiscales_example.json": (SAME_PATH,),
    "attributes/strict/valid/plate/strict_acquisitions.json": (ROW_FIRST,),
    "attributes/strict/valid/plate/strict_no_acquisitions.json": (ROW_FIRST,),
    "zarr/spec/valid/image/custom_type_axes.ome.zarr/zarr.json": (ENDS,),
    "zarr/spec/valid/image/invalid_axis_units.ome.zarr/zarr.json": (ENDS,),
    "zarr/spec/valid/image/mismatch_axes_units.ome.zarr/zarr.json": (ENDS, LENGTH),
    "zarr/spec/valid/image/missing_name.ome.zarr/zarr.json": (ENDS,),
    "zarr/spec/valid/image/untyped_axes.ome.zarr/zarr.json": (ENDS,),
    "zarr/spec/valid/label/minimal.ome.zarr/zarr.json": (MULTISCALES,),
    "zarr/spec/valid/label/minimal_properties.ome.zarr/zarr.json": (MULTISCALES,),
    "zarr/spec/valid/plate/minimal_acquisitions.ome.zarr/zarr.json": (ROW_FIRST,),
    "zarr/spec/valid/plate/minimal_no_acquisitions.ome.zarr/zarr.json": (ROW_FIRST,),
    "zarr/spec/valid/plate/non_alphanumeric_row.ome.zarr/zarr.json": (ROW_FIRST,),
    "zarr/strict/valid/image/image.ome.zarr/zarr.json": (ENDS,),
    "zarr/strict/valid/image/image_metadata.ome.zarr/zarr.json": (ENDS,),
    "zarr/strict/valid/image/image_omero.ome.zarr/zarr.json": (ENDS, NO_SUCH_SYSTEM),
    "zarr/strict/valid/image/multiscales_example.ome.zarr/zarr.json": (ENDS,),
    "zarr/strict/valid/image/multiscales_transformations.ome.zarr/zarr.json": (ENDS,),
    "zarr/strict/valid/plate/strict_acquisitions.ome.zarr/zarr.json": (ROW_FIRST,),
    "zarr/strict/valid/plate/strict_no_acquisitions.ome.zarr/zarr.json": (ROW_FIRST,),
}

REASONS: Final = {
    "duplicate_axes": "axis-name-duplicate",
    "duplicate_scale": "level-transform-count",
    "empty_transformations": "level-transform-count",
    "invalid_axes_count": "axis-count",
    "invalid_axis_type": "axis-count-space",
    "invalid_channels_color": "channel-color-invalid",
    "invalid_channels_window": "window-end-invalid",
    "invalid_multiscale_transform_input": "level-input-path",
    "invalid_multiscale_transform_input_output": "development-syntax",
    "invalid_multiscale_transform_output": "level-output-name",
    "invalid_multiscales_transformations": "transform-number",
    "invalid_path": "dataset-path-invalid",
    "invalid_transformation_type": "transform-translation-missing",
    "missing_axes_name": "axis-name-missing",
    "missing_coordinate_system_axes": "coordinate-system-axes-missing",
    "missing_coordinate_system_name": "coordinate-system-name-missing",
    "missing_coordinate_systems": "coordinate-systems-missing",
    "missing_datasets": "multiscale-datasets-missing",
    "missing_path": "dataset-path-missing",
    "missing_scale": "level-transform-type",
    "missing_space_axes": "axis-count-space",
    "missing_transformations": "dataset-coordinate-transformations-missing",
    "no_axes": "coordinate-systems-missing",
    "no_datasets": "datasets-empty",
    "no_multiscales": "multiscales-empty",
    "one_space_axes": "axis-count-space",
    "too_many_axes": "axis-count",
    "too_many_space_axes": "axis-count-space",
    "colors_duplicate": "label-colors-duplicate",
    "colors_no_label_value": "label-colors-label-value-missing",
    "colors_rgba_length": "label-rgba-invalid",
    "colors_rgba_type": "label-rgba-invalid",
    "empty_colors": "image-label-colors-empty",
    "empty_properties": "image-label-properties-empty",
    "properties_no_label_value": "label-properties-label-value-missing",
    "acquisition_negative_starttime": "acquisition-starttime-invalid",
    "acquisition_noninteger_endtime": "acquisition-endtime-invalid",
    "acquisition_noninteger_starttime": "acquisition-starttime-invalid",
    "acquisition_zero_maximumfieldcount": "acquisition-maximumfieldcount-invalid",
    "duplicate_columns": "column-name-duplicate",
    "duplicate_rows-2": "well-path-duplicate",
    "duplicate_rows": "row-name-duplicate",
    "empty_columns": "plate-columns-empty",
    "empty_rows": "plate-rows-empty",
    "empty_wells": "plate-wells-invalid",
    "missing_acquisition_id": "acquisition-id-missing",
    "missing_column_name": "column-name-missing",
    "missing_columns": "plate-columns-missing",
    "missing_row_name": "row-name-missing",
    "missing_rows": "plate-rows-missing",
    "missing_well_columnIndex": "well-column-index-missing",
    "missing_well_path": "well-path-missing",
    "missing_well_rowIndex": "well-row-index-missing",
    "missing_wells": "plate-wells-missing",
    "negative_acquisition_id": "acquisition-id-invalid",
    "negative_endtime": "acquisition-endtime-invalid",
    "non_alphanumeric_column": "column-name-unfit",
    "plate/non_integer_acquisition_id": "acquisition-id-invalid",
    "non_integer_acquisition_maximumfieldcount": (
        "acquisition-maximumfieldcount-invalid"
    ),
    "well_1group": "well-path",
    "well_3groups": "well-path",
    "zero_field_count": "plate-field-count-invalid",
    "scene_bijection_forward_missing_params": "transform-scale-missing",
    "scene_bijection_inverse_missing_params": "transform-scale-missing",
    "scene_input_output_not_object": "development-syntax",
    "scene_missing_scene": "no-metadata",
    "scene_missing_transformations": "group-coordinate-transformations-missing",
    "scene_missing_version": "no-metadata",
    "bad_affine_no_affine": "transform-affine-missing",
    "bad_affine_no_input_output": "endpoint-missing",
    "bad_byDimension_no_input_output_axes": "transform-input-axes-missing",
    "bad_byDimension_wrong axes_type": "development-syntax",
    "bad_mapaxis": "transform-length",
    "bad_mapaxis2": "transform-number",
    "bad_mapaxis3": "transform-length",
    "bad_mapaxis4": "transform-indices",
    "bad_mapaxis5": "transform-map-axis-missing",
    "bad_projectAxis_insert_non_unique": "transform-indices",
    "bad_projectAxis_insert_too_high_dim": "transform-indices",
    "bad_projectAxis_insert_too_many": "transform-length",
    "bad_projectAxis_missing_op": "transform-parameters-missing",
    "bad_projectAxis_remove_non_unique": "transform-indices",
    "bad_projectAxis_remove_too_high_dim": "transform-indices",
    "bad_projectAxis_remove_too_many": "transform-indices",
    "bad_rotation": "transform-matrix",
    "bad_rotation2": "transform-rotation-missing",
    "bad_rotation3": "transform-length",
    "bad_scale_path_not_allowed": "transform-path",
    "bad_translate_path_not_allowed": "transform-path",
    "multiscales_transform_forbidden": "level-transform-type",
    "multiscales_transform_forbidden2": "level-transform-type",
    "multiscales_transform_forbidden3": "level-transform-type",
    "multiscales_transform_missing_params": "transform-affine-missing",
    "multiscales_transform_no_input_output": "endpoint-missing",
    "multiscales_transform_no_input_output2": "endpoint-missing",
    "duplicate_images": "well-image-path-duplicate",
    "empty_images": "well-images-empty",
    "forbidden_path_1": "well-image-path-unfit",
    "forbidden_path_2": "well-image-path-unfit",
    "forbidden_path_3": "well-image-path-unfit",
    "forbidden_path_4": "well-image-path-unfit",
    "well/non_integer_acquisition_id": "well-image-acquisition-invalid",
    "no_colors": "image-label-colors-missing",
    "missing_acquisition_maximumfieldcount": "acquisition-maximumfieldcount-missing",
    "missing_acquisition_name": "acquisition-name-missing",
    "missing_name": "plate-name-missing",
}
