"""The least that the operator of this tool must be allowed: which permissions (`needs`), on what (`scopes`)."""
