"""Deep dives into who domestic-abuse safe accommodation does not reach.

A notebook needs the names below and nothing else of this package. They are loaded when first used,
so that the command line can plan without importing pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.evidence import assumptions as assumptions
    from analysis.evidence import audit as audit
    from analysis.evidence import codes as codes
    from analysis.evidence import questions as questions
    from analysis.evidence import reproduced as reproduced
    from analysis.methods import annual_return as annual_return
    from analysis.methods import appraisal as appraisal
    from analysis.methods import bedspaces as bedspaces
    from analysis.methods import capacity as capacity
    from analysis.methods import cascade as cascade
    from analysis.methods import delivery as delivery
    from analysis.methods import demand as demand
    from analysis.methods import estimate as estimate
    from analysis.methods import flows as flows
    from analysis.methods import funnel as funnel
    from analysis.methods import households as households
    from analysis.methods import missing as missing
    from analysis.methods import mixed_places as mixed_places
    from analysis.methods import money as money
    from analysis.methods import overlaps as overlaps
    from analysis.methods import planning as planning
    from analysis.methods import prices as prices
    from analysis.methods import proportions as proportions
    from analysis.methods import rates as rates
    from analysis.methods import ratios as ratios
    from analysis.methods import recording as recording
    from analysis.methods import representation as representation
    from analysis.methods import returns as returns
    from analysis.methods import sharing as sharing
    from analysis.methods import social_return as social_return
    from analysis.methods import survey_estimate as survey_estimate
    from analysis.methods import therapy as therapy
    from analysis.methods import trends as trends
    from analysis.methods import value as value
    from analysis.methods import visibility as visibility
    from analysis.methods import waiting as waiting
    from analysis.present import charts as charts
    from analysis.present import stricter as stricter
    from analysis.present.records import show_records as show_records
    from analysis.present.report import begin as begin

NAMES = {
    "begin": "analysis.present.report",
    "charts": "analysis.present.charts",
    "audit": "analysis.evidence.audit",
    "questions": "analysis.evidence.questions",
    "reproduced": "analysis.evidence.reproduced",
    "estimate": "analysis.methods.estimate",
    "proportions": "analysis.methods.proportions",
    "rates": "analysis.methods.rates",
    "ratios": "analysis.methods.ratios",
    "cascade": "analysis.methods.cascade",
    "missing": "analysis.methods.missing",
    "funnel": "analysis.methods.funnel",
    "trends": "analysis.methods.trends",
    "capacity": "analysis.methods.capacity",
    "value": "analysis.methods.value",
    "overlaps": "analysis.methods.overlaps",
    "recording": "analysis.methods.recording",
    "representation": "analysis.methods.representation",
    "codes": "analysis.evidence.codes",
    "delivery": "analysis.methods.delivery",
    "assumptions": "analysis.evidence.assumptions",
    "money": "analysis.methods.money",
    "prices": "analysis.methods.prices",
    "returns": "analysis.methods.returns",
    "social_return": "analysis.methods.social_return",
    "households": "analysis.methods.households",
    "sharing": "analysis.methods.sharing",
    "therapy": "analysis.methods.therapy",
    "visibility": "analysis.methods.visibility",
    "waiting": "analysis.methods.waiting",
    "stricter": "analysis.present.stricter",
    "appraisal": "analysis.methods.appraisal",
    "demand": "analysis.methods.demand",
    "planning": "analysis.methods.planning",
    "annual_return": "analysis.methods.annual_return",
    "bedspaces": "analysis.methods.bedspaces",
    "flows": "analysis.methods.flows",
    "mixed_places": "analysis.methods.mixed_places",
    "survey_estimate": "analysis.methods.survey_estimate",
    "show_records": "analysis.present.records",
}
"""Where each name a notebook may use comes from; the digest of a run follows it. A name that ends its
module's own path is the module."""

__all__ = [
    "annual_return",
    "appraisal",
    "assumptions",
    "audit",
    "bedspaces",
    "begin",
    "capacity",
    "cascade",
    "charts",
    "codes",
    "delivery",
    "demand",
    "estimate",
    "flows",
    "funnel",
    "households",
    "missing",
    "mixed_places",
    "money",
    "overlaps",
    "planning",
    "prices",
    "proportions",
    "questions",
    "rates",
    "ratios",
    "recording",
    "representation",
    "reproduced",
    "returns",
    "sharing",
    "show_records",
    "social_return",
    "stricter",
    "survey_estimate",
    "therapy",
    "trends",
    "value",
    "visibility",
    "waiting",
]


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    module = import_module(NAMES[name])
    return module if NAMES[name].endswith(f".{name}") else getattr(module, name)
