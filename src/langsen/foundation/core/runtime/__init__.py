"""What makes Langsen run: its places on disk, the embedded database, the owner process. No models here."""
