"""What pipelines do with rows: a class for each operation, by topic."""
