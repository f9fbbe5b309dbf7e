"""Somebody at work while a backup is made: records meetings with photos, takes photos off again. Run as a program.

python -m tests.runtime.recorder UNIT   until it is ended; prints a line for each meeting
"""

import sys

import django

if __name__ == "__main__":
    django.setup()

    from langsen.foundation.access.enums import Permission
    from langsen.foundation.accounts.services import system_user
    from langsen.foundation.core.periods import today
    from langsen.foundation.evidence.services import detach_file, remove_unneeded
    from langsen.foundation.orgs.queries import unit_by_code
    from langsen.registers.study.models import SessionEvidence
    from tests.factories import attach_photo, make_session

    by, unit = system_user(), unit_by_code(sys.argv[1])
    before = None
    while True:
        session = make_session(unit, today())
        row = attach_photo(SessionEvidence, session, by)
        if before is not None:
            detach_file(before, reason="thử", permission=Permission.STUDY_RECORD, by=by)
            remove_unneeded(before.file)
        before = row
        print(session.pk, flush=True)
