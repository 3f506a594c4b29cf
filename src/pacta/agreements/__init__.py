"""Agreements: the texts of agreements → their provisions, numbered and nested."""

from __future__ import annotations

from pacta.agreements.structure import read_structure
from pacta.agreements.values import AgreementTextValue, Provision

__all__ = ["AgreementTextValue", "Provision", "read_structure"]
