"""Makes the peer's database with a survey of 30 questions; prints the survey's and its questions' ids."""

import datetime
import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from survey.models import Category, Question, Survey  # noqa: E402

call_command("migrate", verbosity=0)
today = datetime.date(2020, 1, 1)
survey = Survey.objects.create(
    name="Store visit",
    description="",
    is_published=True,
    need_logged_user=False,
    editable_answers=True,
    display_method=Survey.ALL_IN_ONE_PAGE,
    publish_date=today,
    expire_date=datetime.date(2099, 1, 1),
)
category = Category.objects.create(name="Visit", survey=survey, order=1, description="")
kinds = (
    [("radio", "yes,no,na")] * 20
    + [("integer", None)] * 3
    + [("radio", "1,2,3,4,5")] * 4
    + [("text", None)] * 3
)
questions = [
    Question.objects.create(
        text=f"Question {number}?",
        order=number,
        required=True,
        category=category,
        survey=survey,
        type=kind,
        choices=choices,
    )
    for number, (kind, choices) in enumerate(kinds)
]
print(
    json.dumps(
        {
            "survey": survey.id,
            "questions": [[question.id, question.type, question.choices] for question in questions],
        }
    )
)
