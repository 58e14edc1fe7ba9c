"""What the service is about, in plain Python. One noun per thing, here and everywhere.

Store        a seller's account on one platform; the wall nobody sees across
Person       who acts: agent, reviewer, auditor or admin, within their stores
Case         one dispute and the work on it, from opening to archive
Evidence     one original file in a case, never altered, with what a reader understood of it
Transcript   a chat in its normal form: who said what, when
Tracking     a parcel's history in its normal form
Requirement  one thing a platform wants for a reason, with its source
Checklist    the requirements of a case's reason, judged: one Finding each
Waiver       an agent's stated reason why a requirement cannot or need not be met
Review       a second person's decision on one revision of a case
Bundle       one PDF of an approved revision, for people
Submission   the record that a bundle went to the platform
Outcome      how the dispute ended
Event        something that happened, chained to the one before
Package      the archived case as files that can be verified offline
"""
