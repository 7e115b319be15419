"""What strangers, insiders, texts, addresses and files may try: docs/attacks.md."""
