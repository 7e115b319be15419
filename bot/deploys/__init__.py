"""Ways to deploy. One file each; the first is a dispatched GitHub workflow."""
