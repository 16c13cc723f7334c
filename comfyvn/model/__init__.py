"""One strict pydantic type for each kind of YAML source."""
