"""Several bots on one Redis: whatever reaches any of them, and whichever of them dies, everything happens once."""
