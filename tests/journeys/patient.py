"""What a patient does with a form on a telephone, whatever the form asks."""

from __future__ import annotations

import re

from shared.testing.browser import check_fits


def answer(phone, walker, link, number, picture, *, name):
    """Log in by the link of a message, answer every question and submit; returns how many questions there were."""
    phone.goto(link)
    phone.click("button[value=idporten]")
    walker.log_in_as_citizen(phone, number)
    phone.wait_for_selector("main a.ds-button")
    phone.click("main a.ds-button")
    phone.wait_for_url(re.compile("/question/"))
    picture(phone, f"{name}-question")
    asked = 0
    while "/question/" in phone.url:
        asked += 1
        answer_one(phone)
    picture(phone, f"{name}-summary")
    check_fits(phone)
    phone.click(".patient-bar button")
    phone.wait_for_url(re.compile("/thanks$"))
    return asked


def answer_one(phone):
    """The second of several choices, or a number; and on."""
    check_fits(phone)
    choices = phone.locator("main input[type=radio], main input[type=checkbox]")
    if choices.count() > 1:  # a number may have one box beside it, for who does not know
        choices.nth(1).press("Space")
    else:
        phone.locator("main input[inputmode]").first.fill("4")
    before = phone.url
    phone.click("button[value=next]")
    phone.wait_for_function("before => location.href !== before && document.readyState === 'complete'", arg=before)
