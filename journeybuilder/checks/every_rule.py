"""Every rule that a finding can come from."""

from collections.abc import Mapping

from journeybuilder.checks import RULES
from journeybuilder.document import rules as form_rules
from journeybuilder.document.findings import Rule
from journeybuilder.document.servers import RULES as SERVER_RULES

ALL_RULES: Mapping[str, Rule] = {
    rule.code: rule for rule in (*form_rules.RULES, *SERVER_RULES, *RULES.values())
}
