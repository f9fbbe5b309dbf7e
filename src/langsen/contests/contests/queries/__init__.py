"""What the pages of contests read."""
