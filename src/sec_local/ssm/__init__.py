"""Parameter Store: what may be put, how many versions are kept, what labels and tags may be."""
