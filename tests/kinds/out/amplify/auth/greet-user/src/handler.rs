//! Greets a user, loud.
