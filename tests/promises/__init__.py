"""The ten promises of design.md section 7, held by the whole bot while everything around it goes wrong."""
