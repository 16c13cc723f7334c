"""Every path through a Program."""
