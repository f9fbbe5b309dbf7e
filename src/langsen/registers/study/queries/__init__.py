"""Reading the study register: every list scoped to what the reader may see, and in an order without ties."""
