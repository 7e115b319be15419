"""What a checkup says of one thing, and its fix. Plain words: they are read on a terminal as well as in Slack."""
