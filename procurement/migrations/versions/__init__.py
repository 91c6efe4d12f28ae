"""One step per released version that changed the tables; the first is where every ledger begins."""
