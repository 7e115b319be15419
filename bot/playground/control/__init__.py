"""The control API of the playground: what the page, the tour and the tests press, type and bend."""
