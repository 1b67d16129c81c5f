"""The command line: safehands …"""
