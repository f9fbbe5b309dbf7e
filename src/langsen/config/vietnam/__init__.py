"""The country's units before and after 1/7/2025, as `langsen orgs load-vietnam` brings them in (docs/adr/0032)."""
