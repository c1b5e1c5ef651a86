"""From columns to vertex data: what is drawn and where, without a window."""
