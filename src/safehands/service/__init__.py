"""The one way in: time, ids, permissions, commands, timers, queries."""
