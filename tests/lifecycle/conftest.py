from support.local_aws import local_aws, loopback_only

__all__ = ["local_aws", "loopback_only"]
