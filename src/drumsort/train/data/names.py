"""Labels from names, as the lab takes them; the rules are those of ``drumsort.names``."""

from drumsort.names import FAMILY, HATS, IN_PART, TIERS, NameRules, Verdict

__all__ = ["FAMILY", "HATS", "IN_PART", "TIERS", "NameRules", "Verdict"]
