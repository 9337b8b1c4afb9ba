"""The public, read-only API below /api: the paths and parameters of Open Referral UK 3.0, on HSDS 3.0."""
