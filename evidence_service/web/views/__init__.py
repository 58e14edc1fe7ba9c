"""What the pages show. Templates and pages call it `views`."""

from evidence_service.web.views.case_view import CaseView
from evidence_service.web.views.clocks import with_silences
from evidence_service.web.views.exhibits import Remarked
from evidence_service.web.views.lists import (
    row_attention,
    row_due,
    row_handover,
    row_money,
    row_reason,
    row_step,
)
from evidence_service.web.views.options import (
    MAX_FILE_BYTES,
    detail_options,
    kind_options,
    outcome_reasons,
    people,
    reason_options,
    source_name,
)
from evidence_service.web.views.reading import (
    ABOUT_READING,
    Chosen,
    date_orders,
    text_languages,
    zones,
)
from evidence_service.web.views.records import Record, records
from evidence_service.web.views.sending import lacks_bundle_for_people, meters, omission, sendable
from evidence_service.web.views.trouble import Trouble

__all__ = [
    "ABOUT_READING",
    "MAX_FILE_BYTES",
    "CaseView",
    "Chosen",
    "Record",
    "Remarked",
    "Trouble",
    "date_orders",
    "detail_options",
    "kind_options",
    "lacks_bundle_for_people",
    "meters",
    "omission",
    "outcome_reasons",
    "people",
    "reason_options",
    "records",
    "row_attention",
    "row_due",
    "row_handover",
    "row_money",
    "row_reason",
    "row_step",
    "sendable",
    "source_name",
    "text_languages",
    "with_silences",
    "zones",
]
