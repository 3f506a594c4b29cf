"""Marked spans to who said what: cues, sources, contents, speech mode, coreference."""
