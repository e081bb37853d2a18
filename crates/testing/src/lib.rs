//! Helpers for the project's own tests: Markdown cases, generators, snapshot settings.
