"""What the pages say of what may be sent."""

import pytest
from factories import make_bundle, make_case

from evidence_service.domain.case import CaseState
from evidence_service.domain.sending import BundleState
from evidence_service.web.views import lacks_bundle_for_people


class TestBundleForPeople:
    @pytest.mark.parametrize(
        "over", [{"delivery": "images"}, {"preview": True}, {"state": BundleState.FAILED}]
    )
    def test_is_offered_until_there_is_one_of_the_approved_revision(self, over):
        case = make_case(CaseState.APPROVED, revision=3, approved_revision=3)
        make_bundle(case, revision=2)
        make_bundle(case, **over)
        assert lacks_bundle_for_people(case)

        make_bundle(case)
        assert not lacks_bundle_for_people(case)

    def test_is_not_offered_before_approval(self):
        assert not lacks_bundle_for_people(make_case(CaseState.IN_REVIEW))
