"""The simulated GitHub: repositories, checks, workflow runs that take their time, and signed webhooks."""
