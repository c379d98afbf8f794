"""IAM's own language as a pure library: ARNs, patterns, documents, sizes, reference data, checks."""
