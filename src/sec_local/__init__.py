"""A local AWS: MiniStack and what it lacks, for trying things out and for tests. It knows nothing of sec_provisioner."""
