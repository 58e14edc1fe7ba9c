"""Orders and disputes: records of shops, marketplaces and payment providers."""
