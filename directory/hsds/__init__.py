"""Open Referral HSDS 3.0: reading, checking and writing its files.

`schema/hsds.json` states the names and types of HSDS 3.0 (Open Referral, CC BY-SA 4.0) and
the limits of our own columns; the standard's prose is at docs.openreferral.org.
"""
