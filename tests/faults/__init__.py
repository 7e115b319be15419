"""The rows of docs/faults.md, judged by what the simulators were really asked."""
