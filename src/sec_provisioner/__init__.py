"""SEC Provisioner: the IAM of one tenant in one AWS account, from one YAML file."""

__version__ = "1.0.0"
