"""Results as text and JSON, and the only writer into the folders."""
