"""What deploy, test-deploy, show-changes and delete-stack share."""
