"""What Django needs: settings from a typed configuration, a schema of its own in the same database, urls, and a server.

``configuration`` (what may be set) · ``settings`` (Django's words for it) · ``database`` (schema and role ``desk``) ·
``installation`` (a home opened with kernel and desk) · ``serving`` (the web server and the timers beside it).
"""
