"""CloudFormation as AWS documents it, on top of MiniStack's.

`resources` is how a resource type is written (one module each: `group`, `role`, `managed_policy`); the other
modules each mend one part of the service: change sets, events, drift, templates behind URLs.
"""
