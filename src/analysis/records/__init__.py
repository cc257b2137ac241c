"""Person-level records: from workbooks of providers to validated tables, pseudonymised and encrypted."""
