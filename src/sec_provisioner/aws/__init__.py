"""The only package that talks to AWS: fetches into live's nouns and writes from them."""
