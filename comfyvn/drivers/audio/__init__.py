"""Sound: reading any common format, measuring, levelling, and writing Opus, AAC and FLAC."""
