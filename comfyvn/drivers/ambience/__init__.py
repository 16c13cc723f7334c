"""The embedded ambiences: loops without a seam, made of nothing but numbers."""
