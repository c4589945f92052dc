//! Greets a user, quiet.
