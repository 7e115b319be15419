"""What operators see of the bot: metrics, readiness, logs."""
