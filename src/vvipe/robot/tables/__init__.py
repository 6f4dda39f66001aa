"""The tables of `vvipe robot eval`: one file a table, each trains what is missing and measures."""
