"""Cutting figures out of plain grounds, and giving those of one set one crop and one baseline.

Statistics and flooding, without a model: it asks for a ground that is even, or shades evenly,
which is what the prompts of sprites and props ask for. A workflow that removes the ground itself
gives a picture with transparency, and that is taken as it is.
"""
