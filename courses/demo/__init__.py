"""The demo region: real towns, invented houses and people, as sheets for the importer.

Everything follows from a scale, a seed and a week, so the same three give the same
region in every process. `build.demo_tables` puts the parts together.
"""
