"""What can be wrong with a policy document: one check in each file, all of them listed in `table`."""
