"""Speech: what makes a clip of a line, and how the clip is mastered."""
