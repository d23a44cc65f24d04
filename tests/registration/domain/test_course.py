"""What the answers of a course decide."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.course import CourseType, LegalBasis, Placing, age_on, local_reason, standing_of


def stand(*, is_seen=True, is_included=True, basis=LegalBasis.RESERVATION, has_consented=None):
    return standing_of(is_seen=is_seen, is_included=is_included, basis=basis, has_consented=has_consented)


@pytest.mark.req("REG-06")
@pytest.mark.parametrize(
    ("is_seen", "is_included", "expected"),
    [
        (False, None, CourseType.NOT_SEEN),
        (False, True, CourseType.NOT_SEEN),
        (True, False, CourseType.SEEN),
        (True, None, CourseType.SEEN),
        (None, None, CourseType.SEEN),
        (True, True, CourseType.INCLUDED),
    ],
)
def test_the_course_type_follows_from_being_seen_and_included(is_seen, is_included, expected):
    assert stand(is_seen=is_seen, is_included=is_included).course_type is expected


@pytest.mark.req("REG-10", "GEN-02")
@pytest.mark.parametrize(
    ("basis", "has_consented", "is_included", "expected"),
    [
        (LegalBasis.RESERVATION, None, True, Placing.NATIONAL),
        (LegalBasis.RESERVATION, None, False, Placing.LOCAL),
        (LegalBasis.CONSENT, True, True, Placing.NATIONAL),
        (LegalBasis.CONSENT, False, True, Placing.LOCAL),
        (LegalBasis.CONSENT, None, True, Placing.LOCAL),
        (LegalBasis.CONSENT, True, None, Placing.LOCAL),
    ],
)
def test_a_course_is_national_when_included_and_allowed(basis, has_consented, is_included, expected):
    assert stand(basis=basis, has_consented=has_consented, is_included=is_included).placing is expected


def test_a_course_that_was_not_seen_is_never_included():
    assert stand(is_seen=False, is_included=True).is_included is False


@pytest.mark.req("REG-07")
@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2008, 11, 21), date(2026, 11, 20), 17),
        (date(2008, 11, 21), date(2026, 11, 21), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_is_reckoned_to_the_day(born_on, day, age):
    assert age_on(born_on, day) == age


@pytest.mark.req("REG-10")
@pytest.mark.parametrize("basis", list(LegalBasis))
@pytest.mark.parametrize("is_seen", [None, True, False])
@pytest.mark.parametrize("is_included", [None, True, False])
@pytest.mark.parametrize("has_consented", [None, True, False])
def test_a_reason_is_given_for_exactly_what_counts_locally(basis, is_seen, is_included, has_consented):
    standing = standing_of(is_seen=is_seen, is_included=is_included, basis=basis, has_consented=has_consented)
    reason = local_reason(
        course_type=standing.course_type,
        is_included=standing.is_included,
        basis=basis,
        has_consented=has_consented,
        is_withdrawn=False,
    )
    assert (reason is None) == (standing.placing is Placing.NATIONAL)
