"""Proposals of approvals, rejections and bonuses, and applying them."""
