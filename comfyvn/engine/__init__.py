"""The build engine: it knows steps, files and digests, and nothing of stories."""
