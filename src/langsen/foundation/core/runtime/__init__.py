"""What makes Langsen run: its places on disk, the embedded database, the owner process. Nothing here imports Django models."""
