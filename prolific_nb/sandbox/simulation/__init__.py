"""Simulated participants: who arrives, when, and what they answer."""
