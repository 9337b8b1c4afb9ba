"""Open Referral: services as HSDS 3.0 and its UK profile (ORUK 3.0) write them, read from elsewhere and given to others.

Our services stay one document each (`bot.knowledge.seed.Service`). Here stand the standard's tables, the mapping in both
directions, and the import with its plan. What the mapping is: docs/open-referral.md.
"""
