"""The subject *records*: what each agency holds, what it was made from, who was given it and how far it was seen.

``vocabulary`` (the codes) · ``events`` (what happened, in an agency's register and in a case) · ``material`` (the
state they fold to) · ``persistent`` (the map that it is kept in).
"""
