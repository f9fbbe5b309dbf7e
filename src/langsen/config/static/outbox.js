/* The outbox: see the record forms. */
