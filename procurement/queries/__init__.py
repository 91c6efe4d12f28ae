"""The ledger as frames of a stated grain; the only place that knows how filters become conditions."""
