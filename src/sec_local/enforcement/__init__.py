"""Who may do what: the local AWS's own IAM engine, off unless `Settings.enforce` is on.

Bottom up: `patterns`, `variables`, `operators`, `conditions` and `statements` say what a policy's words mean;
`principals` and `decision` put policies of all kinds together as AWS documents it; nothing of that knows MiniStack.
`caller`, `attached` and `request_context` read who asks, and what of, from MiniStack's stores; `needs` says which
permissions an operation takes, on what. `stage` is the gateway's: it refuses calls. `stacks` refuses what
CloudFormation would do to a resource with the caller's rights. `simulation` answers the same questions without
doing anything, through IAM's own Simulate calls.

Why not MiniStack's own enforcement: it checks a request once, against one resource, and knows neither what of a
CloudFormation operation the caller must be allowed, nor MFA, nor IAM's Simulate calls.
"""
