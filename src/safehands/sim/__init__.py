"""Replays of real exports, and later: arrivals, agencies, policies. Everything goes through ``service``; nothing here
decides."""
