"""S3, as far as templates need it: ownership of buckets and the names of operations."""
