"""Who wrote a script: Ed25519 keys, signatures of scripts, signed manifests of folders, and whom to trust."""
