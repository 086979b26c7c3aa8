"""Every file format, one module each: readers return poses or frames, writers take them."""
