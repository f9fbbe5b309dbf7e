"""Question files of other programs: read into `Item`s and written. Pure text in, questions or reasons out."""
