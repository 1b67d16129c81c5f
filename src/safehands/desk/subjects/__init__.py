"""What can be done in a case, a module a subject: the form that asks, and the command that it becomes, side by side."""
