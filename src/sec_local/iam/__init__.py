"""IAM as AWS documents it: what MiniStack's IAM accepts too readily is refused, what it lacks is added.

`checks` holds what is asked of a call before MiniStack sees it, one module per concern; `install` puts it in place.
"""
