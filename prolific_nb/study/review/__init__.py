"""Proposals of approvals, rejections and bonuses, and carrying them out."""
