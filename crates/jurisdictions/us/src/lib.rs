//! The United States: Export Administration Regulations vocabulary, lists, groups and catalogue.
