"""The simulated Slack: the Web API, signed requests, channels, views, and a judge of blocks as strict as Slack's."""
