"""The simulated PagerDuty: events, incidents, on-call, and signed webhooks."""
