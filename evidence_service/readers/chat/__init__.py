"""Chats: exports of messengers and help desks, answers of platforms."""
