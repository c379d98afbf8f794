"""Rules between fields of a config, one file each."""
