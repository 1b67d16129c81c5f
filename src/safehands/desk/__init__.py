"""What people see. Each view parses a form, builds a command, sends it through ``service.handle`` and redirects.

``pages`` holds one module a page; ``seats`` who sits where, ``guards`` who may open what, ``acting`` the way of a
form to
the kernel, ``reading`` what pages show, ``forms`` the fields of the design system. Templates hold no rules.
"""
