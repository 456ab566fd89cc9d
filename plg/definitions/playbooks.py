"""playbooks.csv: which way each kind of customer takes, and how many should get how far."""

from __future__ import annotations

from pydantic import BaseModel

from plg.definitions.cells import Key, Positive, Text, Timeframe, number, one_of, or_blank
from plg.definitions.definition import Definition


class PlaybookKpi(BaseModel):
    playbook_id: Key
    kpi_id: Key
    playbook_name: str
    persona: str
    segment_type: Text
    segment_value: Text
    owner: str
    kpi_name: str
    kpi_order: Positive
    kpi_type: one_of("milestone", "retention", "conversion")
    triggered_by_event: Text
    min_count: or_blank(Positive, 1)
    timeframe: or_blank(Timeframe, None)
    retention_period: Text
    target_rate: or_blank(number(9), None)


DEFINITIONS = (Definition("playbooks", PlaybookKpi, keys=(("playbook_id", "kpi_id"),)),)
