"""Mails: single ones and mailboxes, by the standard library's parser."""
