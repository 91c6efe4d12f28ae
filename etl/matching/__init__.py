"""Rows without a product code → products: what fits exactly is taken, what is near a person decides."""
