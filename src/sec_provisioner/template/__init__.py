"""The CloudFormation template: built, measured, rendered and compared as a value."""
