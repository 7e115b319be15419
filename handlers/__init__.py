"""What comes in from Slack, GitHub and PagerDuty: parse, identify, hand to the door, put the answer into words."""
