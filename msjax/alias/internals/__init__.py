"""Names of MindSpore's inside that programs reach for, by topic; docs/internals.md says what each means here."""
