"""The store on PostgreSQL.

===========  ==================================================================================
store        ``PostgresStore``: the port, put together from the parts below
unit         what one command reads and writes
batch        appends as the parameters of one function call
streamkeys   the key of each stream: remembered, fetched or new
entries      entries and pictures read back
log          head, sealing, nodes, checking the whole tree
erasing      erasing content, shredding slots, changing the master key
connections  pools by role
faults       from the database's errors to ours
===========  ==================================================================================
"""
