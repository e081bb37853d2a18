//! The European Union as a library that a host loads. A program may link several jurisdictions in, but
//! hold the symbol of a library only once; so the symbol has a crate of its own.

exeat_plugin_sdk::export_jurisdiction!(exeat_jurisdiction_eu::jurisdiction);
