//! Find, load and check jurisdiction libraries; a library as a provider.
