"""Texts for translators outside, as PO or XLIFF 1.2, and back: `po` and `xliff` know the formats, `importing` what may be taken over."""
