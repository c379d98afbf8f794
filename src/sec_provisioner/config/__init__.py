"""From the text of a config file to a Config, with the place of everything that is in it."""
