"""Simulated participants of several kinds: what a kind does, who is of it, and how it reads, decides and writes."""
